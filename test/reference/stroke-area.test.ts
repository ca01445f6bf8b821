import { describe, expect, test } from 'vitest';
import { randomNumbers } from '../fixtures/tiny-tables.js';
import { strokeOfAllRows } from './all-rows.js';
import { strokeArea, type Polyline } from './stroke-area.js';

const SIZE = { width: 12, height: 9 };
const sum = (area: Float64Array): number => area.reduce((whole, part) => whole + part, 0);
const most = (a: Float64Array, b: Float64Array): number =>
  a.reduce((worst, value, i) => Math.max(worst, Math.abs(value - b[i]!)), 0);

describe.each([
  ['counted on a grid', strokeArea],
  ['slice by slice', strokeOfAllRows],
] as const)('a stroke %s', (_name, areaOf) => {
  test('of a horizontal line covers its width, and half a disc at each end', () => {
    const area = areaOf({ x: [3, 9], y: [4.5, 4.5] }, SIZE, 0.75);
    for (let c = 4; c < 8; c++) {
      expect(area[3 * 12 + c]).toBeCloseTo(0.25, 2);
      expect(area[4 * 12 + c]).toBeCloseTo(1, 2);
      expect(area[5 * 12 + c]).toBeCloseTo(0.25, 2);
      expect(area[2 * 12 + c]).toBe(0);
    }
    expect(sum(area)).toBeCloseTo(6 * 1.5 + Math.PI * 0.75 ** 2, 1);
  });

  test('of a vertical line covers as much, turned', () => {
    const area = areaOf({ x: [4.5, 4.5], y: [2, 7] }, SIZE, 1);
    for (let line = 3; line < 6; line++) {
      expect([3, 4, 5].map((c) => area[line * 12 + c])).toEqual([
        expect.closeTo(0.5, 2),
        expect.closeTo(1, 2),
        expect.closeTo(0.5, 2),
      ]);
    }
    expect(sum(area)).toBeCloseTo(5 * 2 + Math.PI, 1);
  });

  test('of a diagonal line has the area of a rectangle and a disc', () => {
    const area = areaOf({ x: [2.93, 7.93], y: [2.04, 7.04] }, SIZE, 0.75);
    const whole = 5 * Math.SQRT2 * 1.5 + Math.PI * 0.75 ** 2;
    expect(Math.abs(sum(area) - whole)).toBeLessThan(0.01 * whole);
    // The line passes 0.055 below the middle of this pixel, so that one corner is farther away than 0.75.
    const far = Math.SQRT2 / 2 + 0.11 / Math.SQRT2 - 0.75;
    expect(area[4 * 12 + 5]).toBeCloseTo(1 - far ** 2, 2);
  });

  test('of a line there and back covers no more than once', () => {
    const there = areaOf({ x: [2, 9], y: [2, 6] }, SIZE, 1);
    const back = areaOf({ x: [2, 9, 9], y: [2, 6, 6] }, SIZE, 1);
    expect(most(there, back)).toBe(0);
  });

  test('beyond the picture leaves nothing, and is cut at its edge', () => {
    expect(sum(areaOf({ x: [-9, -5], y: [3, 4] }, SIZE, 1))).toBe(0);
    expect(sum(areaOf({ x: [2, 9], y: [-1000, -1000] }, SIZE, 1))).toBe(0);
    expect(sum(areaOf({ x: [-5, 30], y: [4, 4] }, SIZE, 1))).toBeCloseTo(24, 5);
  });
});

test('both ways to count agree on random lines, crowded or not', () => {
  const random = randomNumbers(11);
  for (const vertices of [2, 3, 5, 12, 60]) {
    for (const radius of [0.5, 0.75, 1, 1.5, 2.5]) {
      const x = Array.from({ length: vertices }, () => random() * 14 - 1).toSorted((a, b) => a - b);
      const y = x.map(() => random() * 11 - 1);
      const line: Polyline = { x, y };
      const worst = most(strokeArea(line, SIZE, radius), strokeOfAllRows(line, SIZE, radius));
      // A grid of 32 by 32 points is off by about one row of them at each side.
      expect(worst).toBeLessThan(0.05);
    }
  }
});
