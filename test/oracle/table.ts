import { DuckDBInstance, type DuckDBConnection, type DuckDBDecimalValue } from '@duckdb/node-api';
import { eachValue } from './each-value.js';
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

/** The different values of a column in their own order, as text, and the code of each row: -1 is null. */
export interface Categories {
  labels: string[];
  codes: Int32Array;
}

/** What the oracle knows of one column without asking Halftone. */
export interface OracleColumn extends ZooColumn {
  /** Doubles of a number column, NaN for null; empty for others. */
  doubles: Float64Array;
  /** Integers of a time column in its unit; `valid` tells which count. */
  ticks: BigInt64Array;
  valid: Uint8Array;
  /** The sum of its finite absolute values: what the rounding of a sum is measured against. */
  magnitude: number;
  /** The values as categories; read when first asked for. */
  categories(): Promise<Categories>;
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
  /** The rows that pass a predicate, ascending. */
  matching(where: string): Promise<Int32Array>;
  close(): Promise<void>;
}

const TICKS: Readonly<Record<string, (name: string) => string>> = {
  DATE: (name) => `(${name} - DATE '1970-01-01')`,
  // Parquet has no seconds, and DuckDB reads its milliseconds as microseconds.
  TIMESTAMP_S: (name) => `epoch_us(${name})`,
  TIMESTAMP_MS: (name) => `epoch_us(${name})`,
  TIMESTAMP: (name) => `epoch_us(${name})`,
  TIMESTAMPTZ: (name) => `epoch_us(${name})`,
  TIMESTAMP_NS: (name) => `epoch_ns(${name})`,
};

/** Makes the table of a seed: the same rows on every machine. DuckDB reads it in the order of `i`, as it was made. */
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
    `CREATE TABLE t AS SELECT i::INTEGER AS i, ${list.join(', ')} FROM range(${rows}) r(i) ORDER BY i`,
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
    async matching(where) {
      const found = new Int32Array(rows);
      let count = 0;
      const add = (row: unknown): void => void (found[count++] = row as number);
      await eachValue(connection, `SELECT i FROM t WHERE ${where}`, add);
      return found.subarray(0, count);
    },
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
  const { kind, type } = column;
  const doubles = new Float64Array(kind === 'number' ? rows : 0);
  const ticks = new BigInt64Array(kind === 'time' ? rows : 0);
  const valid = new Uint8Array(rows);
  const name = `"${column.name}"`;
  const sql =
    kind === 'number'
      ? type.startsWith('DECIMAL')
        ? name
        : `${name}::DOUBLE`
      : kind === 'time'
        ? `(${TICKS[type]!(name)})::BIGINT`
        : `CASE WHEN ${name} IS NOT NULL THEN true END`;
  await eachValue(connection, `SELECT ${sql} FROM t`, (value, row) => {
    valid[row] = value === null ? 0 : 1;
    if (kind === 'number') doubles[row] = toDouble(value);
    else if (kind === 'time' && value !== null) ticks[row] = value as bigint;
  });
  let magnitude = 1;
  for (const value of doubles) if (Number.isFinite(value)) magnitude += Math.abs(value);
  let known: Promise<Categories> | undefined;
  const categories = (): Promise<Categories> =>
    (known ??= readCategories(connection, column, rows));
  const samples = await readSamples(connection, column, rows);
  return { ...column, doubles, ticks, valid, magnitude, categories, samples };
}

// The nearest double: DuckDB itself rounds decimals of 38 digits more than once.
function toDouble(value: unknown): number {
  if (value === null) return NaN;
  if (typeof value === 'number') return value;
  const { value: digits, scale } = value as DuckDBDecimalValue;
  return Number(`${digits}e-${scale}`);
}

async function readCategories(
  connection: DuckDBConnection,
  { name, type }: ZooColumn,
  rows: number,
): Promise<Categories> {
  // Texts are in the order of their bytes, also those of an ENUM.
  const order = type.startsWith('ENUM') || type === 'UUID' ? `"${name}"::VARCHAR` : `"${name}"`;
  const labels: string[] = [];
  const sql = `SELECT "${name}"::VARCHAR FROM t WHERE "${name}" IS NOT NULL GROUP BY "${name}" ORDER BY ${order}`;
  await eachValue(connection, sql, (value) => void labels.push(value as string));
  const codeOf = new Map(labels.map((label, code) => [label, code]));
  const codes = new Int32Array(rows).fill(-1);
  await eachValue(connection, `SELECT "${name}"::VARCHAR FROM t`, (value, row) => {
    if (value !== null) codes[row] = codeOf.get(value as string)!;
  });
  return { labels, codes };
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
