import duckdb from '@duckdb/node-bindings';
import { readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { BATCH_ROWS, BLOCK_ROWS } from '../../workers/columns.js';
import type { Logical } from '../../workers/storage.js';
import type { ColumnInfo } from '../../protocol/column.js';
import type { Finding } from '../../protocol/dataset.js';
import { HalftoneError } from '../errors.js';
import type { ManifestColumn, ManifestSegment } from '../snapshots/manifest.js';
import type { Database } from './database.js';
import type { ColumnSummary } from './encode/encoded.js';
import { Encoder } from './encode/encoder.js';
import { LANE_BYTES, loadedType, type LoadedType } from './types.js';

/** A column of the result: its name in the snapshot and its declared type, in DuckDB's words. */
export interface PullColumn {
  name: string;
  type: string;
  /** How it is loaded; absent, the table of types says. */
  load?: LoadedType;
}

export interface PullOptions {
  database: Database;
  /** One SELECT. */
  sql: string;
  /** One a column of `sql`, by position. */
  columns: readonly PullColumn[];
  /** A folder without segments. After a failure it has none again. */
  dir: string;
  /** Rows that the result must have, counted in another way; asked for after the last row. */
  expectedRows: () => Promise<number>;
  /** Called about once for each 2,048 rows with the rows so far. */
  onRows?: (rows: number) => void;
  signal?: AbortSignal;
}

export interface PullResult {
  rows: number;
  columns: ManifestColumn[];
  segments: ManifestSegment[];
  /** Infinite dates and times, which became null. */
  nulled: number;
  /** One for each column that held such values. */
  warnings: Finding[];
}

/** A string is guessed to take so many bytes. */
const GUESSED_TEXT_BYTES = 24;
const MIB = 2 ** 20;

/**
 * Pulls every row of a query through DuckDB's streaming interface into segments. May be called several times.
 *
 * A stream that fails in the middle looks like one that is complete: the next chunk is simply absent. So the pull runs
 * in a transaction; after the last chunk another statement must succeed in it, and the rows must be as many as
 * `expectedRows` counts. Otherwise the query is run again for its error alone, and that error is thrown.
 */
export async function pullQuery(options: PullOptions): Promise<PullResult> {
  const { database, sql, columns, dir, expectedRows, signal } = options;
  const loads = columns.map(({ type, load }) => load ?? loadedType(type));
  const encoder = new Encoder({
    dir,
    columns: columns.map(({ name, type }, i) => {
      const { logical, lane } = loads[i]!;
      return { name, type, logical, lane };
    }),
    ...bounds(loads, database.memoryBytes),
  });
  const statement = castStatement(sql, loads);
  const stop = (): void => database.interrupt();
  signal?.addEventListener('abort', stop);
  try {
    signal?.throwIfAborted();
    const rows = await stream(statement, encoder, options);
    const expected = await expectedRows();
    if (rows !== expected) {
      await findReason(database, statement, loads.length);
      throw incomplete(rows, expected);
    }
    const { segments, summaries } = await encoder.finish();
    return {
      rows,
      segments,
      columns: columns.map(({ name, type }, i) => ({
        info: columnInfo(name, type, loads[i]!.logical, summaries[i]!),
        logical: loads[i]!.logical,
      })),
      nulled: summaries.reduce((sum, { nulled }) => sum + nulled, 0),
      warnings: summaries.flatMap(({ nulled }, i) => infiniteValues(columns[i]!.name, nulled)),
    };
  } catch (error) {
    await encoder.close();
    await removeSegments(dir);
    if (signal?.aborted === true) {
      throw new HalftoneError('LOAD_CANCELLED', 'The load was cancelled.', { cause: error });
    }
    throw error;
  } finally {
    signal?.removeEventListener('abort', stop);
    await encoder.close();
  }
}

async function stream(
  statement: string,
  encoder: Encoder,
  { database, columns, onRows, signal }: PullOptions,
): Promise<number> {
  const { raw, sql } = database;
  let rows = 0;
  await sql.run('BEGIN');
  try {
    const { extracted_statements: extracted } = await duckdb.extract_statements(raw, statement);
    const prepared = await duckdb.prepare_extracted_statement(raw, extracted, 0);
    const result = await duckdb.execute_prepared_streaming(prepared);
    let staging = await encoder.take();
    for (;;) {
      signal?.throwIfAborted();
      const chunk = await duckdb.fetch_chunk(result);
      const size = chunk === null ? 0 : duckdb.data_chunk_get_size(chunk);
      if (chunk === null || size === 0) break;
      for (let from = 0; from < size;) {
        from += staging.append(chunk, from, size);
        if (from < size || staging.rows === staging.capacity) {
          encoder.send(staging);
          staging = await encoder.take();
        }
      }
      rows += size;
      onRows?.(rows);
    }
    signal?.throwIfAborted();
    if (staging.rows > 0) encoder.send(staging);
  } catch (error) {
    await sql.run('ROLLBACK').catch(() => undefined);
    throw error;
  }
  // A transaction whose stream has failed refuses this.
  const refused = await sql.run('SELECT 1').then(
    () => undefined,
    (error: unknown) => error,
  );
  await sql.run('ROLLBACK').catch(() => undefined);
  if (refused !== undefined) {
    await findReason(database, statement, columns.length);
    throw incomplete(rows, undefined, refused);
  }
  return rows;
}

/** Reads every value of the result once more without keeping any, and throws what went wrong. */
async function findReason({ sql }: Database, statement: string, width: number): Promise<void> {
  const names = Array.from({ length: width }, (_, i) => `c${i}`).join(', ');
  await sql.run(`SELECT bit_xor(hash(${names})) FROM (${statement}) AS pulled(${names})`);
}

function incomplete(rows: number, expected: number | undefined, cause?: unknown): HalftoneError {
  const of = expected === undefined ? '' : ` of ${expected}`;
  return new HalftoneError('LOAD_INCOMPLETE', `The load ended after ${rows}${of} rows.`, {
    hint: 'Nothing was published. Try again with more memory (--memory-limit), or check the file.',
    cause,
  });
}

/** Selects every column by position, as equal names may stand in `sql`; some are cast to readable text. */
function castStatement(sql: string, loads: readonly LoadedType[]): string {
  const names = loads.map((_, i) => `c${i}`);
  const selected = loads.map(({ cast }, i) =>
    cast === undefined ? names[i] : `CAST(${names[i]} AS ${cast})`,
  );
  // The line break ends a comment at the end of `sql`.
  return `SELECT ${selected.join(', ')} FROM (${sql}\n) AS source(${names.join(', ')})`;
}

/**
 * What the encoder may take beside DuckDB: two staged batches, the dictionaries, and what growing costs. Very wide tables and
 * very long texts get shorter batches.
 */
function bounds(loads: readonly LoadedType[], memoryBytes: number) {
  const share = Math.max(16 * MIB, Math.min(256 * MIB, memoryBytes / 8));
  let bytes = 1;
  for (const { lane } of loads) {
    bytes += 1 + LANE_BYTES[lane] + (lane === 'string' ? 8 + GUESSED_TEXT_BYTES : 0);
  }
  const fitting = 2 ** Math.floor(Math.log2(share / bytes));
  return {
    batchRows: Math.min(BATCH_ROWS, Math.max(BLOCK_ROWS, fitting)),
    maxTextBytes: share / 2,
    maxDictionaryBytes: share,
  };
}

function columnInfo(
  name: string,
  type: string,
  logical: Logical,
  { nulled: _nulled, ...summary }: ColumnSummary,
): ColumnInfo {
  const kind =
    logical.kind === 'integer' || logical.kind === 'float' || logical.kind === 'decimal'
      ? 'number'
      : logical.kind;
  const isWhole = logical.kind === 'integer' || (logical.kind === 'decimal' && logical.scale === 0);
  return {
    name,
    type,
    kind,
    ...(isWhole ? { integer: true } : {}),
    ...(logical.kind === 'time' ? { unit: logical.unit, zoned: logical.zoned } : {}),
    ...(logical.kind === 'clock' ? { unit: logical.unit } : {}),
    ...summary,
  };
}

function infiniteValues(column: string, count: number): Finding[] {
  if (count === 0) return [];
  const what = count === 1 ? 'One infinite time' : `${count} infinite times`;
  return [{ code: 'INFINITE_TIME', message: `${what} in column "${column}" became null.`, column }];
}

async function removeSegments(dir: string): Promise<void> {
  for (const file of await readdir(dir)) if (file.endsWith('.arrow')) await rm(join(dir, file));
}
