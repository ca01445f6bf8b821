import { mkdirSync, readFileSync, rmSync } from 'node:fs';
import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { createPulledCopies, type PulledCopies } from '../../../server/catalog/pulled-copies.js';
import type { Snapshot } from '../../../server/snapshots/manifest.js';
import { copyOf, isSound } from '../../../server/snapshots/pulled-copy.js';

let folder: string;
let copies: PulledCopies;
/** Ends the rows of a snapshot, by its id: with an error where there is one. */
let ends: Map<string, (error?: Error) => void>;
let told: string[];
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'halftone-copies-'));
  ends = new Map();
  told = [];
  copies = createPulledCopies({
    async *rows({ manifest: { id } }) {
      await new Promise<void>((resolve, reject) => {
        ends.set(id, (error) => (error === undefined ? resolve() : reject(error)));
      });
      yield Buffer.from(id);
    },
    write: {
      rowGroups: async ({ bytes }) => ({ bytes: Uint8Array.from(bytes), groups: [{} as never], schema: [] }),
      footer: async () => Buffer.from('END'),
    },
    mayWrite: () => true,
    now: () => 0,
    report: (error, dataset) => told.push(`${dataset}: ${(error as Error).message}`),
  }); // prettier-ignore
});
afterEach(async () => {
  await copies.close();
  rmSync(folder, { recursive: true, force: true });
});

function snapshotOf(id: string, more: object = {}): Snapshot {
  const dir = join(folder, id);
  mkdirSync(dir);
  return {
    dir,
    manifest: {
      id,
      dataset: 'd',
      createdAt: '2026-01-01T00:00:00.000Z',
      ...more,
    } as Snapshot['manifest'],
  };
}
const textOf = ({ dir }: Snapshot): string => readFileSync(join(dir, 'data.parquet'), 'latin1');

test('of the snapshots that wait the newest is copied, with its checksum', async () => {
  const [first, second, third] = ['1', '2', '3'].map((id) => snapshotOf(id));
  for (const snapshot of [first!, second!, third!]) copies.add(snapshot);
  await expect.poll(() => ends.has('1')).toBe(true);
  ends.get('1')!();
  await expect.poll(() => ends.has('3')).toBe(true);
  ends.get('3')!();
  await expect.poll(() => copyOf(third!)).toBeDefined();
  expect(textOf(third!)).toBe('PAR13END');
  expect(await isSound((await copyOf(third!))!)).toBe(true);
  expect(textOf(first!)).toBe('PAR11END');
  expect(await copyOf(second!)).toBeUndefined();
  expect(told).toEqual([]);
});

test('what fails is told, but not of a snapshot that is gone', async () => {
  const [gone, broken] = [snapshotOf('1'), snapshotOf('2')];
  copies.add(gone);
  await expect.poll(() => ends.has('1')).toBe(true);
  copies.add(broken);
  rmSync(gone.dir, { recursive: true });
  ends.get('1')!(new Error('no segment'));
  await expect.poll(() => ends.has('2')).toBe(true);
  ends.get('2')!(new Error('damaged'));
  await expect.poll(() => told).toEqual(['d: damaged']);
  expect(await copyOf(broken)).toBeUndefined();
});

test('appended rows are not copied with all before them', async () => {
  const appended = snapshotOf('1', { appendedTo: { id: '0', rows: 1 } });
  copies.add(appended);
  const whole = snapshotOf('2');
  copies.add(whole);
  await expect.poll(() => ends.has('2')).toBe(true);
  expect(ends.has('1')).toBe(false);
  ends.get('2')!();
  await expect.poll(() => copyOf(whole)).toBeDefined();
});
