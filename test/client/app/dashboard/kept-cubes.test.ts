import { expect, test } from 'vitest';
import { keepCubes, type ReadyCube } from '../../../../client/app/dashboard/kept-cubes.js';

const made = (bytes: number, extremes: unknown = null): ReadyCube =>
  ({
    frame: { byteLength: 0 },
    cube: { counts: new Uint8Array(bytes), extremes },
  }) as unknown as ReadyCube;

test('gives up the brush that was used longest ago, whole', () => {
  const kept = keepCubes(1000);
  for (const key of ['a', 'b', 'a', 'c']) {
    const brush = kept.use(key);
    brush.asked.add('x');
    brush.ready.set('x', made(400));
    kept.trim(brush);
  }
  const found = ['a', 'c', 'b'].map((key) => kept.use(key).ready.size);
  expect(found).toEqual([1, 1, 0]);
});

test('leaves a brush alone while it is being made, and gives up its largest cubes afterwards', () => {
  const kept = keepCubes(1000);
  const brush = kept.use('a');
  for (const [id, bytes] of Object.entries({ small: 300, huge: 5000, large: 900 })) {
    brush.asked.add(id);
    brush.ready.set(id, made(bytes));
    kept.trim(brush);
  }
  expect([...brush.ready.keys()]).toEqual(['small', 'huge', 'large']);
  kept.trim();
  expect([...brush.ready.keys()]).toEqual(['small']);
  expect([...brush.asked]).toEqual(['small']);
  expect(kept.use('a')).toBe(brush);
});

test('counts what is made of extremes, and brushes without any cube', () => {
  const kept = keepCubes(1000);
  const brush = kept.use('a');
  brush.ready.set(
    'x',
    made(400, () => undefined),
  );
  kept.trim();
  expect(brush.ready.size).toBe(0);
  const first = kept.use('k'.repeat(600));
  kept.use('l'.repeat(600));
  kept.trim();
  expect(kept.use('k'.repeat(600))).not.toBe(first);
});
