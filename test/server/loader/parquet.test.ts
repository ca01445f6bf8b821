import { mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeEach, afterEach, expect, test, vi } from 'vitest';
import { createTestLoader, duckdb, loadInto, sourceOf, temporaryFolder } from './load-file.js';
import { readSnapshot } from './read-snapshot.js';

// Every load starts a process: on a busy machine that takes its time.
vi.setConfig({ testTimeout: 120_000 });
const loader = createTestLoader();
let folder: ReturnType<typeof temporaryFolder>;
let out: string;
beforeEach(() => {
  folder = temporaryFolder();
  out = join(folder.dir, 'out');
  mkdirSync(out);
});
afterEach(() => folder.remove());
afterAll(() => loader.close());

async function writeParquet(name: string, query: string, options = ''): Promise<string> {
  const path = join(folder.dir, name);
  mkdirSync(join(path, '..'), { recursive: true });
  await duckdb(`COPY (${query}) TO '${path}' (FORMAT parquet ${options})`);
  return path;
}

const load = (files: string[], more = {}) =>
  loadInto(loader, out, sourceOf('parquet', files, more));

test('keeps every value of every type through a load', async () => {
  const query = `SELECT
    i % 2 = 0 AS flag, (i % 256 - 128)::TINYINT AS tiny, (i * 6)::SMALLINT AS small, i * 1000 - 5 AS plain,
    i::BIGINT * 1844674407370955 AS big, (i % 256)::UTINYINT AS utiny, (i * 13)::USMALLINT AS usmall,
    (4294967295 - i)::UINTEGER AS uint, (18446744073709551615 - i)::UBIGINT AS ubig,
    (i / 8)::FLOAT AS single, i / 4.0 AS fits, i / 7.0 AS double, (i % 500 / 3)::DECIMAL(4,1) AS d4,
    (i / 3)::DECIMAL(9,2) AS d9, (i * 1.5)::DECIMAL(18,3) AS d18, (i::DECIMAL(38,0) * 100000000000000000000)::DECIMAL(38,4) AS d38,
    DATE '1969-12-01' + i::INT AS day, TIMESTAMP '2020-01-01' + to_microseconds(i * 1000001) AS us,
    (TIMESTAMP '2020-01-01' + to_seconds(i))::TIMESTAMP_S AS s, (TIMESTAMP '2020-01-01' + to_milliseconds(i))::TIMESTAMP_MS AS ms,
    make_timestamp_ns(1700000000000000001 + i) AS ns, TIMESTAMPTZ '1969-12-31 23:00:00+00' + to_minutes(i) AS zoned,
    TIME '00:00:00' + to_milliseconds(i) AS clock, 'text ' || (i % 10) AS label, repeat('ä', i::INT % 40) AS grown,
    encode('bytes' || i) AS bytes, uuid, [i, NULL] AS list, {'a': i, 'b': 'x'} AS struct, MAP {'k': i} AS map,
    NULL::INTEGER AS none, CASE WHEN i % 3 = 0 THEN NULL ELSE i END AS some
    FROM (SELECT i, ('00000000-0000-0000-0000-' || lpad(i::VARCHAR, 12, '0'))::UUID AS uuid FROM range(5000) t(i))`;
  const path = await writeParquet('types.parquet', query);
  const manifest = await load([path]);
  const texts = ['uuid', 'list', 'struct', 'map'].map((name) => `${name}::VARCHAR AS ${name}`);
  const rows = await duckdb(`SELECT * REPLACE (${texts.join(', ')},
    strftime(day, '%Y-%m-%d') AS day, strftime(us, '%Y-%m-%dT%H:%M:%S.%f') AS us,
    strftime(s::TIMESTAMP, '%Y-%m-%dT%H:%M:%S.%f') AS s, strftime(ms::TIMESTAMP, '%Y-%m-%dT%H:%M:%S.%f') AS ms,
    strftime(ns, '%Y-%m-%dT%H:%M:%S.%n') AS ns, strftime(zoned, '%Y-%m-%dT%H:%M:%S.%fZ') AS zoned,
    strftime(DATE '2000-01-01' + clock, '%H:%M:%S.%f') AS clock, base64(bytes) AS bytes) FROM '${path}'`);
  const columns = readSnapshot(out, manifest);
  expect(manifest.rows).toBe(5000);
  for (const { info, logical } of manifest.columns) {
    const expected = rows.map((row) => {
      const value = row[info.name];
      // DuckDB gives 64-bit integers as strings.
      const isWide = logical.kind === 'integer' && typeof value === 'string';
      return isWide && Number.isSafeInteger(Number(value)) ? Number(value) : value;
    });
    expect(columns[info.name], info.name).toEqual(expected);
  }
});

