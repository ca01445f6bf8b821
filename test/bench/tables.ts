import { existsSync, mkdirSync, renameSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { withDuckDb } from './duckdb.js';

/** Where benches keep the files that they make; they are made once. */
export const BENCH_FOLDER = join(tmpdir(), 'halftone-bench');

/** Seven columns; `label` has 20 to 40 bytes and a million distinct values. */
const wideTable = (
  rows: number,
): string => `SELECT i AS id, TIMESTAMP '2020-01-01' + to_seconds(i * 3 + (hash(i) % 3)::BIGINT) AS at,
  (hash(i + 1) % 1000)::SMALLINT AS delay, round((hash(i + 2) % 10000000) / 100.0, 2) AS amount,
  (hash(i + 3) % 1000000) / 7.0 AS ratio, chr(65 + (hash(i + 4) % 26)::INT) || chr(65 + (hash(i + 5) % 10)::INT) AS origin,
  lpad(to_hex(k * 2654435761 % 4294967296), 8, '0') || '-' || repeat(chr(97 + (k % 26)::INT), 11 + (k % 21)::INT) AS label
  FROM (SELECT i, (hash(i + 6) % 1000000)::BIGINT AS k FROM range(${rows}) t(i))`;

/** The same table of seven columns as Parquet and as CSV. */
export async function wideFiles(rows: number): Promise<{ parquet: string; csv: string }> {
  const parquet = join(BENCH_FOLDER, `load-${rows}.parquet`);
  const csv = join(BENCH_FOLDER, `load-${rows}.csv`);
  await generate(parquet, wideTable(rows));
  await generate(csv, `FROM '${parquet}'`);
  return { parquet, csv };
}

/** Six columns of 31 bytes a row together, as they are kept: a time that ascends, numbers that do not, a text of forty. */
export async function tallFile(rows: number): Promise<string> {
  const file = join(BENCH_FOLDER, `tall-${rows}.parquet`);
  await generate(
    file,
    `SELECT i * 3 + (hash(i) % 1000) / 1001.0 AS t,
      (hash(i + 1) % 1000000007) / 7.0 AS a, sqrt(-2 * ln((1 + hash(i + 2) % 1000000007) / 1000000008.0)) * cos((hash(i + 3) % 1000000007) / 159154944.0) AS b,
      (sin(i / 40000.0) * 50 + (hash(i + 4) % 1000) / 100.0)::FLOAT AS y,
      (hash(i + 5) % 2000)::SMALLINT AS n, 'word ' || (hash(i + 6) % 40) AS word FROM range(${rows}) r(i)`,
  );
  return file;
}

/** The first rows of the three million flights of the npm package `vega-datasets`. */
export async function flightsFile(rows: number): Promise<string> {
  const all = join(process.cwd(), 'node_modules', 'vega-datasets', 'data', 'flights-3m.parquet');
  const file = join(BENCH_FOLDER, `flights-${rows}.parquet`);
  await generate(file, `FROM '${all}' LIMIT ${rows}`);
  return file;
}

/** A Parquet file of this name with the rows of a query, in their order. */
export async function generatedFile(name: string, query: string): Promise<string> {
  const file = join(BENCH_FOLDER, name);
  await generate(file, query);
  return file;
}

async function generate(path: string, query: string): Promise<void> {
  if (existsSync(path)) return;
  mkdirSync(BENCH_FOLDER, { recursive: true });
  const format = path.endsWith('csv') ? 'csv' : 'parquet';
  await withDuckDb(':memory:', (sql) =>
    sql(`COPY (${query}) TO '${path}.part' (FORMAT ${format})`),
  );
  renameSync(`${path}.part`, path);
}
