import type { RowGroup, SchemaElement } from 'hyparquet';
import { ByteWriter, ParquetWriter } from 'hyparquet-writer';

/** Asks for the end of a Parquet file. */
export interface FooterTask {
  schema: SchemaElement[];
  /** All row groups of the file, in order. */
  groups: RowGroup[];
}

/** Writes what stands behind the last row group: the schema, where everything lies, and the magic. */
export function writeFooter({ schema, groups }: FooterTask): Uint8Array<ArrayBuffer> {
  const writer = new ByteWriter();
  const parquet = new ParquetWriter({ writer, schema, createdBy: 'halftone' });
  const begin = writer.offset;
  parquet.row_groups = groups;
  parquet.num_rows = groups.reduce((rows, group) => rows + group.num_rows, 0n);
  void parquet.finish();
  return writer.getBytes().slice(begin);
}
