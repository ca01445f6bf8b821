import { describe, expect, test } from 'vitest';
import { marginOfEach, marginOfTotal } from '../../../workers/sample/margins.js';
import { randomNumbers } from '../../helpers/test-columns.js';

describe('the margin of a total', () => {
  test('is nothing where all parts are in proportion', () => {
    expect(marginOfTotal([10, 20, 30, 40], [1, 2, 3, 4])).toBeCloseTo(0, 9);
  });

  test("is Student's, by hand", () => {
    // Of 4 parts of equal size with 1, 2, 3, 4: the variance of their sum is 4 · 5/3.
    expect(marginOfTotal([1, 2, 3, 4], [1, 1, 1, 1], 2)).toBeCloseTo(
      2 * 3.896 * Math.sqrt((4 * 5) / 3),
      6,
    );
  });
});

describe('the margin of each of many', () => {
  const of = (parts: number[][]) => {
    const size = parts[0]!.length;
    const magnitude = Array.from({ length: size }, (_, i) =>
      parts.reduce((sum, part) => sum + Math.abs(part[i]!), 0),
    );
    return { parts: parts.length, size, magnitude, of: (g: number, i: number) => parts[g]![i]! };
  };

  /** Every halving of the parts, without a shortcut. */
  function byHand(parts: number[][]): number {
    let most = 0;
    for (let bits = 0; bits < 2 ** parts.length; bits++) {
      const signs = parts.map((_, g) => ((bits >> g) & 1 ? 1 : -1));
      if (signs.reduce((sum: number, sign) => sum + sign, 0) !== 0) continue;
      for (let i = 0; i < parts[0]!.length; i++) {
        most = Math.max(
          most,
          Math.abs(parts.reduce((sum, part, g) => sum + signs[g]! * part[i]!, 0)),
        );
      }
    }
    return most;
  }

  test('is the largest difference of two halves anywhere, with a safety', () => {
    const random = randomNumbers(3);
    for (const [count, safety] of [
      [4, 2.5],
      [8, 1.4],
    ] as const) {
      for (let round = 0; round < 50; round++) {
        const parts = Array.from({ length: count }, () =>
          Array.from({ length: 30 }, () => (random() % 100) ** 2 / (1 + (round % 7) * 300)),
        );
        expect(marginOfEach(of(parts))).toBeCloseTo(safety * byHand(parts), 6);
      }
    }
  });

  test('counts sums below nothing by their size', () => {
    const parts = [
      [-5, 1],
      [5, 1],
      [-5, 1],
      [5, 1],
    ];
    expect(marginOfEach(of(parts), 3)).toBeCloseTo(3 * 2.5 * 20, 9);
  });

  test('is nothing of nothing', () => {
    expect(marginOfEach(of([[0], [0], [0], [0]]))).toBe(0);
  });
});
