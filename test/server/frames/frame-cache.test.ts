import { brotliDecompressSync, gunzipSync } from 'node:zlib';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import type { Query } from '../../../protocol/query.js';
import { createFrameCache } from '../../../server/frames/frame-cache.js';
import { openFrameStore } from '../../../server/frames/frame-store.js';
import { Account } from '../../../server/memory/account.js';
import type { CacheTier } from '../../../server/frames/serving.js';
import { fakeEngine, fakeSnapshot } from '../helpers.js';

const query = { dataset: 'a', mark: 'rows' } as Query;

test('gives a frame again without the engine', async () => {
  const engine = fakeEngine();
  const cache = createFrameCache({ engine });
  const snapshot = fakeSnapshot('a');
  const first = await cache.get(snapshot, 'k', query);
  const second = await cache.get(snapshot, 'k', query);
  expect([first.outcome, second.outcome]).toEqual(['miss', 'hit']);
  expect(second.entry.frame.bytes).toBe(first.entry.frame.bytes);
  expect(engine.asked).toHaveLength(1);
});

test('keeps frames of different snapshots apart', async () => {
  const engine = fakeEngine();
  const cache = createFrameCache({ engine });
  await cache.get(fakeSnapshot('a', { id: '1' }), 'k', query);
  expect((await cache.get(fakeSnapshot('a', { id: '2' }), 'k', query)).outcome).toBe('miss');
});

test('counts frames in the account of memory, for which they give way', async () => {
  const plain = createFrameCache({ engine: fakeEngine() });
  await plain.get(fakeSnapshot('a'), 'a', query);
  const account = new Account({ limitBytes: plain.bytesHeld * 2.5 });
  const cache = createFrameCache({ engine: fakeEngine(), account });
  for (const key of ['a', 'b', 'c']) await cache.get(fakeSnapshot('a'), key, query);
  expect(account.keptBytes).toBe(plain.bytesHeld * 2);
  expect(account.book(plain.bytesHeld)).toBe(true);
  expect(cache.entries().map(({ key }) => key)).toEqual(['c']);
  expect(account.peakBytes).toBe(plain.bytesHeld * 2);
});

test('codes a frame once, and counts what it holds', async () => {
  const cache = createFrameCache({ engine: fakeEngine(5000) });
  const { entry } = await cache.get(fakeSnapshot('a'), 'k', query);
  const before = cache.bytesHeld;
  const [one, other] = await Promise.all([cache.bytes(entry, 'br'), cache.bytes(entry, 'br')]);
  expect(other.bytes).toBe(one.bytes);
  expect((await cache.bytes(entry, 'br')).bytes).toBe(one.bytes);
  expect(cache.bytesHeld).toBe(before + one.bytes.length);
  const plain = (await cache.bytes(entry, 'identity')).bytes;
  expect(brotliDecompressSync(one.bytes).equals(plain)).toBe(true);
  const zipped = await cache.bytes(entry, 'gzip');
  expect(gunzipSync(zipped.bytes).equals(plain)).toBe(true);
  expect(cache.bytesHeld).toBe(before + one.bytes.length + zipped.bytes.length);
  expect(cache.entries()[0]!.coded.size).toBe(2);
});

test('sends small frames uncoded', async () => {
  const cache = createFrameCache({ engine: fakeEngine(1) });
  const { entry } = await cache.get(fakeSnapshot('a'), 'k', query);
  expect((await cache.bytes(entry, 'br')).coding).toBe('identity');
});

test('stays within its bytes', async () => {
  const cache = createFrameCache({ engine: fakeEngine(1000), maxBytes: 40_000 });
  for (let i = 0; i < 20; i++) await cache.get(fakeSnapshot('a'), `k${i}`, query);
  expect(cache.bytesHeld).toBeLessThanOrEqual(40_000);
  expect(cache.entries().length).toBeGreaterThan(0);
  expect((await cache.get(fakeSnapshot('a'), 'k0', query)).outcome).toBe('miss');
});

test("forgets one frame, one dataset's, or all", async () => {
  const cache = createFrameCache({ engine: fakeEngine() });
  for (const dataset of ['a', 'b']) {
    for (const key of ['k', 'l'])
      await cache.get(fakeSnapshot(dataset, { id: dataset }), key, query);
  }
  const before = cache.bytesHeld;
  const one = await cache.clear({ dataset: 'a', key: 'k' });
  expect(one).toEqual({ frames: 1, bytes: before - cache.bytesHeld });
  expect(one.bytes).toBeGreaterThan(0);
  expect((await cache.clear({ dataset: 'b' })).frames).toBe(2);
  expect(cache.entries().map(({ dataset, key }) => dataset + key)).toEqual(['al']);
  expect((await cache.clear({})).frames).toBe(1);
  expect(cache.bytesHeld).toBe(0);
});

test('forgets the frames of snapshots that are gone, and no others', async () => {
  const cache = createFrameCache({ engine: fakeEngine() });
  for (const [dataset, id] of [
    ['a', '1'],
    ['a', '2'],
    ['a', '3'],
    ['b', '4'],
  ] as const)
    await cache.get(fakeSnapshot(dataset, { id }), 'k', query);
  cache.keepOnly('a', new Set(['3', '2']));
  const left = cache.entries().map(({ dataset, snapshot }) => dataset + snapshot);
  expect(left.toSorted()).toEqual(['a2', 'a3', 'b4']);
});

test('keeps frames on disk over restarts, where they took long or the dataset says so', async () => {
  const dir = mkdtempSync(join(tmpdir(), 'halftone-frames-'));
  onTestFinished(() => rmSync(dir, { recursive: true, force: true }));
  const start = (cache: CacheTier, computeMs: number) => {
    const engine = fakeEngine();
    const store = openFrameStore({ dir, now: () => 5_000 });
    const frame: typeof engine.frame = async (...ask) => {
      const made = await engine.frame(...ask);
      return { ...made, timing: { ...made.timing, computeMs } };
    };
    const frames = createFrameCache({
      engine: { ...engine, frame },
      store,
      servingOf: () => ({ cache, warmup: [] }),
      now: () => 8_000,
    });
    const get = async (key: string) => {
      const answer = await frames.get(fakeSnapshot('a'), key, query);
      await store.idle();
      return answer;
    };
    return { engine, frames, store, get };
  };
  const first = start('auto', 100);
  const made = await first.get('slow');
  expect(made.outcome).toBe('miss');
  await start('auto', 1).get('quick');
  await start('memory', 100).get('kept nowhere');
  await start('disk', 1).get('kept');
  const second = start('auto', 100);
  const found = await second.get('slow');
  expect([found.outcome, found.ageMs]).toEqual(['disk', 3_000]);
  expect(Buffer.from(found.entry.frame.bytes).equals(Buffer.from(made.entry.frame.bytes))).toBe(
    true,
  );
  expect(found.entry.frame.metadata).toEqual(made.entry.frame.metadata);
  expect((await second.get('slow')).outcome).toBe('hit');
  expect((await second.get('kept')).outcome).toBe('disk');
  expect(second.engine.asked).toHaveLength(0);
  expect((await second.get('quick')).outcome).toBe('miss');
  expect((await second.get('kept nowhere')).outcome).toBe('miss');
  // Another snapshot is another frame.
  const other = await second.frames.get(fakeSnapshot('a', { id: 'snap-2' }), 'slow', query);
  expect(other.outcome).toBe('miss');
  expect((await second.frames.clear({ dataset: 'a' })).frames).toBeGreaterThan(4);
  expect((await start('auto', 100).get('slow')).outcome).toBe('miss');
});
