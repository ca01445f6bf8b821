import { tableFromIPC } from 'apache-arrow';
import type { RowGroup, SchemaElement } from 'hyparquet';
import { ByteWriter, ParquetWriter } from 'hyparquet-writer';
import { parquetColumn } from './parquet-column.js';

/** Asks for the rows of an Arrow IPC stream of one batch as row groups of a Parquet file. */
export interface RowGroupsTask {
  bytes: Uint8Array;
  /** Where in the file the row groups will stand. */
  offset: number;
}

export interface WrittenRowGroups {
  bytes: Uint8Array<ArrayBuffer>;
  /** What the footer has to say of them. */
  groups: RowGroup[];
  schema: SchemaElement[];
}

/** As many rows as DuckDB puts into a row group: readers share the work by them. */
const GROUP_ROWS = 122_880;

/** Writes row groups, Snappy-packed, with statistics. They belong at `offset` of the file and nowhere else. */
export function writeRowGroups({ bytes, offset }: RowGroupsTask): WrittenRowGroups {
  // Text cannot be decoded out of shared memory; slice() makes a copy that is not shared.
  const table = tableFromIPC(bytes.buffer instanceof SharedArrayBuffer ? bytes.slice() : bytes);
  const columns = table.schema.fields.map((field, i) => parquetColumn(field, table.getChildAt(i)!));
  const schema: SchemaElement[] = [
    { name: 'schema', num_children: columns.length },
    ...columns.map(({ element }) => element),
  ];
  const writer = new ByteWriter();
  // The writer begins a file; what it begins with is taken off again.
  const parquet = new ParquetWriter({ writer, schema, createdBy: 'halftone' });
  const begin = writer.offset;
  writer.offset = offset;
  for (let from = 0; from < table.numRows; from += GROUP_ROWS) {
    const rows = Math.min(GROUP_ROWS, table.numRows - from);
    const columnData = columns.map(({ element, read }) => ({
      name: element.name,
      data: Array.from({ length: rows }, (_, i) => read(from + i)),
      offsetIndex: false,
    }));
    void parquet.write({ columnData, rowGroupSize: rows });
  }
  return { bytes: writer.getBytes().slice(begin), groups: parquet.row_groups, schema };
}
