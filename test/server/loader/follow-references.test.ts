import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { followReferences } from '../../../server/loader/follow-references.js';
import { describePulled } from '../../../server/loader/public-options.js';
import type { DatasetSource } from '../../../server/loader/source.js';
import { fingerprintSource } from '../../../server/snapshots/fingerprint.js';
import { sourceOf, temporaryFolder } from './load-file.js';

const env = { PW: 'p@ss/1:#', KEY: 'k', DB: 'postgres://me:pw@db/shop' };
const follow = (more: Partial<DatasetSource>, from = '/') =>
  followReferences(sourceOf('postgres', [], { referencesFrom: from, ...more }), env);
const postgres = (url: string) => ({ postgres: { url, query: 'SELECT 1' } });

test('puts what references stand for in place, whatever signs a password has', () => {
  const { url } = follow(postgres('postgres://me:${env:PW}@db:5433/shop')).postgres!;
  expect(decodeURIComponent(new URL(url!).password)).toBe(env.PW);
  expect(new URL(url!).host).toBe('db:5433');
  expect(follow(postgres('${env:DB}')).postgres!.url).toBe(env.DB);
  expect(follow({ postgres: { password: '${env:PW}', query: '' } }).postgres!.password).toBe(
    env.PW,
  );
  const headers = { authorization: 'Bearer ${env:KEY}' };
  const web = follow({ url: { href: 'https://x.example/a?key=${env:KEY}', headers } }).url!;
  expect(web).toMatchObject({
    href: 'https://x.example/a?key=k',
    headers: { authorization: 'Bearer k' },
  });
  const command = { argv: ['x'], cwd: '/', env: { KEY: '${env:KEY}' } };
  expect(follow({ command }).command!.env).toEqual({ KEY: 'k' });
});

test('reads a secret from a file anew with each load', () => {
  const folder = temporaryFolder();
  writeFileSync(join(folder.dir, 'pw'), 'one\n');
  const at = () =>
    new URL(follow(postgres('postgres://me:${file:pw}@db/x'), folder.dir).postgres!.url!).password;
  expect(at()).toBe('one');
  writeFileSync(join(folder.dir, 'pw'), 'two\n');
  expect(at()).toBe('two');
  folder.remove();
});

test('names a reference that leads nowhere, and shows no address that is none', () => {
  expect(() => follow(postgres('postgres://me:${env:NO}@db/x'))).toThrow(
    '"test": The environment variable "NO" is not set.',
  );
  expect(() => follow(postgres('secret'))).toThrow('"test" does not have a postgres:// address.');
  expect(() => follow({ url: { href: '${env:KEY}' } })).toThrow(
    '"test" does not have an http or https address.',
  );
});

test('a source is told apart and described by its references, not by what they stand for', async () => {
  const source = sourceOf('postgres', [], postgres('${env:DB}'));
  expect(describePulled(source)).toBe('PostgreSQL');
  expect((await fingerprintSource(source)).options).toContain('${env:DB}');
  const web = sourceOf('url', [], { url: { href: 'https://${env:HOST}/secret' } });
  expect(describePulled(web)).toBe('${env:HOST}');
});
