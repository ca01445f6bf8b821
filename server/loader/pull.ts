import duckdb from '@duckdb/node-bindings';
import type { Database } from './database.js';
import type { Encoder } from './encode/encoder.js';
import type { ResumedEncoding } from './encode/messages.js';
import { loadedType, type LoadedType } from './types.js';
import { incomplete, writeSegments, type WrittenSegments } from './write-segments.js';

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
  /** The rows that these come behind. */
  resumed?: ResumedEncoding | undefined;
  /** Called about once for each 2,048 rows with the rows so far. */
  onRows?: (rows: number) => void;
  signal?: AbortSignal;
}

/**
 * Pulls every row of a query through DuckDB's streaming interface into segments. May be called several times.
 *
 * A stream that fails in the middle looks like one that is complete: the next chunk is simply absent. So the pull runs
 * in a transaction; after the last chunk another statement must succeed in it, and the rows must be as many as
 * `expectedRows` counts. Otherwise the query is run again for its error alone, and that error is thrown.
 */
export async function pullQuery(options: PullOptions): Promise<WrittenSegments> {
  const { database, sql, columns, dir, expectedRows, resumed, signal } = options;
  const loads = columns.map(({ type, load }) => load ?? loadedType(type));
  const statement = castStatement(sql, loads);
  const stop = (): void => database.interrupt();
  signal?.addEventListener('abort', stop);
  try {
    return await writeSegments({
      dir,
      columns: columns.map(({ name, type }, i) => ({ name, type, load: loads[i]! })),
      memoryBytes: database.memoryBytes,
      signal,
      resumed,
      async fill(encoder) {
        const rows = await stream(statement, encoder, options);
        const expected = await expectedRows();
        if (rows === expected) return rows;
        await findReason(database, statement, loads.length);
        throw incomplete(rows, expected);
      },
    });
  } finally {
    signal?.removeEventListener('abort', stop);
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
    await rollBack(sql);
    throw error;
  }
  // A transaction whose stream has failed refuses this.
  const refused = await sql.run('SELECT 1').then(
    () => undefined,
    (error: unknown) => error,
  );
  await rollBack(sql);
  if (refused !== undefined) {
    await findReason(database, statement, columns.length);
    throw incomplete(rows, undefined, refused);
  }
  return rows;
}

/** A statement that is interrupted has done nothing; more interrupts than this nobody sends. */
const MOST_ROLLBACKS = 8;

/** Ends a transaction. An interrupt that comes late stops this very statement, and would leave it open to whoever comes next. */
async function rollBack(sql: Database['sql']): Promise<void> {
  for (let i = 0; i < MOST_ROLLBACKS; i++) {
    const refused = await sql.run('ROLLBACK').then(
      () => undefined,
      (error: unknown) => String(error),
    );
    if (refused === undefined || refused.includes('no transaction is active')) return;
  }
}

/** Reads every value of the result once more without keeping any, and throws what went wrong. */
async function findReason({ sql }: Database, statement: string, width: number): Promise<void> {
  const names = Array.from({ length: width }, (_, i) => `c${i}`).join(', ');
  await sql.run(`SELECT bit_xor(hash(${names})) FROM (${statement}) AS pulled(${names})`);
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
