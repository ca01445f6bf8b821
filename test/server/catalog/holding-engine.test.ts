import { expect, test } from 'vitest';
import { createHolds, holdingEngine } from '../../../server/catalog/holding-engine.js';
import { fakeEngine, fakeSnapshot } from '../helpers.js';

const snapshot = fakeSnapshot('a');

test('a snapshot is in use until the last who took it lets it go', () => {
  const holds = createHolds();
  const [one, two] = [holds.take(snapshot), holds.take(snapshot)];
  one();
  one();
  expect(holds.has(snapshot.dir)).toBe(true);
  two();
  expect(holds.has(snapshot.dir)).toBe(false);
});

test('a snapshot is in use while an answer is computed, also one that fails, and an export that is left', async () => {
  const holds = createHolds();
  let fail!: (error: Error) => void;
  const engine = holdingEngine(
    { ...fakeEngine(), frame: () => new Promise((_resolve, reject) => (fail = reject)) },
    holds,
  );
  const frame = engine.frame(snapshot, { dataset: 'a', mark: 'rows' });
  expect(holds.has(snapshot.dir)).toBe(true);
  fail(new Error('x'));
  await expect(frame).rejects.toThrow('x');
  expect(holds.has(snapshot.dir)).toBe(false);
  for await (const _ of engine.rows(snapshot, [])) {
    expect(holds.has(snapshot.dir)).toBe(true);
    break;
  }
  expect(holds.has(snapshot.dir)).toBe(false);
});
