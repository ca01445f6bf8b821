import { brotliDecompressSync, gunzipSync } from 'node:zlib';
import { expect, test } from 'vitest';
import type { Query } from '../../../protocol/query.js';
import { createFrameCache } from '../../../server/frames/frame-cache.js';
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
  expect(cache.clear({ dataset: 'a', key: 'k' })).toBe(1);
  expect(cache.clear({ dataset: 'b' })).toBe(2);
  expect(cache.entries().map(({ dataset, key }) => dataset + key)).toEqual(['al']);
  expect(cache.clear({})).toBe(1);
  expect(cache.bytesHeld).toBe(0);
});
