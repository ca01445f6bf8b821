import { expect, test } from 'vitest';
import type { Config } from '../../../protocol/config/config.js';
import type { ConfigDataset } from '../../../protocol/config/dataset.js';
import { applyConfig } from '../../../server/config/apply.js';

const apply = (dataset: ConfigDataset) =>
  applyConfig(
    { datasets: { rows: dataset } as unknown as NonNullable<Config['datasets']> },
    { env: {}, dir: '/srv/app' },
  )[0]!;

test('a command runs in the folder of the configuration', () => {
  const { source } = apply({
    command: ['python', 'pull.py'],
    env: { KEY: '${env:KEY}' },
    format: 'csv',
    maxBytes: '2GB',
    csv: { delimiter: ';' },
    hide: ['ssn'],
  });
  expect(source).toMatchObject({
    kind: 'command',
    files: [],
    csv: { delimiter: ';' },
    hide: ['ssn'],
    referencesFrom: '/srv/app',
    command: {
      argv: ['python', 'pull.py'],
      cwd: '/srv/app',
      env: { KEY: '${env:KEY}' },
      format: 'csv',
      maxBytes: 2e9,
    },
  });
});

test('an address keeps its references until it is asked for, and one that is none is refused unseen', () => {
  const { source } = apply({
    url: 'https://me:${env:PW}@x.example/a.csv',
    headers: { a: 'b' },
    idle: '5s',
  });
  expect(source).toMatchObject({
    kind: 'url',
    url: { href: 'https://me:${env:PW}@x.example/a.csv', headers: { a: 'b' }, idleMs: 5000 },
  });
  const refused = (dataset: ConfigDataset) => apply(dataset).error?.message;
  expect(refused({ url: 'ftp://secret' })).toBe('"rows" does not have an http or https address.');
  expect(refused({ postgres: 'mysql://secret', query: 'SELECT 1' })).toBe(
    '"rows" does not have a postgres:// address.',
  );
});

test('a database is an address, or its parts', () => {
  const query = 'SELECT 1';
  expect(apply({ postgres: '${env:DB}', query }).source.postgres).toEqual({
    url: '${env:DB}',
    query,
  });
  expect(apply({ postgres: { host: 'db', password: '${env:PW}' }, query }).source.postgres).toEqual(
    { host: 'db', password: '${env:PW}', query },
  );
});

test('what a database is appended by may not be hidden: its last value is kept', () => {
  const keyed = { postgres: '${env:DB}', query: 'SELECT 1', appendBy: 'id' };
  expect(apply(keyed).source.postgres).toMatchObject({ appendBy: 'id' });
  expect(apply({ ...keyed, hide: ['name'] }).error).toBeUndefined();
  expect(apply({ ...keyed, hide: ['id'] }).error?.message).toBe(
    '"rows" hides "id", and is to be appended by it.',
  );
});

test('a DuckDB file has either a query or a table', () => {
  expect(apply({ duckdb: 'shop.duckdb', table: 'trips' }).source).toMatchObject({
    kind: 'duckdb',
    files: ['/srv/app/shop.duckdb'],
    duckdb: { table: 'trips' },
  });
  for (const both of [{}, { query: 'SELECT 1', table: 't' }]) {
    expect(apply({ duckdb: 'shop.duckdb', ...both }).error?.message).toBe(
      '"rows" needs either a query or a table of its DuckDB file.',
    );
  }
});