test('chooses the narrowest storage that is exact', async () => {
  const path = await writeParquet(
    'narrow.parquet',
    `SELECT i::BIGINT AS a, -i::BIGINT AS b, i * 300 AS c, i / 2.0 AS exact, i / 10.0 AS inexact,
     NULL::BIGINT AS none, 'x' || i % 3 AS few FROM range(200) t(i)`,
  );
  const { segments } = await load([path]);
  expect(segments[0]!.columns.map(({ storage }) => storage)).toEqual([
    'uint8',
    'int16',
    'uint16',
    'float32',
    'float64',
    'null',
    'dict8',
  ]);
});

test('tells nulls, extremes, distinct values and order of each column', async () => {
  const path = await writeParquet(
    'stats.parquet',
    `SELECT i AS up, i % 5 AS few, CASE WHEN i % 4 = 0 THEN NULL ELSE i / 3.0 END AS holes,
     CASE i WHEN 7 THEN 'NaN'::DOUBLE WHEN 8 THEN 'Infinity'::DOUBLE ELSE i END AS odd,
     chr(65 + (i % 26)::INT) AS letter FROM range(3000) t(i)`,
  );
  const { columns } = await load([path]);
  const [up, few, holes, odd, letter] = columns.map(({ info }) => info);
  expect(up).toMatchObject({ nulls: 0, min: 0, max: 2999, ascending: true });
  expect(up!.distinct).toBeUndefined();
  expect(few).toMatchObject({ min: 0, max: 4, distinct: 5, ascending: false });
  expect(holes).toMatchObject({ nulls: 750, min: 1 / 3, max: 2999 / 3 });
  expect(odd).toMatchObject({ nulls: 0, min: 0, max: 'Infinity' });
  expect(letter).toMatchObject({ min: 'A', max: 'Z', distinct: 26 });
  expect(up!.quantiles!.p50).toBeCloseTo(1500, -1);
});

test('spans batches: widens into a new segment and keeps every row', async () => {
  const path = await writeParquet(
    'long.parquet',
    `SELECT i, CASE WHEN i < 1060000 THEN 1 ELSE 70000 END AS grows, 'k' || (i % 300000) AS name FROM range(1100000) t(i)`,
  );
  const manifest = await load([path]);
  const { i, grows, name } = readSnapshot(out, manifest);
  expect(i!.every((value, row) => value === row)).toBe(true);
  expect(grows!.every((value, row) => value === (row < 1_060_000 ? 1 : 70_000))).toBe(true);
  expect(name!.every((value, row) => value === `k${row % 300_000}`)).toBe(true);
  expect(manifest.segments.flatMap(({ batches }) => batches.map(({ rows }) => rows))).toEqual([
    2 ** 20,
    1_100_000 - 2 ** 20,
  ]);
});

test('keeps nearly unique texts as they are', async () => {
  const path = await writeParquet(
    'unique.parquet',
    `SELECT md5(i::VARCHAR) AS hash FROM range(100000) t(i)`,
  );
  const manifest = await load([path]);
  expect(manifest.segments[0]!.columns[0]!.storage).toBe('utf8');
  const rows = await duckdb(`FROM '${path}'`);
  expect(readSnapshot(out, manifest)['hash']).toEqual(rows.map(({ hash }) => hash));
});

test('loads a table without rows', async () => {
  const path = await writeParquet('empty.parquet', `SELECT 1 AS a, 'x' AS b WHERE false`);
  const manifest = await load([path]);
  expect(manifest.rows).toBe(0);
  expect(manifest.columns.map(({ info }) => [info.name, info.min])).toEqual([
    ['a', null],
    ['b', null],
  ]);
});

test('unites partitioned files: columns by name, folders and file names as columns', async () => {
  const a = await writeParquet('set/year=2020/a.parquet', `SELECT 1::TINYINT AS n, 'x' AS only_a`);
  const b = await writeParquet('set/year=2021/b.parquet', `SELECT 70000 AS n, 2.5 AS only_b`);
  const manifest = await load([a, b], { root: join(folder.dir, 'set') });
  expect(readSnapshot(out, manifest)).toEqual({
    n: [1, 70000],
    only_a: ['x', null],
    only_b: [null, '2.5'],
    year: [2020, 2021],
    filename: ['year=2020/a.parquet', 'year=2021/b.parquet'],
  });
});

