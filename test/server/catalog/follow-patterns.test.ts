import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { DatasetInfo } from '../../../protocol/dataset.js';
import { followPatterns } from '../../../server/catalog/follow-patterns.js';
import type { DatasetSource } from '../../../server/loader/source.js';
import { resolveSources } from '../../../server/loader/sources/resolve-sources.js';

let cwd: string;
let sources: DatasetSource[];
let loading: string | undefined;

beforeEach(() => {
  // Signs of patterns in the name of the folder name nothing but it.
  cwd = mkdtempSync(join(tmpdir(), 'halftone [a] (b) *'));
  loading = undefined;
});
afterEach(() => rmSync(cwd, { recursive: true, force: true }));

function write(...names: string[]): void {
  for (const name of names) {
    mkdirSync(join(cwd, dirname(name)), { recursive: true });
    writeFileSync(join(cwd, name), 'a,b\n1,2\n');
  }
}

async function start(...paths: string[]): Promise<void> {
  ({ sources } = await resolveSources(paths, { cwd, describe: () => Promise.resolve([]) }));
}

/** What becomes of the datasets at the next look, by name. */
async function look(
  isOthers: (name: string) => boolean = () => false,
): Promise<Record<string, string[]>> {
  const done: Record<string, string[]> = {};
  await followPatterns(
    {
      sources: () => sources,
      get: (name) => ({ name, ...(name === loading && { progress: {} }) }) as DatasetInfo,
      replace: (source) => {
        sources = sources.map((before) => (before.name === source.name ? source : before));
        done[source.name] = source.files.map((file) => file.slice(cwd.length + 1));
      },
    },
    { cwd, isOthers },
  );
  return done;
}

test('files that come to a folder or a glob are taken in, in the order of their paths', async () => {
  write('glob/a2.csv', 'glob/a4.csv', 'folder/1.csv', 'folder/2.csv');
  await start('glob/a*.csv', join(cwd, 'folder'));
  expect(await look()).toEqual({});
  write('glob/a3.csv', 'glob/b.csv', 'folder/deep/3.csv');
  expect(await look()).toEqual({
    glob: ['glob/a2.csv', 'glob/a3.csv', 'glob/a4.csv'],
    folder: ['folder/1.csv', 'folder/2.csv', 'folder/deep/3.csv'],
  });
  expect(await look()).toEqual({});
});

test('a file that is gone is left out as long as others are there', async () => {
  write('d/1.csv', 'd/2.csv');
  await start('d');
  rmSync(join(cwd, 'd/1.csv'));
  expect(await look()).toEqual({ d: ['d/2.csv'] });
  rmSync(join(cwd, 'd'), { recursive: true });
  expect(await look()).toEqual({});
});

test('the only file of a folder becomes a table of several with the second', async () => {
  write('d/1.csv');
  await start('d/*.csv');
  expect(sources).toMatchObject([{ name: '1', united: false }]);
  write('d/2.csv');
  expect(await look()).toEqual({ 1: ['d/1.csv', 'd/2.csv'] });
  expect(sources).toMatchObject([{ name: '1', united: true, root: join(cwd, 'd') }]);
});

test('what is empty, of another kind or a dataset of its own is not taken in', async () => {
  write('d/1.csv', 'd/2.csv', 'own/3.csv');
  await start('d', 'own/3.csv');
  sources.push({ ...sources[1]!, name: 'refused', files: [join(cwd, 'd/refused.csv')] });
  write('d/refused.csv');
  writeFileSync(join(cwd, 'd/empty.csv'), '');
  writeFileSync(join(cwd, 'd/lines.jsonl'), '{"a":1}\n{"a":2}\n');
  expect(await look()).toEqual({});
  write('d/empty.csv');
  expect(await look()).toEqual({ d: ['d/1.csv', 'd/2.csv', 'd/empty.csv'] });
});

test('files that were named one by one, and what somebody else looks after, stay as they are', async () => {
  write('d/1.csv', 'd/2.csv', 'e/1.csv', 'e/2.csv');
  await start('d/1.csv', 'd/2.csv', 'e');
  write('d/3.csv', 'e/3.csv');
  expect(await look((name) => name === 'e')).toEqual({});
  expect(Object.keys(await look())).toEqual(['e']);
});

test('SQL over a folder has its new files too', async () => {
  write('d/1.csv', 'd/2.csv');
  await start('d');
  const [input] = sources as [DatasetSource];
  const sql = { query: 'SELECT 1', inputs: [input] };
  sources.push({ ...input, name: 'computed', kind: 'sql', files: [], sql });
  write('d/3.csv');
  expect(Object.keys(await look())).toEqual(['d', 'computed']);
  expect(sources[1]!.sql!.inputs[0]!.files.length).toBe(3);
});

test('a load that is under way is not ended by the next file', async () => {
  write('d/1.csv', 'd/2.csv');
  await start('d');
  write('d/3.csv');
  loading = 'd';
  expect(await look()).toEqual({});
  loading = undefined;
  expect(await look()).toEqual({ d: ['d/1.csv', 'd/2.csv', 'd/3.csv'] });
});

test('what was taken away, or given another source, while a folder was looked through stays as it is', async () => {
  write('d/1.csv', 'd/2.csv', 'e/1.csv', 'e/2.csv');
  await start('d', 'e');
  write('d/3.csv', 'e/3.csv');
  const [d, e] = sources as [DatasetSource, DatasetSource];
  const looked = look();
  sources = [{ ...e, strict: true }];
  expect(await looked).toEqual({});
  sources = [d];
  expect(Object.keys(await look())).toEqual(['d']);
});
