import { spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import type { DatasetSource } from '../../server/loader/source.js';
import type { Manifest } from '../../server/snapshots/manifest.js';
import { openStore, type SnapshotStore } from '../../server/snapshots/store.js';
import { verifySnapshot } from '../../server/snapshots/verify.js';
import { publishSnapshot } from '../helpers/stored-snapshot.js';

// Whole processes, each with its loads: on a busy machine that takes its time.
vi.setConfig({ testTimeout: 600_000, hookTimeout: 600_000 });

const CHILD = fileURLToPath(new URL('./publish-child.mjs', import.meta.url));

let folder: string;
let source: DatasetSource;
let old: Manifest;
const open = (dir: string): Promise<SnapshotStore> => openStore({ dir, now: () => new Date() });

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'halftone faults ü '));
  const path = join(folder, 'numbers.csv');
  writeFileSync(path, 'n,word\n1,one\n');
  source = { name: 'numbers', kind: 'csv', files: [path], united: false, csv: {}, strict: false };
  // Two, so that the third makes the oldest go.
  const store = await open(join(folder, 'before'));
  await publishSnapshot(store, source, 1);
  old = (await publishSnapshot(store, source, 2)).manifest;
  store.close();
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

interface Told {
  step?: string;
  steps: string[];
  published: boolean;
  code?: string;
  message?: string;
  /** What was in the folder after the failure: the rows of its newest snapshot, and what is unfinished. */
  left?: { rows: number; partials: string[] };
  retried?: boolean;
}

/** Publishes a snapshot of 3,000 rows in a process of its own, with one fault. Undefined tells that it died. */
function publishWith(kind: string, nth: number): { cache: string; told?: Told; step: string } {
  const cache = join(folder, `${kind} ${nth}`);
  cpSync(join(folder, 'before'), cache, { recursive: true });
  const args = [CHILD, cache, source.files[0]!, kind, String(nth)];
  const { stdout, stderr, signal, status } = spawnSync(process.execPath, args, {
    encoding: 'utf8',
  });
  const last = stdout.trim().split('\n').at(-1)!;
  if (signal === 'SIGKILL') return { cache, step: last };
  expect(status, stderr).toBe(0);
  const told = JSON.parse(last) as Told;
  return { cache, told, step: told.step ?? '' };
}

const filesIn = (dir: string): string[] => readdirSync(dir, { recursive: true, encoding: 'utf8' });

/** What must hold of a cache folder after any fault; gives the rows of the snapshot that answers. */
async function checkCache(cache: string, step: string): Promise<number> {
  const store = await open(cache);
  try {
    expect(store.writable, step).toBe(true);
    const stored = await store.list();
    for (const { snapshot, error } of stored) {
      expect(error, step).toBeUndefined();
      expect(await verifySnapshot(snapshot!), step).toEqual([]);
    }
    expect(
      filesIn(cache).filter((name) => name.includes('partial')),
      step,
    ).toEqual([]);
    const [newest] = await store.snapshots(source);
    const { rows, id } = newest!.manifest;
    expect(rows === 3000 || (rows === 2000 && id === old.id), step).toBe(true);
    // Whatever happened, the next load goes well.
    const next = await publishSnapshot(store, source, 1);
    expect((await store.snapshots(source))[0]!.manifest.id, step).toBe(next.manifest.id);
    return rows;
  } finally {
    store.close();
    rmSync(cache, { recursive: true, force: true });
  }
}

describe.each(['die-before', 'die-after'])('a process that ends (%s)', (kind) => {
  test('at any step of publishing leaves the old snapshot or the new one, whole, and nothing else', async () => {
    const steps: string[] = [];
    const rows: number[] = [];
    for (let nth = 1; ; nth++) {
      const { cache, told, step } = publishWith(kind, nth);
      const answered = await checkCache(cache, `${kind} ${nth}: ${step}`);
      if (told !== undefined) {
        // The fault lay behind the last step.
        expect(told).toMatchObject({ published: true });
        expect(told.steps.length).toBe(nth - 1);
        break;
      }
      steps.push(step);
      rows.push(answered);
    }
    for (const name of [
      'writevSync segment-0.arrow',
      'fsyncSync segment-0.arrow',
      'sync manifest.json',
      'sync current',
    ])
      expect(
        steps.some((step) => step.startsWith(name)),
        `${name} in ${steps.join(', ')}`,
      ).toBe(true);
    // First the old one, from some step on the new one, and never the old one again.
    expect(rows).toEqual(rows.toSorted((a, b) => a - b));
    expect(new Set(rows)).toEqual(new Set([2000, 3000]));
  });
});

describe.each([
  ['ENOSPC', 'DISK_FULL'],
  ['EIO', 'EIO'],
])('a disk that answers %s', (kind, code) => {
  test('at any step of publishing makes it fail with a reason, or changes nothing; a second try goes well', async () => {
    let failures = 0;
    for (let nth = 1; ; nth++) {
      const { cache, told, step } = publishWith(kind, nth);
      if (told === undefined) throw new Error(`It died at ${step}.`);
      const label = `${kind} ${nth}: ${step}`;
      if (told.published) expect(told.code, label).toBeUndefined();
      else {
        failures++;
        expect(told, label).toMatchObject({ code, retried: true });
        expect(told.left, label).toEqual({ rows: 2000, partials: [] });
        if (code === 'DISK_FULL')
          expect(told.message).toBe(`The disk of the cache folder "${cache}" is full.`);
      }
      expect(await checkCache(cache, label), label).toBe(3000);
      if (told.step === undefined) break;
    }
    expect(failures).toBeGreaterThan(10);
  });
});

test('every step of publishing is on the disk before the next begins', () => {
  const { told } = publishWith('none', 0);
  const { steps } = told!;
  const draft = steps.findLast((step) => step.startsWith('mkdir '))!.slice('mkdir '.length);
  const [id] = draft.split('.partial-');
  const published = steps.slice(steps.indexOf(`mkdir ${draft}`) + 1);
  const moved = published.indexOf(`rename ${draft}`);
  const before = published.slice(0, moved);
  const after = published.slice(moved + 1);
  expect(before.filter((step) => /sync/u.test(step))).toEqual([
    'fsyncSync segment-0.arrow',
    'sync manifest.json',
    `sync ${draft}`,
  ]);
  expect(before.at(-1)).toBe(`sync ${draft}`);
  const folder = expect.stringMatching(/^sync numbers-[0-9a-f]+$/u) as string;
  expect(after.slice(0, 7)).toEqual([
    folder,
    'sync v1',
    expect.stringMatching(/^open current\.partial-/u),
    expect.stringMatching(/^writeFile current\.partial-/u),
    expect.stringMatching(/^sync current\.partial-/u),
    expect.stringMatching(/^rename current\.partial-/u),
    folder,
  ]);
  // Only then does the oldest go.
  expect(
    after.slice(7).every((step) => step.startsWith('rm ')),
    after.join(', '),
  ).toBe(true);
  expect(id).not.toBe('');
});
