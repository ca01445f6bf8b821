import { expect, test } from 'vitest';
import { describePulled, publicOptions } from '../../../server/loader/public-options.js';
import type { DatasetSource } from '../../../server/loader/source.js';
import { fingerprintSource, identityOf } from '../../../server/snapshots/fingerprint.js';
import { sourceOf } from './load-file.js';

const command = sourceOf('command', [], {
  command: {
    argv: ['/usr/bin/python3', 'jobs/pull.py', '--key=SECRET'],
    cwd: '/srv',
    env: { KEY: 'SECRET' },
  },
});
const url = sourceOf('url', [], {
  url: {
    href: 'https://me:SECRET@example.com/a/rows.csv?key=SECRET#x',
    headers: { authorization: 'SECRET' },
  },
});
const postgres = sourceOf('postgres', [], {
  postgres: { url: 'postgres://me:SECRET@db:5433/shop', password: 'SECRET', query: 'SELECT 1' },
});
const duckdb = sourceOf('duckdb', ['/data/shop.duckdb'], { duckdb: { table: 'trips' } });

test('says where pulled rows come from, without folders and secrets', () => {
  expect([command, url, postgres, duckdb].map(describePulled)).toEqual([
    'python3 pull.py',
    'https://example.com/a/rows.csv',
    'PostgreSQL "shop" on db',
    'shop.duckdb',
  ]);
  expect(describePulled(sourceOf('csv', ['/a.csv']))).toBeUndefined();
});

test('keeps no secret in what is written beside a snapshot', async () => {
  for (const source of [command, url, postgres]) {
    expect(JSON.stringify(await fingerprintSource(source))).not.toContain('SECRET');
    expect(identityOf(source)).not.toContain('SECRET');
  }
});

test('a new password makes no new source; another query, address or argument does', () => {
  const changed = (source: DatasetSource, change: object): boolean =>
    identityOf({ ...source, ...change }) !== identityOf(source);
  expect(changed(postgres, { postgres: { ...postgres.postgres, password: 'other' } })).toBe(false);
  expect(changed(url, { url: { ...url.url, headers: { authorization: 'other' } } })).toBe(false);
  expect(changed(command, { command: { ...command.command, env: { KEY: 'other' } } })).toBe(false);
  expect(changed(postgres, { postgres: { ...postgres.postgres, query: 'SELECT 2' } })).toBe(true);
  expect(changed(url, { url: { href: 'https://example.com/a/rows.csv?key=2' } })).toBe(true);
  expect(changed(command, { command: { ...command.command, argv: ['python3', 'other.py'] } })).toBe(
    true,
  );
  expect(changed(duckdb, { duckdb: { table: 'stations' } })).toBe(true);
});

test('tells a database without a host or a name', () => {
  expect(describePulled(sourceOf('postgres', [], { postgres: { query: 'SELECT 1' } }))).toBe(
    'PostgreSQL',
  );
  expect(publicOptions(sourceOf('csv', []))).toEqual({});
});
