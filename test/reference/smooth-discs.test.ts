import { expect, test } from 'vitest';
import { smoothDiscs } from './smooth-discs.js';

const SIZE = { width: 12, height: 10 };

test('a disc has its area, full inside and smooth at its edge', () => {
  const cover = smoothDiscs([6], [5], SIZE, { radius: 3, opacity: 1 });
  expect(cover.reduce((sum, part) => sum + part, 0)).toBeCloseTo(Math.PI * 9, 1);
  expect(cover[5 * 12 + 6]).toBeCloseTo(1, 6);
  // Beside the leftmost point: a segment of the disc.
  expect(cover[5 * 12 + 3]).toBeGreaterThan(0.9);
  expect(cover[1 * 12 + 6]).toBe(0);
});

test('n discs at one place have the opacity 1 - (1 - a)^n', () => {
  for (const n of [1, 2, 7]) {
    const same = Array<number>(n).fill(5.5);
    const cover = smoothDiscs(same, same, SIZE, { radius: 2, opacity: 0.3 });
    expect(cover[5 * 12 + 5]).toBeCloseTo(1 - 0.7 ** n, 6);
  }
});

test('what is beyond the picture is cut off', () => {
  const cover = smoothDiscs([0, 30], [5, 5], SIZE, { radius: 2, opacity: 1 });
  expect(cover.reduce((sum, part) => sum + part, 0)).toBeCloseTo(Math.PI * 2, 1);
});
