import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { createOpened } from '../../../server/catalog/opened.js';
import { fakeSource } from '../helpers.js';

const folder = () => mkdtempSync(join(tmpdir(), 'halftone-opened-'));

test('what was opened is there again, the newest of a name, in order', async () => {
  const dir = folder();
  const opened = createOpened(dir);
  await Promise.all([
    opened.add([fakeSource('a')]),
    opened.add([fakeSource('b')]),
    opened.add([fakeSource('a', '/other/a.csv')]),
  ]);
  const again = await createOpened(dir).list();
  expect(again.map(({ name, files }) => [name, files[0]])).toEqual([
    ['b', '/data/b.csv'],
    ['a', '/other/a.csv'],
  ]);
});

test('a list that cannot be read is empty, and is written anew', async () => {
  const dir = folder();
  const opened = createOpened(dir);
  expect(await opened.list()).toEqual([]);
  writeFileSync(join(dir, 'opened.json'), '[{"name":1},null,');
  expect(await opened.list()).toEqual([]);
  writeFileSync(join(dir, 'opened.json'), '[{"name":1},null]');
  expect(await opened.list()).toEqual([]);
  await opened.add([fakeSource('a')]);
  expect(await opened.list()).toHaveLength(1);
});

test('the list does not grow for ever', async () => {
  const dir = folder();
  const opened = createOpened(dir);
  await opened.add(Array.from({ length: 60 }, (_, i) => fakeSource(`s${i}`)));
  expect(JSON.parse(readFileSync(join(dir, 'opened.json'), 'utf8'))).toHaveLength(50);
});

test('what is read from files that are gone for good is forgotten', async () => {
  const opened = createOpened(folder());
  await opened.add([fakeSource('a'), fakeSource('b')]);
  await opened.forget(['/data/a.csv', '/data/other.csv']);
  expect((await opened.list()).map(({ name }) => name)).toEqual(['b']);
});

test('a list that cannot be written costs nothing but itself', async () => {
  const dir = join(folder(), 'nowhere');
  await createOpened(dir).add([fakeSource('a')]);
  expect(await createOpened(dir).list()).toEqual([]);
});
