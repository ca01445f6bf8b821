import { expect, test } from 'vitest';
import type { Query } from '../../../protocol/query.js';
import { createCatalog } from '../../../server/catalog/catalog.js';
import { checkQuery } from '../../../server/engine/check-query.js';
import { createFrameCache } from '../../../server/frames/frame-cache.js';
import { canonicalQuery, keyOf } from '../../../server/frames/query-key.js';
import { warmUp } from '../../../server/frames/warm-up.js';
import { fakeEngine, fakeParts, fakeSnapshot, fakeSource } from '../helpers.js';

const query: Query = { dataset: 'a', mark: 'histogram', x: 'x' };
const never = new AbortController().signal;

function warming(warmup: (string | object)[]) {
  const engine = fakeEngine();
  const frames = createFrameCache({ engine });
  const warnings: string[] = [];
  return {
    engine,
    frames,
    warnings,
    parts: {
      frames,
      checkQuery,
      servingOf: () => ({ cache: 'auto' as const, warmup }),
      warn: (message: string) => warnings.push(message),
    },
  };
}

test('computes the views that are named, so that the first who asks is answered from the cache', async () => {
  const { engine, frames, parts, warnings } = warming([
    query,
    'explore/a?mark=scatter&x=x&y=x&f.x=1..2',
  ]);
  const snapshot = fakeSnapshot('a');
  await warmUp(parts, snapshot, never);
  expect(warnings).toEqual([]);
  expect(engine.asked).toHaveLength(2);
  expect(engine.asked[1]).toMatchObject({
    mark: 'scatter',
    x: 'x',
    y: 'x',
    domain: { x: [0.98, 2.02] },
  });
  expect(engine.asked[1]!.filters).toHaveLength(1);
  const canonical = canonicalQuery(query);
  expect((await frames.get(snapshot, keyOf(canonical), canonical)).outcome).toBe('hit');
});

test('a view that cannot be computed is told, and the others are', async () => {
  const { engine, parts, warnings } = warming([{ mark: 'pie' }, 'explore/other?mark=bar', query]);
  await warmUp(parts, fakeSnapshot('a'), never);
  expect(engine.asked).toHaveLength(1);
  expect(warnings).toHaveLength(2);
  expect(warnings[0]).toContain('pie');
  expect(warnings[1]).toContain('explore/other');
});

test('a new snapshot answers nobody, and is announced to nobody, before it is warm', async () => {
  let warm = (): void => {};
  const events: string[] = [];
  const catalog = createCatalog({
    parts: fakeParts(),
    events: { publish: ({ name }) => events.push(name) },
    now: () => 0,
    warm: () => new Promise<void>((resolve) => (warm = resolve)),
  });
  catalog.add([fakeSource('a')]);
  await expect.poll(() => catalog.get('a').progress).toBeDefined();
  await new Promise((resolve) => setImmediate(resolve));
  expect(() => catalog.snapshot('a')).toThrow('still being loaded');
  expect(events).not.toContain('snapshot');
  warm();
  await catalog.idle();
  expect(catalog.snapshot('a').manifest.id).toBe('snap-1');
  expect(events).toContain('snapshot');
});
