import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Query } from '../../../../protocol/query.js';
import type { DatasetSource } from '../../../../server/loader/source.js';
import { duckdb } from '../load-file.js';
import { QUERIES, startAppends, type Appends } from './appends.js';

let appends: Appends;
beforeAll(async () => {
  appends = await startAppends();
});
afterAll(() => appends.close());

const DENSITY: Query = { dataset: 'a', mark: 'scatter', method: 'density', x: 'n', y: 'y' };
const ALL_QUERIES = [...QUERIES, DENSITY];

/** Rows with nulls, NaN, the infinities, times, and numbers and words that grow with `from`. */
const selectOf = (from: number, rows: number): string => `SELECT i * ${from + 1} AS n,
  CASE i % 7 WHEN 0 THEN NULL WHEN 1 THEN 'NaN'::DOUBLE WHEN 2 THEN '-Infinity'::DOUBLE ELSE sin(i) * (${from} + 0.1) END AS y,
  TIMESTAMP '2026-01-01' + to_minutes(i) AS at, CASE WHEN i % 5 > 0 THEN 'word ' || (i % (10 + ${from})) END AS word,
  i * 0.25::DECIMAL(18, 2) AS price FROM range(${from}, ${from + rows}) r(i)`;

async function folderOf(name: string, selects: string[]): Promise<DatasetSource> {
  const root = join(appends.dir, name);
  mkdirSync(root, { recursive: true });
  const files = selects.map((_, i) => join(root, `${i}.parquet`));
  for (const [i, select] of selects.entries())
    await duckdb(`COPY (${select}) TO '${files[i]}' (FORMAT parquet)`);
  return { name, kind: 'parquet', files, root, united: true, csv: {}, strict: false };
}

test('Parquet files that come last into a folder are all that is read of it', async () => {
  const source = await folderOf('some', [selectOf(0, 900), selectOf(900, 70), selectOf(970, 3000)]);
  const first = (count: number) => ({ ...source, files: source.files.slice(0, count) });
  const one = await appends.load(first(1));
  const two = await appends.load(first(2), one.snapshot);
  const three = await appends.load(source, two.snapshot);
  expect([...two.log, ...three.log]).toEqual([]);
  expect(three.snapshot.manifest.appendedTo).toEqual({ id: two.snapshot.manifest.id, rows: 970 });
  expect(await appends.differences(source, three.snapshot, ALL_QUERIES)).toEqual([]);
});

test('what is in memory of a snapshot serves the one that was appended to it', async () => {
  const found = await folderOf('kept', [selectOf(0, 900), selectOf(900, 70), selectOf(970, 80)]);
  const source = { ...found, patterns: [found.root!] };
  const first = (count: number) => ({ ...source, files: source.files.slice(0, count) });
  const sum: Query = { dataset: 'a', mark: 'value', aggregate: { op: 'sum', column: 'y' } };
  const one = await appends.load(first(1));
  await appends.frame(one.snapshot, sum);
  const two = await appends.load(first(2), one.snapshot);
  const before = appends.unitsRead();
  await appends.frame(two.snapshot, sum);
  expect(appends.unitsRead() - before).toBe(1);
  const three = await appends.load(source, two.snapshot);
  await appends.frame(three.snapshot, sum);
  expect(appends.unitsRead() - before).toBe(2);
});

test('a Parquet file with other columns makes the folder be read whole, and the run says why', async () => {
  const cases: [string, RegExp][] = [
    [`SELECT *, 1 AS more FROM (${selectOf(900, 50)})`, /"more" is new/],
    [`SELECT * REPLACE (n + 0.5 AS n) FROM (${selectOf(900, 50)})`, /"n" is .* now, and was BIGINT/],
  ]; // prettier-ignore
  for (const [i, [select, reason]] of cases.entries()) {
    const source = await folderOf(`other-${i}`, [selectOf(0, 900), select]);
    const { snapshot } = await appends.load({ ...source, files: source.files.slice(0, 1) });
    const { snapshot: whole, log } = await appends.load(source, snapshot);
    expect(log.join()).toMatch(reason);
    expect(whole.manifest).toMatchObject({ rows: 950 });
    expect(whole.manifest.appendedTo).toBeUndefined();
  }
});

test('a column that the new file lacks is null in its rows', async () => {
  const source = await folderOf('lacking', [
    selectOf(0, 300),
    `SELECT * EXCLUDE word FROM (${selectOf(300, 50)})`,
  ]);
  const { snapshot } = await appends.load({ ...source, files: source.files.slice(0, 1) });
  const { snapshot: longer, log } = await appends.load(source, snapshot);
  expect(log).toEqual([]);
  expect(longer.manifest.appendedTo?.rows).toBe(300);
  expect(await appends.differences(source, longer, ALL_QUERIES)).toEqual([]);
});

test('a Parquet file that has changed is read whole', async () => {
  const source = await folderOf('changed', [selectOf(0, 300)]);
  const { snapshot } = await appends.load(source);
  await folderOf('changed', [selectOf(0, 310)]);
  const { snapshot: whole, log } = await appends.load(source, snapshot);
  expect(log.join()).toMatch(/may be another one all over/);
  expect(whole.manifest).toMatchObject({ rows: 310 });
});
