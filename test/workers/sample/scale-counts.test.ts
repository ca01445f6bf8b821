import { expect, test } from 'vitest';
import { rowsOf } from '../../../workers/sample/sample.js';
import { scaleCounts } from '../../../workers/sample/scale-counts.js';

test('counts of a sample become whole numbers in proportion that have the given sum', () => {
  const before = Uint32Array.of(0, 1, 1, 0, 5, 12, 1);
  const counts = before.slice();
  scaleCounts(counts, 247);
  expect(counts.reduce((sum, count) => sum + count, 0)).toBe(247);
  for (const [i, count] of counts.entries()) {
    expect(Math.abs(count - (before[i]! * 247) / 20)).toBeLessThanOrEqual(1);
  }
  expect([counts[0], counts[3]]).toEqual([0, 0]);
});

test('no counts stay none', () => {
  const counts = new Uint32Array(3);
  scaleCounts(counts, 10);
  expect([...counts]).toEqual([0, 0, 0]);
});

test('rows of a sample add up, whatever is rounded', () => {
  for (const weight of [1, 3.3, 7.5, 31.999]) {
    for (const [drawn, outside, dropped] of [
      [3, 5, 7],
      [0, 5, 7],
      [0, 0, 7],
      [1, 1, 1],
      [0, 0, 0],
    ] as const) {
      const found = drawn + outside + dropped;
      const sample = { weight, share: 1 / weight, read: [found], matched: [found] };
      const matched = Math.round(found * weight);
      const rows = rowsOf({ total: 1000, matched, sample }, { drawn, outside, dropped });
      expect(rows.drawn + rows.outside + rows.dropped).toBe(rows.matched);
      for (const count of Object.values(rows)) expect(count).toBeGreaterThanOrEqual(0);
      if (drawn === 0) expect(rows.drawn).toBe(0);
      if (drawn + outside === 0) expect(rows.outside).toBe(0);
    }
  }
});

test('rows of all rows are what was found', () => {
  const placed = { drawn: 1, outside: 2, dropped: 3 };
  expect(rowsOf({ total: 9, matched: 6 }, placed)).toEqual({ total: 9, matched: 6, ...placed });
});
