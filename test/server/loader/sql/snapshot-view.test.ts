import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { DatasetSource } from '../../../../server/loader/source.js';
import type { Manifest } from '../../../../server/snapshots/manifest.js';
import { createTestLoader, duckdb, loadInto, sourceOf, temporaryFolder } from '../load-file.js';
import { readSnapshot } from '../read-snapshot.js';

// Every load starts a process: on a busy machine that takes its time.
vi.setConfig({ testTimeout: 120_000 });
const loader = createTestLoader();
let folder: ReturnType<typeof temporaryFolder>;
beforeEach(() => {
  folder = temporaryFolder();
});
afterEach(() => folder.remove());
afterAll(() => loader.close());

interface Loaded {
  dir: string;
  manifest: Manifest;
}

async function load(name: string, source: DatasetSource): Promise<Loaded> {
  const dir = join(folder.dir, name);
  mkdirSync(dir);
  return { dir, manifest: await loadInto(loader, dir, source) };
}

async function loadQuery(name: string, query: string): Promise<Loaded> {
  const path = join(folder.dir, `${name}.parquet`);
  await duckdb(`COPY (${query}) TO '${path}' (FORMAT parquet)`);
  return load(name, sourceOf('parquet', [path], { name }));
}

/** SQL over loaded datasets, as the catalog binds it. */
const computed = (name: string, query: string, inputs: Record<string, Loaded>): Promise<Loaded> =>
  load(
    name,
    sourceOf('sql', [], {
      name,
      sql: {
        query,
        inputs: [],
        over: Object.keys(inputs),
        bound: Object.entries(inputs).map(([table, { dir, manifest }]) => ({
          name: table,
          manifest: join(dir, 'manifest.json'),
          segments: manifest.segments.map(({ file }) => join(dir, file)),
          columns: manifest.columns.map(({ info, logical }) => ({
            name: info.name,
            type: info.type,
            logical,
          })),
          rows: manifest.rows,
        })),
      },
    }),
  );

const valuesOf = ({ dir, manifest }: Loaded) => readSnapshot(dir, manifest);
const typesOf = ({ manifest }: Loaded) =>
  manifest.columns.map(({ info: { name, type } }) => [name, type]);

/** Of every type; `scale` 1 keeps all in the narrowest storage, large ones in the widest. */
const everyType = (scale: string): string => `SELECT
  i % 2 = 0 AS flag, (i % 100)::TINYINT AS tiny, i::SMALLINT AS small, i::INTEGER AS plain, (i * ${scale})::BIGINT AS big,
  i::UTINYINT AS utiny, i::USMALLINT AS usmall, i::UINTEGER AS uint, (i * ${scale})::UBIGINT AS ubig, (i * ${scale})::HUGEINT AS huge,
  (i / 8)::FLOAT AS single, i / 4.0::DOUBLE AS fits, i / 7.0::DOUBLE AS double, (i / 10)::DECIMAL(4,1) AS d4, (i / 3)::DECIMAL(18,3) AS d18,
  (i::DECIMAL(38,0) * ${scale})::DECIMAL(38,4) AS d38, DATE '1970-01-02' + i::INTEGER AS day, TIMESTAMP '1970-01-01' + to_microseconds(i * ${scale}) AS us,
  (TIMESTAMP '1970-01-01' + to_seconds(i))::TIMESTAMP_S AS s, (TIMESTAMP '1970-01-01' + to_milliseconds(i))::TIMESTAMP_MS AS ms,
  make_timestamp_ns(i * ${scale}) AS ns, TIMESTAMPTZ '1970-01-01 00:00:00+00' + to_microseconds(i * ${scale}) AS zoned,
  TIME '00:00:00' + to_microseconds(i) AS clock, 'text ' || (i % 3) AS label, 'ünique ' || i AS own, ('b' || i)::BLOB AS bytes,
  NULL::INTEGER AS nothing, NULL::VARCHAR AS no_text, NULL::TIMESTAMP AS no_time
  FROM range(0, 100) AS r(i) UNION ALL BY NAME SELECT NULL::BOOLEAN AS flag`;

test.each([
  ['narrow', '1'],
  ['wide', '100000000000000'],
])('rows come out of a snapshot as they went in, %s ones of every type', async (_name, scale) => {
  const base = await loadQuery('base', everyType(scale));
  const copy = await computed('copy', 'SELECT * FROM base', { base });
  expect(typesOf(copy)).toEqual(typesOf(base));
  expect(valuesOf(copy)).toEqual(valuesOf(base));
  // A second step reads what the first one wrote.
  const again = await computed('again', 'SELECT * FROM copy', { copy });
  expect(valuesOf(again)).toEqual(valuesOf(base));
});

test('snapshots are joined, whatever their tables and columns are called', async () => {
  const [a, b] = [
    await loadQuery(
      'a',
      `SELECT i AS id, 'x' || i AS "A", i * 2 AS "a", i AS "it's; -- """ FROM range(5) AS r(i)`,
    ),
    await loadQuery('b', 'SELECT i AS id, i * i AS square FROM range(3) AS r(i)'),
  ];
  const name = `n"a'm;e --`;
  const query = `SELECT id, "A", "a_1" AS two, "it's; -- """ AS odd, square FROM "n""a'm;e --" JOIN b USING (id) ORDER BY id`;
  const joined = await computed('joined', query, { [name]: a, b });
  expect(valuesOf(joined)).toEqual({
    id: [0, 1, 2],
    A: ['x0', 'x1', 'x2'],
    two: [0, 2, 4],
    odd: [0, 1, 2],
    square: [0, 1, 4],
  });
});

test('a snapshot without rows is a table without rows', async () => {
  const empty = await loadQuery('empty', `SELECT 1 AS x, 'a' AS t, now() AS z LIMIT 0`);
  const counted = await computed('counted', 'SELECT count(*) AS n, sum(x) AS s FROM empty', {
    empty,
  });
  expect(valuesOf(counted)).toEqual({ n: [0], s: [null] });
  const copied = await computed('copied', 'SELECT * FROM empty', { empty });
  expect(typesOf(copied)).toEqual(typesOf(empty));
});
