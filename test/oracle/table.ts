import { DuckDBInstance, type DuckDBConnection } from '@duckdb/node-api';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { JsonValue } from '../../protocol/column.js';
import { ZOO, type ZooColumn } from './zoo.js';

/** A value as it is asked for: in JSON, and as SQL text of its type. */
export interface Sample {
  json: JsonValue;
  sql: string;
}

/** What the oracle knows of one column without asking Halftone. */
export interface OracleColumn extends ZooColumn {
  /** Doubles of a number column, NaN for null; empty for others. */
  doubles: Float64Array;
  /** Integers of a time column in its unit; `valid` tells which count. */
  ticks: BigInt64Array;
  valid: Uint8Array;
  /** A few of its values that are not null, spread over the rows, ascending, NaN last; empty where there is none. */
  samples: Sample[];
}

/** A random table in DuckDB with a copy as a Parquet file. Row numbers are the column `i`, which the file lacks. */
export interface OracleTable {
  rows: number;
  seed: number;
  path: string;
  connection: DuckDBConnection;
  columns: ReadonlyMap<string, OracleColumn>;
  /** Runs a statement over the table `t` and gives its rows as plain values. */
  all(sql: string): Promise<Record<string, unknown>[]>;
  close(): Promise<void>;
}

const TICKS: Readonly<Record<string, (name: string) => string>> = {
  DATE: (name) => `(${name} - DATE '1970-01-01')`,
  TIMESTAMP_S: (name) => `epoch(${name})`,
  TIMESTAMP_MS: (name) => `epoch_ms(${name})`,
  TIMESTAMP: (name) => `epoch_us(${name})`,
  TIMESTAMPTZ: (name) => `epoch_us(${name})`,
  TIMESTAMP_NS: (name) => `epoch_ns(${name})`,
};

/** Makes the table of a seed: the same rows on every machine. */
export async function createOracleTable(rows: number, seed: number): Promise<OracleTable> {
  const folder = await mkdtemp(join(tmpdir(), 'halftone-oracle-'));
  const path = join(folder, `zoo-${rows}-${seed}.parquet`);
  const instance = await DuckDBInstance.create(':memory:', { threads: '2' });
  const connection = await instance.connect();
  const all = async (sql: string): Promise<Record<string, unknown>[]> =>
    (await connection.runAndReadAll(sql)).getRowObjects();
  await connection.run(`SET TimeZone = 'UTC'`);
  const list = ZOO.map(({ name, sql }) => `${sql.replaceAll('$seed', String(seed))} AS "${name}"`);
  await connection.run(
    `CREATE TABLE t AS SELECT i, ${list.join(', ')} FROM range(${rows}) r(i) ORDER BY i`,
  );
  await connection.run(
    `COPY (SELECT * EXCLUDE (i) FROM t ORDER BY i) TO '${path}' (FORMAT parquet, ROW_GROUP_SIZE 20480)`,
  );
  const columns = new Map<string, OracleColumn>();
  for (const column of ZOO) columns.set(column.name, await readColumn(connection, column, rows));
  return {
    rows,
    seed,
    path,
    connection,
    columns,
    all,
    async close() {
      connection.closeSync();
      instance.closeSync();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

async function readColumn(
  connection: DuckDBConnection,
  column: ZooColumn,
  rows: number,
): Promise<OracleColumn> {
  const doubles = new Float64Array(column.kind === 'number' ? rows : 0);
  const ticks = new BigInt64Array(column.kind === 'time' ? rows : 0);
  const valid = new Uint8Array(rows);
  const name = `"${column.name}"`;
  const sql =
    column.kind === 'number'
      ? `${name}::DOUBLE`
      : column.kind === 'time'
        ? `(${TICKS[column.type]!(name)})::BIGINT`
        : `${name} IS NOT NULL`;
  const result = await connection.stream(`SELECT ${sql} AS v FROM t ORDER BY i`);
  let at = 0;
  for (
    let chunk = await result.fetchChunk();
    chunk && chunk.rowCount > 0;
    chunk = await result.fetchChunk()
  ) {
    for (const value of chunk.getColumnValues(0)) {
      if (column.kind === 'number') doubles[at] = value === null ? NaN : (value as number);
      else if (column.kind === 'time' && value !== null) ticks[at] = value as bigint;
      valid[at++] = value === null || value === false ? 0 : 1;
    }
  }
  return { ...column, doubles, ticks, valid, samples: await readSamples(connection, column, rows) };
}

async function readSamples(
  connection: DuckDBConnection,
  column: ZooColumn,
  rows: number,
): Promise<Sample[]> {
  if (column.kind === 'binary') return [];
  const name = `"${column.name}"`;
  const shown = column.type === 'FLOAT' ? `${name}::DOUBLE` : name;
  const reader = await connection.runAndReadAll(
    `SELECT ${shown}::VARCHAR AS v FROM t WHERE ${name} IS NOT NULL AND i % ${Math.max(1, rows >> 6)} = 0
     GROUP BY ${name} ORDER BY ${name} LIMIT 64`,
  );
  return reader.getColumns()[0]?.map((value) => sample(column, value as string)) ?? [];
}

function sample(column: ZooColumn, text: string): Sample {
  const quoted = `'${text.replaceAll("'", "''")}'`;
  const sql = `${quoted}::${column.type === 'FLOAT' ? 'DOUBLE' : column.kind === 'text' ? textType(column) : column.type}`;
  if (column.kind === 'boolean') return { json: text === 'true', sql };
  if (column.kind === 'time') {
    const zoned = column.type === 'TIMESTAMPTZ';
    const iso = text.replace(' ', 'T').replace(/\+00$/, '');
    return { json: zoned ? `${iso}Z` : iso, sql };
  }
  if (column.kind !== 'number') return { json: text, sql };
  const asNumber = Number(text);
  if (column.type === 'DOUBLE' || column.type === 'FLOAT') {
    return { json: Number.isFinite(asNumber) ? asNumber : infinityName(text), sql };
  }
  return { json: Number.isSafeInteger(asNumber) ? asNumber : text, sql };
}

// Text types are compared as they are shown, but UUID literals need their type.
function textType({ type }: ZooColumn): string {
  return type === 'UUID' ? 'UUID' : 'VARCHAR';
}

function infinityName(text: string): string {
  if (text === 'nan') return 'NaN';
  return text.startsWith('-') ? '-Infinity' : 'Infinity';
}
