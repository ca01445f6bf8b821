import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { quantileOf, selectNth } from '../../../workers/aggregate/select-nth.js';

const values = fc.array(fc.double({ noNaN: true }), { minLength: 1, maxLength: 60 });

describe('the n-th value', () => {
  test('is the one that a sort puts there, and the others stay on their sides', () => {
    fc.assert(
      fc.property(values, fc.nat(), (list, pick) => {
        const k = pick % list.length;
        const array = Float64Array.from(list);
        selectNth(array, 0, array.length, k);
        const sorted = list.map((value) => value + 0).toSorted((a, b) => a - b);
        expect(array[k]! + 0).toBe(sorted[k]);
        expect(array.subarray(0, k).every((value) => value <= array[k]!)).toBe(true);
        expect(array.subarray(k).every((value) => value >= array[k]!)).toBe(true);
      }),
    );
  });
});

describe('a quantile', () => {
  test.each([
    [[1, 2, 3, 4], 0.5, 2.5],
    [[7], 0.3, 7],
    [[1, 2], 0, 1],
    [[2, 1], 1, 2],
    [[Infinity, Infinity], 0.5, Infinity],
    [[-Infinity, 5], 0.5, -Infinity],
    [[5, Infinity], 0.1, Infinity],
    [[-1.7e308, 1.7e308], 0.5, 0],
    [[-Infinity, Infinity], 0.5, NaN],
  ])('of %j at %f is %f', (list, p, expected) => {
    expect(quantileOf(Float64Array.from(list), 0, list.length, p)).toBe(expected);
  });
});
