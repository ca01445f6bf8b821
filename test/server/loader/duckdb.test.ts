import { spawn } from 'node:child_process';
import { mkdtempSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DuckDBInstance } from '@duckdb/node-api';
import { afterAll, afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { DuckdbSource } from '../../../server/loader/source.js';
import { createTestLoader, loadInto, sourceOf, temporaryFolder } from './load-file.js';
import { readSnapshot } from './read-snapshot.js';

vi.setConfig({ testTimeout: 60_000 });
const loader = createTestLoader();
let folder: ReturnType<typeof temporaryFolder>;
let file: string;
let out: string;
beforeEach(async () => {
  folder = temporaryFolder();
  file = join(folder.dir, 'shop.duckdb');
  const instance = await DuckDBInstance.create(file);
  const connection = await instance.connect();
  await connection.run(`CREATE TABLE trips AS SELECT i, i % 3 AS k, 'text ' || i AS t FROM range(5000) r(i);
    CREATE SCHEMA old; CREATE TABLE old."odd name" AS SELECT 7 AS x; CREATE VIEW few AS SELECT * FROM trips LIMIT 2`);
  connection.closeSync();
  instance.closeSync();
});
afterEach(() => folder.remove());
afterAll(() => loader.close());

function load(duckdb: DuckdbSource) {
  out = mkdtempSync(join(folder.dir, 'out-'));
  return loadInto(loader, out, sourceOf('duckdb', [file], { duckdb }));
}

const rowsOf = async (duckdb: DuckdbSource) => {
  const manifest = await load(duckdb);
  return readSnapshot(out, manifest);
};

test('loads a table, a view, a table of another schema, and what a query gives', async () => {
  expect((await load({ table: 'trips' })).rows).toBe(5000);
  expect(await rowsOf({ table: 'few' })).toEqual({
    i: ['0', '1'].map(Number),
    k: [0, 1],
    t: ['text 0', 'text 1'],
  });
  expect(await rowsOf({ table: 'old.odd name' })).toEqual({ x: [7] });
  const query = 'SELECT k, count(*) AS n FROM shop.main.trips GROUP BY k ORDER BY k';
  expect(await rowsOf({ query })).toEqual({ k: [0, 1, 2], n: [1667, 1667, 1666] });
});

test('reads nothing else, writes nothing, and says what is wrong', async () => {
  writeFileSync(join(folder.dir, 'other.csv'), 'a\n1\n');
  await expect(
    load({ query: `SELECT * FROM '${join(folder.dir, 'other.csv')}'` }),
  ).rejects.toMatchObject({ code: 'SQL_INVALID' });
  await expect(load({ query: 'DROP TABLE trips' })).rejects.toMatchObject({ code: 'SQL_INVALID' });
  await expect(load({ table: 'nowhere' })).rejects.toThrow(/nowhere/u);
  expect((await load({ table: 'trips' })).rows).toBe(5000);
});

test('says that the file is missing, damaged, no database, or open for writing elsewhere', async () => {
  const writer = spawn(process.execPath, [
    '-e',
    `require('@duckdb/node-api').DuckDBInstance.create(${JSON.stringify(file)}).then(() => { console.log('open'); setInterval(() => {}, 1000); })`,
  ]);
  await new Promise((resolve) => writer.stdout.once('data', resolve));
  await expect(load({ table: 'trips' })).rejects.toMatchObject({
    code: 'SOURCE_UNREADABLE',
    message: 'shop.duckdb is open for writing in another program.',
  });
  const ended = new Promise((resolve) => writer.once('exit', resolve));
  writer.kill('SIGKILL');
  await ended;
  expect((await load({ table: 'trips' })).rows).toBe(5000);
  truncateSync(file, 5000);
  await expect(load({ table: 'trips' })).rejects.toThrow(/^shop\.duckdb /u);
  writeFileSync(file, 'a,b\n1,2\n');
  await expect(load({ table: 'trips' })).rejects.toMatchObject({
    code: 'SOURCE_CORRUPT',
    message: 'shop.duckdb is no DuckDB database, or damaged.',
  });
  folder.remove();
  file = join(folder.dir, 'gone.duckdb');
  folder = temporaryFolder();
  await expect(load({ table: 'trips' })).rejects.toMatchObject({ code: 'SOURCE_MISSING' });
});
