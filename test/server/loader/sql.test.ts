import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, beforeEach, expect, test, vi } from 'vitest';
import { createTestLoader, duckdb, loadInto, sourceOf, temporaryFolder } from './load-file.js';
import { readSnapshot } from './read-snapshot.js';

vi.setConfig({ testTimeout: 120_000 });
const loader = createTestLoader();
let folder: ReturnType<typeof temporaryFolder>;
let out: string;
let parquet: string;
beforeEach(async () => {
  folder = temporaryFolder();
  out = join(folder.dir, 'out');
  mkdirSync(out);
  parquet = join(folder.dir, 'numbers.parquet');
  await duckdb(`COPY (SELECT i, i % 3 AS k FROM range(10) t(i)) TO '${parquet}'`);
});
afterEach(() => folder.remove());
afterAll(() => loader.close());

const load = (query: string) =>
  loadInto(
    loader,
    out,
    sourceOf('sql', [], {
      sql: { query, inputs: [sourceOf('parquet', [parquet], { name: 'numbers' })] },
    }),
  );

test('loads what a SELECT over another dataset gives, in its order', async () => {
  const manifest = await load(
    'SELECT k, sum(i) AS total FROM numbers GROUP BY k ORDER BY k DESC -- done',
  );
  expect(readSnapshot(out, manifest)).toEqual({ k: [2, 1, 0], total: ['15', '12', '18'] });
  expect(manifest.columns[1]!.info.type).toBe('HUGEINT');
});

test('keeps integers of 128 bits: narrow where they fit, exact where they do not', async () => {
  const manifest =
    await load(`SELECT unnest([1, -170141183460469231731687303715884105728]::HUGEINT[]) AS wide,
    unnest(['340282366920938463463374607431768211455', '1']::UHUGEINT[]) AS beyond, 7::UHUGEINT AS small`);
  expect(readSnapshot(out, manifest)).toEqual({
    wide: ['1', '-170141183460469231731687303715884105728'],
    beyond: ['340282366920938463463374607431768211455', '1'],
    small: ['7', '7'],
  });
});

test('keeps what has no column type of its own as readable text', async () => {
  const manifest =
    await load(`SELECT INTERVAL '1 year 2 days' AS span, 'b'::ENUM('a', 'b') AS kind, '101'::BIT AS bits,
    TIMETZ '10:00:00+01' AS tz, [1, NULL] AS list, {'a': 1} AS struct, MAP {'k': 1} AS map, NULL AS nothing,
    12345678901234567890123::BIGNUM AS big, TIME_NS '10:00:00.000000001' AS ns`);
  expect(readSnapshot(out, manifest)).toEqual({
    span: ['1 year 2 days'],
    kind: ['b'],
    bits: ['101'],
    tz: ['10:00:00+01'],
    list: ['[1, NULL]'],
    struct: ["{'a': 1}"],
    map: ['{k=1}'],
    nothing: [null],
    big: ['12345678901234567890123'],
    ns: ['10:00:00.000000001'],
  });
});

test('joins CSV files, read as each would be on its own', async () => {
  const flights = join(folder.dir, 'flights.csv');
  const airports = join(folder.dir, 'airports.csv');
  const odd = join(folder.dir, 'odd.csv');
  writeFileSync(flights, 'origin,delay\nATL,5\nJFK,7\nATL,10\nXXX,1\n');
  // Another encoding, other delimiters, a line that is too long.
  const text = 'code;city;height\nATL;Zürich;1,5\nJFK;"New; York";2\nLAX;too;1;many\n';
  writeFileSync(airports, Buffer.from(text, 'latin1'));
  writeFileSync(odd, 'never,read\n"open\n');
  const csv = (file: string, name: string) => sourceOf('csv', [file], { name });
  const query = `SELECT city, sum(delay)::BIGINT AS delay, any_value(height) AS height
    FROM flights JOIN "Airports" ON origin = code GROUP BY city ORDER BY city`;
  const inputs = [csv(flights, 'flights'), csv(airports, 'airports'), csv(odd, 'odd')];
  const manifest = await loadInto(loader, out, sourceOf('sql', [], { sql: { query, inputs } }));
  expect(readSnapshot(out, manifest)).toEqual({
    city: ['New; York', 'Zürich'],
    delay: [7, 15],
    height: [2, 1.5],
  });
  const told = manifest.report.warnings.map(({ code }) => code);
  expect(told).toEqual(expect.arrayContaining(['CSV_ENCODING', 'CSV_DECIMAL', 'CSV_RAGGED']));
});

test('refuses SQL over a CSV that cannot be loaded, naming the file', async () => {
  const path = join(folder.dir, 'open.csv');
  writeFileSync(path, 'a,b\n1,2\n3,"open\n5,6\n');
  const inputs = [sourceOf('csv', [path], { name: 'open' })];
  const sql = { query: 'SELECT * FROM open', inputs };
  await expect(loadInto(loader, out, sourceOf('sql', [], { sql }))).rejects.toMatchObject({
    code: 'CSV_QUOTE_OPEN',
    message: expect.stringContaining('open.csv') as string,
  });
});

test('tells equal column names apart', async () => {
  const manifest = await load('SELECT 1 AS a, 2 AS a, 3 AS a');
  expect(readSnapshot(out, manifest)).toEqual({ a: [1], a_1: [2], a_2: [3] });
});

test.each([
  ['SELECT nothing FROM numbers', /nothing/],
  ['SELECT * FROM elsewhere', /elsewhere/],
  ['SELEC 1', /SELEC/],
  ['SELECT 1; SELECT 2', /not one SELECT/],
  ["COPY numbers TO '/tmp/halftone-stolen.csv'", /not one SELECT|cannot be run/],
  ["SELECT * FROM read_csv('/etc/passwd')", /cannot be run/],
  ["SELECT CAST('x' AS INTEGER)", /'x'/],
])('refuses %s in one sentence', async (query, message) => {
  await expect(load(query)).rejects.toMatchObject({
    code: 'SQL_INVALID',
    message: expect.stringMatching(message) as string,
  });
});

test('loads JSON lines: keys are columns, nested values text', async () => {
  const path = join(folder.dir, 'lines.jsonl');
  writeFileSync(path, '{"a":1,"b":"x"}\n{"a":2.5,"c":{"d":[1]}}\n\n{"b":null}\n');
  const manifest = await loadInto(loader, out, sourceOf('json', [path]));
  expect(readSnapshot(out, manifest)).toEqual({
    a: [1, 2.5, null],
    b: ['x', null, null],
    c: [null, "{'d': [1]}", null],
  });
});
