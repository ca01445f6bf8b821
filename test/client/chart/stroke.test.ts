import { describe, expect, test } from 'vitest';
import { strokeLine } from '../../../client/chart/render/stroke.js';
import { randomNumbers } from '../../fixtures/tiny-tables.js';
import { strokeOfAllRows } from '../../reference/all-rows.js';
import { strokeArea } from '../../reference/stroke-area.js';

function coverOf(
  x: readonly number[],
  y: readonly number[],
  size: { width: number; height: number },
  radius: number,
): Float64Array {
  const cover = new Float64Array(size.width * size.height);
  const line = { x: Float64Array.from(x), y: Float64Array.from(y) };
  strokeLine(line, { ...size, radius }, (pixel, share) => (cover[pixel]! += share));
  return cover;
}

const most = (a: Float64Array, b: Float64Array): number =>
  a.reduce((worst, value, i) => Math.max(worst, Math.abs(value - b[i]!)), 0);

const SIZE = { width: 24, height: 18 };

describe('the stroke of a line', () => {
  test('covers of each pixel what is within its radius, to a 255th', () => {
    const random = randomNumbers(3);
    for (const vertices of [2, 3, 6, 20, 100, 2000]) {
      for (const radius of [0.5, 0.75, 1, 1.5, 4]) {
        const x = Array.from({ length: vertices }, () => random() * 26 - 1).toSorted(
          (a, b) => a - b,
        );
        const y = x.map((at) => 9 + 5 * Math.sin(at) + (random() - 0.5) * (vertices % 5) * 4);
        const worst = most(coverOf(x, y, SIZE, radius), strokeOfAllRows({ x, y }, SIZE, radius));
        expect(worst).toBeLessThan(2 / 255);
      }
    }
  });

  test('is that of the definition, also around gaps', () => {
    const x = [1, 4, 5, 6, 6.5, 7.2, 9, 15, 20];
    const y = [3, 9, NaN, 12, 4, NaN, 5, 14, 1];
    expect(most(coverOf(x, y, SIZE, 0.75), strokeArea({ x, y }, SIZE, 0.75))).toBeLessThan(0.05);
  });

  test('counts what two stretches cover once where they overlap, and both where they do not', () => {
    const overlapping = [5, 5, NaN, 5, 5];
    const apart = [5, 5, NaN, 12, 12];
    const x = [2, 8, 8.2, 8.4, 16];
    for (const y of [overlapping, apart]) {
      expect(most(coverOf(x, y, SIZE, 1), strokeArea({ x, y }, SIZE, 1))).toBeLessThan(0.05);
    }
  });

  test('tells each pixel once, and never more than the whole of it', () => {
    const random = randomNumbers(8);
    const x = Float64Array.from({ length: 500 }, (_, i) => i / 20);
    const y = Float64Array.from(x, () => (random() < 0.1 ? NaN : random() * 18));
    const told = new Set<number>();
    strokeLine({ x, y }, { ...SIZE, radius: 0.75 }, (pixel, cover) => {
      expect(told.has(pixel)).toBe(false);
      told.add(pixel);
      expect(cover).toBeLessThan(1 + 1e-4);
      expect(cover).toBeGreaterThan(-1e-4);
    });
    expect(told.size).toBeGreaterThan(100);
  });

  test('leaves nothing for no vertices, one, or none with a y', () => {
    for (const [x, y] of [
      [[], []],
      [[3], [3]],
      [
        [1, 2],
        [NaN, NaN],
      ],
      [
        [1, 2, 3],
        [4, NaN, 4],
      ],
    ] as const) {
      expect(coverOf(x, y, SIZE, 1).every((cover) => cover === 0)).toBe(true);
    }
  });

  test('does not care for vertices that are repeated, or far beyond the picture', () => {
    const once = coverOf([2, 9, 20], [3, 12, 5], SIZE, 1);
    expect(coverOf([2, 2, 9, 9, 9, 20], [3, 3, 12, 12, 12, 5], SIZE, 1)).toEqual(once);
    const far = coverOf([-1e7, 12, 1e7], [9, 9, 9], SIZE, 1);
    expect(far[9 * 24 + 12]).toBeCloseTo(1, 5);
    expect(coverOf([1, 12, 20], [-1e12, 9, 1e12], SIZE, 1).every(Number.isFinite)).toBe(true);
  });
});
