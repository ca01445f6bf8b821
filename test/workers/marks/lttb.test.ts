import { expect, test } from 'vitest';
import { lttb } from '../../../workers/marks/line/lttb.js';
import { randomNumbers } from '../../helpers/test-columns.js';

function walk(count: number, seed: number): { x: Float64Array; y: Float64Array } {
  const random = randomNumbers(seed);
  let at = 0;
  let height = 0;
  const x = Float64Array.from({ length: count }, () => (at += random() % 3));
  const y = Float64Array.from({ length: count }, () => (height += (random() % 21) - 10));
  return { x, y };
}

/** Steinarsson's thesis, word for word: buckets, and for each the point of the largest triangle. */
function lttbByTheBook(x: Float64Array, y: Float64Array, budget: number): number[] {
  const every = (x.length - 2) / (budget - 2);
  const bucket = (k: number): number[] => {
    if (k === 0) return [0];
    if (k === budget - 1) return [x.length - 1];
    const from = Math.floor((k - 1) * every) + 1;
    return Array.from({ length: Math.floor(k * every) + 1 - from }, (_, i) => from + i);
  };
  const kept = [0];
  for (let k = 1; k < budget - 1; k++) {
    const next = bucket(k + 1);
    const meanX = next.reduce((sum, i) => sum + x[i]!, 0) / next.length;
    const meanY = next.reduce((sum, i) => sum + y[i]!, 0) / next.length;
    const a = kept.at(-1)!;
    const area = (i: number): number =>
      Math.abs((x[a]! - meanX) * (y[i]! - y[a]!) - (x[a]! - x[i]!) * (meanY - y[a]!));
    const areas = bucket(k).map(area);
    kept.push(bucket(k)[areas.indexOf(Math.max(...areas))]!);
  }
  return [...kept, x.length - 1];
}

test('keeps the points that the thesis describes', () => {
  for (const [count, budget] of [
    [1000, 100],
    [1000, 3],
    [101, 100],
    [5000, 17],
  ] as const) {
    const { x, y } = walk(count, count + budget);
    expect([...lttb(x, y, budget)]).toEqual(lttbByTheBook(x, y, budget));
  }
});

test('keeps all of few points, and the ends where there is room for no more', () => {
  const { x, y } = walk(10, 1);
  expect([...lttb(x, y, 10)]).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
  expect([...lttb(x, y, 2)]).toEqual([0, 9]);
  expect([...lttb(x.subarray(0, 0), y, 5)]).toEqual([]);
});
