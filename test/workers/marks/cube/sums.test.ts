import { describe, expect, test } from 'vitest';
import { joinCounts } from '../../../../workers/marks/cube/join.js';
import { addPair } from '../../../../workers/marks/cube/pair-sum.js';
import { edgeCount, prefixCounts, prefixSums } from '../../../../workers/marks/cube/prefix.js';
import { randomNumbers } from '../../../helpers/test-columns.js';

const check = (): void => {};

describe('a sum in a pair of doubles', () => {
  const sumOf = (list: readonly number[]): [number, number] => {
    const [high, low] = [new Float64Array(1), new Float64Array(1)];
    for (const value of list) addPair(high, low, 0, value, 0);
    return [high[0]!, low[0]!];
  };

  test('of whole numbers is exact beyond 2^53, and the same in any order', () => {
    const random = randomNumbers(2);
    const values = Array.from({ length: 500 }, () => (random() - 2 ** 31) * 2 ** (random() % 40));
    const exact = values.reduce((sum, value) => sum + BigInt(value), 0n);
    const [high, low] = sumOf(values);
    expect(BigInt(high) + BigInt(low)).toBe(exact);
    expect(sumOf(values.toReversed())).toEqual([high, low]);
    expect(sumOf(values.toSorted((a, b) => a - b))).toEqual([high, low]);
  });

  test('keeps what is small beside what is large and goes again', () => {
    const [high, low] = sumOf([1e16, 0.25, -1e16]);
    expect(high + low).toBe(0.25);
  });

  test('that is not finite stays so, without a rest', () => {
    expect(sumOf([1, Infinity, 5])).toEqual([Infinity, 0]);
    expect(sumOf([Infinity, -Infinity])[0]).toBeNaN();
  });
});

describe('counts of several tasks', () => {
  test('are doubles where there may be more than 2^32 of them, and so are their sums over edges', () => {
    const parts = [Uint32Array.of(2 ** 32 - 1, 1), Uint32Array.of(2 ** 32 - 1, 2)];
    const wide = joinCounts(parts, 2 ** 33, check);
    expect([...wide]).toEqual([2 ** 33 - 2, 3]);
    expect(joinCounts([Uint32Array.of(1), Uint32Array.of(2)], 3, check)).toEqual(Uint32Array.of(3));
    const shape = { width: 1, height: 0, stride: 1, check };
    const picked = { bins: Int32Array.of(0), to: Int32Array.of(0) };
    const out = prefixCounts(wide, 2, picked, shape, new Float64Array(2));
    expect([...out]).toEqual([0, 2 ** 33 - 2]);
  });
});

describe('sums over the edges', () => {
  const [width, height, from] = [4, 3, 3];
  const random = randomNumbers(9);
  const counts = Uint32Array.from({ length: width * height * from }, () => random() % 100);
  const picked = { bins: Int32Array.of(2, 0), to: Int32Array.of(0, 3) };

  test.each([0, height])('are those of all cells before them, with %i rows of cells', (rows) => {
    const shape = { width, height: rows, stride: 5, check };
    const size = edgeCount(shape) * 5;
    const out = prefixCounts(counts, from, picked, shape, new Uint32Array(size));
    const cells = {
      high: Float64Array.from(counts, (count) => count / 4),
      low: new Float64Array(counts.length),
    };
    const empty = { high: new Float64Array(size), low: new Float64Array(size) };
    const sums = prefixSums(cells, from, picked, shape, empty);
    for (let y = 0; y <= rows; y++) {
      for (let x = 0; x <= width; x++) {
        for (const [k, bin] of picked.bins.entries()) {
          let wanted = 0;
          for (let v = 0; v < (rows === 0 ? 1 : y); v++) {
            for (let u = 0; u < x; u++) wanted += counts[(v * width + u) * from + bin]!;
          }
          const at = (y * (width + 1) + x) * 5 + picked.to[k]!;
          expect(out[at]).toBe(wanted);
          expect(sums.high[at]).toBe(wanted / 4);
        }
      }
    }
  });
});