test('makes infinite dates and times null, and says so', async () => {
  const path = await writeParquet(
    'infinite.parquet',
    `SELECT unnest(['infinity'::TIMESTAMP, '-infinity', '2020-01-01']) AS t`,
  );
  const manifest = await load([path]);
  expect(readSnapshot(out, manifest)['t']).toEqual([null, null, '2020-01-01T00:00:00.000000']);
  expect(manifest.report).toMatchObject({
    nulled: 2,
    warnings: [{ code: 'INFINITE_TIME', column: 't' }],
  });
});

test('refuses a file that is corrupt in its middle, naming it', async () => {
  const query = `SELECT i, md5(i::VARCHAR) AS text FROM range(300000) t(i)`;
  const path = await writeParquet('corrupt.parquet', query, ', COMPRESSION zstd');
  const bytes = readFileSync(path);
  const at = bytes.length >> 1;
  writeFileSync(path, bytes.fill(0xa5, at, at + 2 ** 20));
  await expect(load([path])).rejects.toMatchObject({
    code: 'SOURCE_CORRUPT',
    details: { file: 'corrupt.parquet' },
  });
  expect(readdirSync(out)).toEqual([]);
});

test('refuses what its cage cannot hold, and the next load is fine', async () => {
  const path = await writeParquet(
    'wide.parquet',
    `SELECT i, repeat(md5(i::VARCHAR), 1000) AS text FROM range(4000) t(i)`,
  );
  const small = createTestLoader({ memoryBytes: 250_000_000 });
  await expect(loadInto(small, out, sourceOf('parquet', [path]))).rejects.toMatchObject({
    code: 'LOAD_OUT_OF_MEMORY',
  });
  expect(readdirSync(out)).toEqual([]);
  const next = await writeParquet('next.parquet', 'SELECT 1 AS i');
  await expect(loadInto(small, out, sourceOf('parquet', [next]))).resolves.toMatchObject({
    rows: 1,
  });
});

test('names the one damaged file of many', async () => {
  const good = await writeParquet('many/a.parquet', 'SELECT 1 AS n');
  const bad = join(folder.dir, 'many/b.parquet');
  writeFileSync(bad, readFileSync(good).subarray(0, 60));
  await expect(load([good, bad], { root: join(folder.dir, 'many') })).rejects.toMatchObject({
    code: 'SOURCE_TRUNCATED',
    details: { file: 'b.parquet' },
  });
});

test('tells a missing, an empty and a foreign file apart', async () => {
  const foreign = join(folder.dir, 'foreign.parquet');
  const empty = join(folder.dir, 'empty.parquet');
  writeFileSync(foreign, 'a,b\n1,2\n3,4\n5,6\n');
  writeFileSync(empty, '');
  await expect(load([foreign])).rejects.toMatchObject({ code: 'SOURCE_KIND_UNKNOWN' });
  await expect(load([empty])).rejects.toMatchObject({ code: 'SOURCE_EMPTY' });
  await expect(load([join(folder.dir, 'none.parquet')])).rejects.toMatchObject({
    code: 'SOURCE_MISSING',
  });
});

test('refuses more than 4,096 columns', async () => {
  const many = Array.from({ length: 4097 }, (_, i) => `${i} AS c${i}`).join(', ');
  const path = await writeParquet('many.parquet', `SELECT ${many}`);
  await expect(load([path])).rejects.toMatchObject({
    code: 'SOURCE_TOO_WIDE',
    message: expect.stringContaining('4097') as string,
  });
});

test('ends a load that is cancelled, and one that takes too long', async () => {
  const path = await writeParquet(
    'slow.parquet',
    `SELECT i, md5(i::VARCHAR) AS text FROM range(3000000) t(i)`,
  );
  await expect(
    loadInto(loader, out, sourceOf('parquet', [path]), AbortSignal.timeout(600)),
  ).rejects.toMatchObject({ code: 'LOAD_CANCELLED' });
  const hasty = createTestLoader({ deadlineMs: 500 });
  await expect(loadInto(hasty, out, sourceOf('parquet', [path]))).rejects.toMatchObject({
    code: 'LOAD_TIMEOUT',
  });
});
