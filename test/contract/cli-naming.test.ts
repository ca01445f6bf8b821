import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { createWorkplace, settledDatasets, type Workplace } from './cli-process.js';

vi.setConfig({ testTimeout: 300_000, hookTimeout: 300_000 });

let place: Workplace;
beforeEach(() => {
  place = createWorkplace();
});
afterEach(() => place.close());

function put(files: Record<string, string | Buffer>): void {
  for (const [name, content] of Object.entries(files)) {
    const path = join(place.folder, name);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, content);
  }
}

/** What the arguments become: each dataset with its rows and columns; and what was said. */
async function serve(...args: string[]) {
  const server = await place.serve(args);
  const datasets = await settledDatasets(server.url);
  const rows = Object.fromEntries(datasets.map((each) => [each.name, each.rows]));
  const columns = (name: string) =>
    datasets.find((each) => each.name === name)!.columns.map((column) => `${column.name}: ${column.type}`); // prettier-ignore
  const csv = async (name: string) =>
    (
      await fetch(`${server.url}/api/v1/datasets/${encodeURIComponent(name)}/export?format=csv`)
    ).text();
  return { rows, columns, csv, said: server.stderr() };
}

test('a dataset has the base name of its file; the second of two equal names an ending, with a warning', async () => {
  put({
    'one/a.csv': 'x\n1\n',
    'two/a.csv': 'y\n1\n2\n',
    'three/a.csv.gz': gzipSync('z\n1\n2\n3\n'),
    'four/b.c.tsv': 'p\tq\n1\t2\n',
    'five/Ü x.csv': 'x\n1\n',
  });
  const { rows, said } = await serve('one/a.csv', 'two/a.csv', 'three/a.csv.gz', 'four/b.c.tsv', 'five/Ü x.csv'); // prettier-ignore
  expect(rows).toEqual({ a: 1, 'a-2': 2, 'a-3': 3, 'b.c': 1, 'Ü x': 1 });
  expect(said).toMatch(/"a-2".*"a"/u);
  expect(said).toMatch(/"a-3".*"a"/u);
});

test('a computed dataset of a name that is taken has an ending too, with a warning', async () => {
  put({ 'a.csv': 'x\n1\n2\n' });
  const { rows, said } = await serve('a.csv', '--sql', 'a=SELECT sum(x) AS total FROM a');
  expect(rows).toEqual({ a: 2, 'a-2': 1 });
  expect(said).toMatch(/--sql a .*"a-2"/u);
});

test('files of one folder and schema are one dataset named after it, in the order of their paths', async () => {
  put({
    'trips/b.csv': 'n,t\n3,x\n',
    'trips/a.csv': 'n,t\n1,x\n2,y\n',
    'trips/other.csv': 'q\n7\n',
    'c.csv': 'n,t\n9,z\n',
  });
  const files = ['trips/b.csv', 'trips/a.csv', 'trips/other.csv', 'c.csv'];
  const together = await serve(...files);
  expect(together.rows).toEqual({ trips: 3, other: 1, c: 1 });
  expect(await together.csv('trips')).toBe(
    'n,t,filename\r\n1,x,a.csv\r\n2,y,a.csv\r\n3,x,b.csv\r\n',
  );
  const apart = await serve('--separate', ...files);
  expect(apart.rows).toEqual({ b: 1, a: 2, other: 1, c: 1 });
  expect(apart.columns('a')).toEqual(['n: BIGINT', 't: VARCHAR']);
});

test('a folder and a quoted glob are one dataset: columns by name, types widened, what is missing null', async () => {
  put({
    'sales/year=2023/a.csv': 'n,t\n1,x\n',
    'sales/year=2024/b.csv': 't,n,more\ny,2.5,7\n',
    'sales/year=__HIVE_DEFAULT_PARTITION__/c.csv': 'n,t\n3,z\n',
    'sales/_notes.csv': 'not,data\n1,2\n',
  });
  const united =
    'n,t,more,year,filename\r\n' +
    '1,x,,2023,year=2023/a.csv\r\n' +
    '2.5,y,7,2024,year=2024/b.csv\r\n' +
    '3,z,,,year=__HIVE_DEFAULT_PARTITION__/c.csv\r\n';
  for (const path of ['sales', './sales/', join(place.folder, 'sales'), 'sales/*/*.csv']) {
    const { rows, columns, csv } = await serve(path);
    expect(rows, path).toEqual({ sales: 3 });
    expect(columns('sales')).toEqual([
      'n: DOUBLE',
      't: VARCHAR',
      'more: BIGINT',
      'year: BIGINT',
      'filename: VARCHAR',
    ]);
    expect(await csv('sales')).toBe(united);
  }
});

test('what cannot be served is shown as failed beside what can', async () => {
  put({ 'a.csv': 'x\n1\n', 'empty.csv': '' });
  const server = await place.serve(['a.csv', 'empty.csv', 'missing.parquet', 'nowhere/*.csv']);
  const datasets = await settledDatasets(server.url);
  expect(datasets.map(({ name, status, problem }) => [name, status, problem?.code])).toEqual([
    ['a', 'ready', undefined],
    ['empty', 'failed', 'SOURCE_EMPTY'],
    ['missing', 'failed', 'SOURCE_MISSING'],
    ['*', 'failed', 'SOURCE_MISSING'],
  ]);
});
