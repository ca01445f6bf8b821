import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { crc32 } from 'node:zlib';
import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import type { Query } from '../../../../protocol/query.js';
import type { DatasetSource, PostgresSource } from '../../../../server/loader/source.js';
import { startPostgres } from '../../../helpers/postgres.js';
import { duckdb } from '../load-file.js';
import { startAppends, type Appends } from './appends.js';

vi.setConfig({ testTimeout: 180_000, hookTimeout: 60_000 });
const found = await startPostgres();

let appends: Appends;
beforeAll(async () => {
  appends = await startAppends();
});
afterAll(async () => {
  await appends.close();
  await found?.stop();
});

const QUERIES: Query[] = [
  { dataset: 'trips', mark: 'rows', limit: 100_000 },
  { dataset: 'trips', mark: 'scatter', method: 'density', x: 'id', y: 'y' },
  { dataset: 'trips', mark: 'bar', x: 'word' },
  { dataset: 'trips', mark: 'value', aggregate: { op: 'sum', column: 'price' } },
];

const run = (sql: string): Promise<unknown> => found!.run(sql);
/** Rows with nulls, NaN, numbers of unknown scale, and words that grow with `from`. */
const add = (from: number, to: number): Promise<unknown> =>
  run(`INSERT INTO trips SELECT i, CASE WHEN i % 7 > 0 THEN sin(i) * ${from} END, now(), 'word ' || i % (10 + ${from}),
    i / 4.0, CASE WHEN i % 50 = 0 THEN 'NaN'::numeric ELSE i END FROM generate_series(${from}, ${to}) i`);

const sourceOf = (
  more: Partial<PostgresSource> = {},
  shape: Partial<DatasetSource> = {},
): DatasetSource => ({
  name: 'trips',
  kind: 'postgres',
  files: [],
  united: false,
  csv: {},
  strict: false,
  postgres: {
    url: found!.url,
    query: 'SELECT * FROM trips ORDER BY id;',
    appendBy: 'id',
    ...more,
  },
  ...shape,
});

describe.skipIf(found === undefined)('a query to PostgreSQL with a key that only rises', () => {
  beforeEach(async () => {
    await run(`DROP TABLE IF EXISTS trips; CREATE TABLE trips
      (id bigint, y float8, at timestamptz, word text, price numeric, odd numeric(12,2))`);
    await add(1, 900);
  });

  test('is read behind the last key alone, and gives what a load of everything gives', async () => {
    const source = sourceOf();
    const one = await appends.load(source);
    await add(901, 950);
    const two = await appends.load(source, one.snapshot);
    await add(951, 4000);
    const three = await appends.load(source, two.snapshot);
    expect([...one.log, ...two.log, ...three.log]).toEqual([]);
    expect(two.snapshot.manifest.appendedTo).toEqual({ id: one.snapshot.manifest.id, rows: 900 });
    expect(three.snapshot.manifest).toMatchObject({
      rows: 4000,
      appendedTo: { id: two.snapshot.manifest.id, rows: 950 },
    });
    expect(await appends.differences(source, three.snapshot, QUERIES)).toEqual([]);
  });

  test('stays the snapshot it was where nothing came', async () => {
    const { snapshot } = await appends.load(sourceOf());
    const { snapshot: same, log } = await appends.load(sourceOf(), snapshot);
    expect(same).toBe(snapshot);
    expect(log).toEqual([]);
  });

  test('may append by a time, in other columns and without those that are hidden', async () => {
    const source = sourceOf(
      { query: `SELECT id, '2026-01-01'::timestamp + id * '1 s'::interval AS "at ""x""", word, y FROM trips ORDER BY id`, appendBy: 'at "x"' },
      { hide: ['word'], timeZone: 'Europe/Berlin' },
    ); // prettier-ignore
    const { snapshot } = await appends.load(source);
    await add(901, 1000);
    const { snapshot: longer, log } = await appends.load(source, snapshot);
    expect(log).toEqual([]);
    expect(longer.manifest).toMatchObject({ rows: 1000, appendedTo: { rows: 900 } });
    expect(longer.manifest.columns.map(({ info }) => info.name)).toEqual(['id', 'at "x"', 'y']);
    expect(await appends.differences(source, longer, QUERIES.slice(0, 1))).toEqual([]);
  });

  test.each([
    [
      'a row is gone',
      'DELETE FROM trips WHERE id = 5',
      /there are 899 rows up to the last "id" that was read, 900, and there were 900/u,
    ],
    [
      'a row came late',
      'INSERT INTO trips (id) VALUES (17)',
      /there are 901 rows up to the last "id"/u,
    ],
    ['a row has no key', 'INSERT INTO trips (y) VALUES (1)', /there are 901 rows up to the last/u],
    [
      'a column is of another type',
      'ALTER TABLE trips ALTER y TYPE real; INSERT INTO trips (id) VALUES (901)',
      /its columns are others: y FLOAT/u,
    ],
    [
      'a column is new',
      'ALTER TABLE trips ADD more int; INSERT INTO trips (id) VALUES (901)',
      /its columns are others: more INTEGER/u,
    ],
    [
      'a number needs more digits',
      'INSERT INTO trips (id, price) VALUES (901, 0.000001)',
      /a number needs more digits/u,
    ],
  ])('is read whole where %s, and the run says why', async (_, change, reason) => {
    const { snapshot } = await appends.load(sourceOf());
    await run(change);
    const { snapshot: whole, log } = await appends.load(sourceOf(), snapshot);
    expect(log.join()).toMatch(reason);
    expect(whole.manifest.appendedTo).toBeUndefined();
    expect(await appends.differences(sourceOf(), whole, QUERIES)).toEqual([]);
  });

  test('names the key that it does not have', async () => {
    await expect(appends.load(sourceOf({ appendBy: 'ids' }))).rejects.toMatchObject({
      code: 'SOURCE_INVALID',
      message: '"trips" has no column "ids" to append by.',
      details: { hint: 'Did you mean "id"?' },
    });
  });

  test('is read whole behind rows that came from their copy: that leaves no key', async () => {
    const path = join(appends.dir, 'data.parquet');
    await duckdb(
      `COPY (SELECT range::BIGINT AS id, range / 2 AS y FROM range(5)) TO '${path}' (FORMAT parquet)`,
    );
    const pulledAt = '2026-01-01T00:00:00.000Z';
    const copy = { path, crc32: crc32(readFileSync(path)), pulledAt };
    const { snapshot, log } = await appends.load(sourceOf(), undefined, copy);
    expect(log.join()).toContain('from the copy');
    expect(snapshot.manifest.rows).toBe(5);
    const { snapshot: whole } = await appends.load(sourceOf(), snapshot);
    expect(whole.manifest.rows).toBe(900);
    expect(whole.manifest.appendedTo).toBeUndefined();
  });

  test('is appended to once it has rows, where it began with none', async () => {
    await run('DELETE FROM trips');
    const empty = await appends.load(sourceOf());
    expect(empty.snapshot.manifest.rows).toBe(0);
    await add(1, 10);
    const some = await appends.load(sourceOf(), empty.snapshot);
    await add(11, 30);
    const more = await appends.load(sourceOf(), some.snapshot);
    expect(more.snapshot.manifest).toMatchObject({ rows: 30, appendedTo: { rows: 10 } });
  });
});
