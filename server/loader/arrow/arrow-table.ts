import duckdb from '@duckdb/node-bindings';
import type { Finding } from '../../../protocol/dataset.js';
import { quoteName, type Database } from '../database.js';
import type { DatasetSource } from '../source.js';
import type { LaneRows } from '../staging.js';
import { LANE_BYTES, type Lane, type LoadedType } from '../types.js';
import { incomplete } from '../write-segments.js';
import { withArrowTables, type OpenTables } from './open-tables.js';
import { readBatches } from './read-batches.js';
import { readSlice, sliceReaders } from './read-slice.js';
import type { UnitedArrowColumn } from './unite-arrow.js';

/** Rows that DuckDB takes at a time. */
const CHUNK_ROWS = duckdb.vector_size();

/** An Arrow dataset as a table: columns `c0`, `c1`, … in the order of `columns`. */
export interface ArrowTable {
  columns: readonly UnitedArrowColumn[];
  warnings: Finding[];
}

/**
 * Makes an Arrow dataset a table of the database that SQL is run in, in the order of its rows: DuckDB itself reads no Arrow here.
 * Lanes are laid out as its vectors are, so that values are copied as they stand. Instants become times without a zone, of UTC and in
 * their own unit, because DuckDB's type with a zone has microseconds only.
 */
export async function createArrowTable(
  { sql, raw }: Pick<Database, 'sql' | 'raw'>,
  name: string,
  source: DatasetSource,
  signal: AbortSignal,
): Promise<ArrowTable> {
  return withArrowTables(source, async (tables) => {
    const { columns, rowsTotal, warnings } = tables;
    const list = columns.map(({ load }, i) => `c${i} ${sqlType(load)}`).join(', ');
    await sql.run(`CREATE OR REPLACE TEMP TABLE ${quoteName(name)} (${list})`);
    const appender = duckdb.appender_create(raw, null, name);
    const rows = appendRows(appender, tables, signal);
    duckdb.appender_close_sync(appender);
    if (rows !== rowsTotal) throw incomplete(rows, rowsTotal);
    return { columns, warnings };
  });
}

function appendRows(
  appender: duckdb.Appender,
  { files, columns }: OpenTables,
  signal: AbortSignal,
): number {
  const types = columns.map((_, i) => duckdb.appender_column_type(appender, i));
  const chunk = duckdb.create_data_chunk(types);
  let done = 0;
  for (const [i, file] of files.entries()) {
    const readers = sliceReaders(columns, i);
    for (const batch of readBatches(file)) {
      for (let from = 0; from < batch.rows; from += CHUNK_ROWS) {
        signal.throwIfAborted();
        const rows = Math.min(CHUNK_ROWS, batch.rows - from);
        const slice = readSlice(file, batch, readers, from, from + rows);
        for (const [k, { load }] of columns.entries()) {
          fillVector(duckdb.data_chunk_get_vector(chunk, k), load.lane, slice[k]!, rows);
        }
        duckdb.data_chunk_set_size(chunk, rows);
        duckdb.append_data_chunk(appender, chunk);
        duckdb.data_chunk_reset(chunk);
        done += rows;
      }
    }
  }
  return done;
}

function fillVector(vector: duckdb.Vector, lane: Lane, from: LaneRows, rows: number): void {
  const { valid } = from;
  if ('data' in from) copyValues(vector, from.data.subarray(0, rows * LANE_BYTES[lane]));
  else {
    const { starts, lengths, bytes } = from;
    for (let i = 0; i < rows; i++) {
      if (valid !== undefined && valid[i] === 0) continue;
      const text = bytes.subarray(starts[i]!, starts[i]! + lengths[i]!);
      duckdb.vector_assign_string_element_len(vector, i, text);
    }
  }
  if (valid === undefined) return;
  // DuckDB reads its masks by words of 64 bits.
  const mask = new Uint8Array(Math.ceil(rows / 64) * 8);
  for (let i = 0; i < rows; i++) if (valid[i] === 1) mask[i >>> 3]! |= 1 << (i & 7);
  duckdb.vector_ensure_validity_writable(vector);
  duckdb.copy_data_to_vector_validity(vector, 0, mask.buffer, 0, mask.byteLength);
}

function copyValues(vector: duckdb.Vector, values: Uint8Array): void {
  const { buffer, byteOffset, byteLength } = values;
  duckdb.copy_data_to_vector(vector, 0, buffer as ArrayBuffer, byteOffset, byteLength);
}

/** DuckDB's type for the layout of a lane. */
function sqlType({ logical, lane }: LoadedType): string {
  switch (logical.kind) {
    case 'boolean':
      return 'BOOLEAN';
    case 'integer':
    case 'float':
      return NUMBERS[lane as keyof typeof NUMBERS];
    case 'decimal':
      return `DECIMAL(${logical.precision}, ${logical.scale})`;
    case 'time':
      return TIMES[logical.unit];
    case 'clock':
      return logical.unit === 'ns' ? 'TIME_NS' : 'TIME';
    case 'binary':
      return 'BLOB';
    case 'text':
      return 'VARCHAR';
  }
}

const NUMBERS = {
  int8: 'TINYINT',
  int16: 'SMALLINT',
  int32: 'INTEGER',
  int64: 'BIGINT',
  int128: 'HUGEINT',
  uint8: 'UTINYINT',
  uint16: 'USMALLINT',
  uint32: 'UINTEGER',
  uint64: 'UBIGINT',
  float32: 'FLOAT',
  float64: 'DOUBLE',
} as const;
const TIMES = {
  day: 'DATE',
  s: 'TIMESTAMP_S',
  ms: 'TIMESTAMP_MS',
  us: 'TIMESTAMP',
  ns: 'TIMESTAMP_NS',
} as const;
