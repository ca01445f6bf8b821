import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeEach, expect, onTestFinished, test } from 'vitest';
import { openFrameStore, type FrameName } from '../../../server/frames/frame-store.js';
import { fakeFrame } from '../helpers.js';

let dir: string;
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'halftone-frames-'));
  onTestFinished(() => rmSync(dir, { recursive: true, force: true }));
});

const named = (key: string, dataset = 'a'): FrameName => ({ dataset, snapshot: 'snap-1', key });
const files = (): string[] =>
  readdirSync(dir, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name));

test('gives back what was written, and what another process has written', async () => {
  const [one, other] = [
    openFrameStore({ dir, now: () => 1 }),
    openFrameStore({ dir, now: () => 2 }),
  ];
  const frame = fakeFrame();
  one.write(named('k'), frame);
  await one.idle();
  for (const store of [one, other, openFrameStore({ dir, now: () => 3 })]) {
    const found = await store.read(named('k'));
    expect(Buffer.from(found!.frame.bytes)).toEqual(Buffer.from(frame.bytes));
    expect(found).toMatchObject({
      storedAt: 1,
      frame: { plan: frame.plan, metadata: frame.metadata },
    });
    expect(await store.read(named('l'))).toBeUndefined();
    expect(await store.read(named('k', 'b'))).toBeUndefined();
  }
});

test('takes no frame whose bytes are not the ones that were written, whichever bit it is', async () => {
  const store = openFrameStore({ dir, now: () => 1 });
  store.write(named('k'), fakeFrame());
  await store.idle();
  const [path] = files();
  const sound = readFileSync(path!);
  for (let i = 0; i < 200; i++) {
    const damaged = Buffer.from(sound);
    const at = i < 64 ? i : Math.floor((i / 200) * sound.length);
    damaged[at]! ^= 1 << (i % 8);
    writeFileSync(path!, damaged);
    expect(await store.read(named('k')), `bit ${i % 8} of byte ${at}`).toBeUndefined();
    expect(files()).toEqual([]);
  }
  for (const length of [0, 7, 16, 64, sound.length - 1]) {
    writeFileSync(path!, sound);
    truncateSync(path!, length);
    expect(await store.read(named('k'))).toBeUndefined();
  }
  // Whole, but under the name of another.
  writeFileSync(path!.replace('k-r', 'l-r'), sound);
  expect(await store.read(named('l'))).toBeUndefined();
  writeFileSync(path!, sound);
  expect(await store.read(named('k'))).toBeDefined();
});

test('stays within its bytes, and what was used longest ago gives way', async () => {
  let clock = 1_000_000;
  const frame = fakeFrame({ rows: 1000 });
  const maxBytes = 10 * (frame.bytes.byteLength + 1024);
  const store = openFrameStore({ dir, maxBytes, now: () => (clock += 1000) });
  for (let i = 0; i < 8; i++) store.write(named(`k${i}`), frame);
  await store.idle();
  expect(await store.read(named('k0'))).toBeDefined();
  for (let i = 8; i < 14; i++) store.write(named(`k${i}`), frame);
  await store.idle();
  expect(store.bytesHeld).toBeLessThanOrEqual(maxBytes);
  expect(store.bytesHeld).toBe(files().reduce((sum, path) => sum + readFileSync(path).length, 0));
  expect(store.has(named('k0'))).toBe(true);
  expect(store.has(named('k1'))).toBe(false);
  // A smaller budget at the next start is kept to as well.
  const next = openFrameStore({ dir, maxBytes: maxBytes / 2, now: () => clock });
  await next.idle();
  expect(next.bytesHeld).toBeLessThanOrEqual(maxBytes / 2);
  expect(next.has(named('k13'))).toBe(true);
});

test('forgets one frame, those of a dataset, or all, and says what was freed', async () => {
  const store = openFrameStore({ dir, now: () => 1 });
  for (const dataset of ['a', 'b']) {
    for (const key of ['k', 'l']) store.write(named(key, dataset), fakeFrame({ dataset }));
  }
  await store.idle();
  const { bytesHeld } = store;
  const one = await store.clear({ dataset: 'a', key: 'k' });
  expect(one).toEqual({ frames: 1, bytes: bytesHeld - store.bytesHeld });
  expect((await store.clear({ dataset: 'b', except: 'snap-1' })).frames).toBe(0);
  expect((await store.clear({ dataset: 'b', except: 'snap-2' })).frames).toBe(2);
  expect((await store.clear({})).frames).toBe(1);
  expect([store.bytesHeld, files()]).toEqual([0, []]);
});

test('removes what is of another revision or was never finished, and a folder that cannot be is no failure', async () => {
  mkdirSync(join(dir, 'x', 'y'), { recursive: true });
  writeFileSync(join(dir, 'x', 'y', 'k-r0.frame'), 'old');
  writeFileSync(join(dir, 'x', 'y', 'k-r1.frame.partial-7'), 'half');
  await openFrameStore({ dir, now: () => 1 }).idle();
  expect(files()).toEqual([]);
  writeFileSync(join(dir, 'file'), '');
  const nowhere = openFrameStore({ dir: join(dir, 'file', 'frames'), now: () => 1 });
  nowhere.write(named('k'), fakeFrame());
  await nowhere.idle();
  expect(await nowhere.read(named('k'))).toBeUndefined();
  expect(nowhere.bytesHeld).toBe(0);
});

test('removes the frames of snapshots that have gone, with their folders, and leaves those of others', async () => {
  const store = openFrameStore({ dir, now: () => 1 });
  const of = (snapshot: string, dataset = 'a'): FrameName => ({ dataset, snapshot, key: 'k' });
  const foreign = of('of another source');
  store.write(foreign, fakeFrame());
  store.write(of('snap-1', 'b'), fakeFrame());
  await store.idle();
  const [before, bytesBefore] = [readdirSync(dir, { recursive: true }).length, store.bytesHeld];
  for (let n = 1; n <= 20; n++) {
    store.keepOnly('a', new Set([`snap-${n}`, `snap-${n - 1}`]));
    store.write(of(`snap-${n}`), fakeFrame());
  }
  store.keepOnly('a', new Set(['snap-20']));
  await store.idle();
  expect(store.frames).toBe(3);
  expect(store.bytesHeld).toBe(bytesBefore * 1.5);
  expect(readdirSync(dir, { recursive: true })).toHaveLength(before + 2);
  for (const name of [foreign, of('snap-1', 'b'), of('snap-20')])
    expect(await store.read(name)).toBeDefined();
  expect(await store.read(of('snap-19'))).toBeUndefined();
});
