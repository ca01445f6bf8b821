import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { createOpened } from '../../../server/catalog/opened.js';
import { runCommandLine } from '../../../server/cli/program.js';
import type { DatasetSource } from '../../../server/loader/source.js';
import type { Snapshot } from '../../../server/snapshots/manifest.js';
import { flipBit } from '../../helpers/snapshot-files.js';
import { publishSnapshot, storeFixture, type StoreFixture } from '../../helpers/stored-snapshot.js';
import { fakeTerminal } from './terminal.js';

let fixture: StoreFixture;
let cache: string;
let upload: string;
let dropped: DatasetSource;
let numbers: Snapshot[];
beforeEach(async () => {
  fixture = storeFixture();
  cache = join(fixture.folder, 'cache');
  upload = join(cache, 'uploads', 'some-id', 'dropped.csv');
  mkdirSync(join(upload, '..'), { recursive: true });
  writeFileSync(upload, 'n,word\n1,one\n');
  dropped = { ...fixture.source, name: 'dropped', files: [upload] };
  await createOpened(cache).add([dropped, fixture.source]);
  const store = await fixture.open();
  numbers = [
    await publishSnapshot(store, fixture.source),
    await publishSnapshot(store, fixture.source),
  ];
  await publishSnapshot(store, dropped);
  store.close();
});
afterEach(() => fixture.remove());

async function run(...args: string[]): Promise<{ code: number; out: string; err: string }> {
  const { terminal, written } = fakeTerminal({ cwd: fixture.folder });
  const stop = new AbortController().signal;
  const options = { terminal, version: '0', stop };
  const code = await runCommandLine(['cache', ...args, '--cache-dir', 'cache'], options);
  return { code, ...written };
}
const list = async () => JSON.parse((await run('ls', '--json')).out) as Record<string, unknown>[];
const openedNames = async () => (await createOpened(cache).list()).map(({ name }) => name);

describe('cache ls', () => {
  test('lists snapshots, what is wrong with them, and uploads', async () => {
    writeFileSync(join(numbers[0]!.dir, 'manifest.json'), 'rubbish');
    const entries = await list();
    expect(entries).toEqual([
      expect.objectContaining({ kind: 'snapshot', dataset: 'dropped', rows: 3000, error: null }),
      expect.objectContaining({
        dataset: 'numbers',
        snapshot: numbers[1]!.manifest.id,
        rows: 3000,
      }),
      expect.objectContaining({
        dataset: 'numbers',
        snapshot: numbers[0]!.manifest.id,
        error: expect.stringContaining('is not JSON') as string,
      }),
      expect.objectContaining({
        kind: 'upload',
        dataset: 'dropped.csv',
        bytes: 13,
        files: [upload],
      }),
    ]);
    const { out } = await run('ls');
    expect(out.match(/^numbers /gmu)).toHaveLength(2);
    expect(out).toContain('(uploaded file)');
  });

  test('works while another process writes the folder, and where there is no folder', async () => {
    const store = await fixture.open();
    expect((await list()).length).toBe(4);
    store.close();
    const { terminal, written } = fakeTerminal({ cwd: fixture.folder });
    const options = { terminal, version: '0', stop: new AbortController().signal };
    expect(await runCommandLine(['cache', 'ls', '--cache-dir', 'nowhere'], options)).toBe(0);
    expect(written.out).toBe('The cache is empty.\n');
    expect(existsSync(join(fixture.folder, 'nowhere'))).toBe(false);
  });
});

describe('cache clear', () => {
  test('removes the snapshots of a dataset, damaged ones too, and no others', async () => {
    for (const { dir } of numbers) writeFileSync(join(dir, 'manifest.json'), 'rubbish');
    const { code, out } = await run('clear', 'numbers');
    expect([code, out]).toEqual([0, expect.stringMatching(/^[\d.]+ kB freed\n$/u)]);
    expect((await list()).map(({ dataset }) => dataset)).toEqual(['dropped', 'dropped.csv']);
    expect(await openedNames()).toEqual(['dropped', 'numbers']);
  });

  test('removes the upload that a dataset was loaded from, and that it was opened', async () => {
    await run('clear', 'dropped');
    expect(existsSync(upload)).toBe(false);
    expect((await list()).map(({ dataset }) => dataset)).toEqual(['numbers', 'numbers']);
    expect(await openedNames()).toEqual(['numbers']);
  });

  test('says where there is nothing of that name', async () => {
    const { code, out, err } = await run('clear', 'nonsense');
    expect([code, out, err]).toEqual([
      0,
      '0 B freed\n',
      'The cache holds nothing of "nonsense".\n',
    ]);
    expect((await list()).length).toBe(4);
  });

  test('removes everything but the lease and the list of what was opened', async () => {
    await run('clear');
    expect(await list()).toEqual([]);
    expect(readdirSync(join(cache, 'v1')).filter((name) => !name.startsWith('lease-'))).toEqual([]);
    expect(readdirSync(join(cache, 'uploads'))).toEqual([]);
    expect(await openedNames()).toEqual(['numbers']);
  });

  test('is refused while another process writes the folder', async () => {
    const store = await fixture.open();
    const { code, err } = await run('clear');
    expect([code, err]).toEqual([1, expect.stringContaining('Another process writes')]);
    store.close();
    expect((await list()).length).toBe(4);
  });
});

describe('cache verify', () => {
  test('ends with 0 where every byte is what was written, with 1 where one is not', async () => {
    expect(await run('verify')).toMatchObject({
      code: 0,
      out: expect.not.stringContaining('BAD') as string,
    });
    const [{ dir, manifest }] = numbers as [Snapshot];
    const file = join(dir, manifest.segments[0]!.file);
    const { offset } = manifest.segments[0]!.batches[2]!.columns[0]!.data!;
    flipBit(file, offset + 5);
    const { code, out } = await run('verify');
    expect(code).toBe(1);
    expect(out.match(/^BAD /gmu)).toHaveLength(1);
    expect(out).toContain(`segment-0.arrow, byte ${offset}: The checksum differs.`);
    flipBit(file, offset + 5);
    expect((await run('verify')).code).toBe(0);
    expect(readFileSync(file).length).toBe(manifest.segments[0]!.bytes);
  });
});
