import { describe, expect, test } from 'vitest';
import { markShown, unmarkStraight } from '../../../../workers/marks/line/shown-vertices.js';
import { randomNumbers } from '../../../fixtures/tiny-tables.js';
import { strokeOfAllRows } from '../../../reference/all-rows.js';

const SIZE = { width: 30, height: 40 };
const unchecked = (): void => {};

function shown(x: readonly number[], y: readonly number[], radius: number): number[] {
  const stretch = { x: Float64Array.from(x), y: Float64Array.from(y) };
  const keep = new Uint8Array(x.length);
  markShown(stretch, { width: SIZE.width, radius }, keep, unchecked);
  unmarkStraight(stretch, keep, new Uint8Array(x.length));
  return [...keep.keys()].filter((i) => keep[i] === 1);
}

function mostOff(x: readonly number[], y: readonly number[], radius: number): number {
  const rows = shown(x, y, radius);
  const some = { x: rows.map((i) => x[i]!), y: rows.map((i) => y[i]!) };
  const all = strokeOfAllRows({ x, y }, SIZE, radius);
  return strokeOfAllRows(some, SIZE, radius).reduce(
    (most, cover, i) => Math.max(most, Math.abs(cover - all[i]!)),
    0,
  );
}

describe('the vertices that show', () => {
  test('make the picture of all, however many there are and however thick the stroke is', () => {
    const random = randomNumbers(21);
    for (const count of [2, 3, 10, 100, 1000, 20_000]) {
      for (const radius of [0.5, 0.75, 1.5, 3]) {
        const x = Array.from({ length: count }, () => random() * 32 - 1).toSorted((a, b) => a - b);
        for (const y of [
          x.map(() => random() * 40),
          x.map((at) => 20 + 18 * Math.sin(at)),
          x.map((at) => (Math.floor(at) % 3) * 15),
          x.map((at) => at + random()),
        ]) {
          expect(mostOff(x, y, radius)).toBeLessThan(3 / 255);
        }
      }
    }
  });

  test('are few where they crowd', () => {
    const random = randomNumbers(4);
    const x = Array.from({ length: 30_000 }, (_, i) => i / 1000);
    expect(
      shown(
        x,
        x.map(() => random() * 40),
        0.75,
      ).length,
    ).toBeLessThan(30 * 12);
    expect(
      shown(
        x,
        x.map((at) => 20 + 18 * Math.sin(at)),
        0.75,
      ).length,
    ).toBeLessThan(30 * 16);
    expect(
      shown(
        x,
        x.map(() => 7),
        0.75,
      ),
    ).toEqual([0, 29_999]);
  });

  test('hold the tip of a peak that is one row of a million', () => {
    const x = Array.from({ length: 100_000 }, (_, i) => (i * 30) / 100_000);
    const y = x.map((_, i) => (i === 41_234 ? 39 : 1));
    const kept = shown(x, y, 0.75);
    expect(kept).toContain(41_234);
    expect(kept.length).toBeLessThan(8);
  });

  test('are both ends of a line, and a vertex alone', () => {
    expect(shown([3], [4], 1)).toEqual([0]);
    expect(shown([3, 9], [4, 4], 1)).toEqual([0, 1]);
    expect(shown([], [], 1)).toEqual([]);
  });

  test('that are wanted stay, straight or not', () => {
    const stretch = { x: Float64Array.of(0, 1, 2, 3), y: Float64Array.of(5, 5, 5, 5) };
    const keep = Uint8Array.of(1, 1, 1, 1);
    unmarkStraight(stretch, keep, Uint8Array.of(0, 0, 1, 0));
    expect([...keep]).toEqual([1, 0, 1, 1]);
  });

  test('hold a tip, though the line comes back where it went', () => {
    const stretch = { x: Float64Array.of(0, 1e-5, 2e-5, 1), y: Float64Array.of(0, 30, 15, 15) };
    const keep = Uint8Array.of(1, 1, 1, 1);
    unmarkStraight(stretch, keep, new Uint8Array(4));
    expect(keep[1]).toBe(1);
  });

  test('of one of many stretches are looked at where it is', () => {
    const random = randomNumbers(5);
    const x = Array.from({ length: 2000 }, (_, i) => 12.3 + i / 1000);
    const y = x.map(() => random() * 40);
    expect(mostOff(x, y, 0.75)).toBeLessThan(3 / 255);
    expect(
      shown(
        x.map((at) => at + 100),
        y,
        0.75,
      ),
    ).toEqual([0, 1999]);
  });

  test('do not care for rows at the same place', () => {
    expect(mostOff([1, 1, 1, 9, 9, 20], [3, 3, 30, 30, 5, 5], 1)).toBeLessThan(1 / 255);
  });
});
