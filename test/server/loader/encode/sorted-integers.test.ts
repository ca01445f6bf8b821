import { expect, test } from 'vitest';
import fc from 'fast-check';
import { sortedIntegers } from '../../../../server/loader/encode/sorted-integers.js';

test.each([
  [-(2n ** 63n), 2n ** 63n - 1n],
  [0n, 2n ** 64n - 1n],
  [-1n, 2n ** 63n],
  [-(2n ** 127n), 2n ** 127n - 1n],
])('whole numbers from %s to %s are put in order, their ends among them', (min, max) => {
  fc.assert(
    fc.property(fc.array(fc.bigInt({ min, max })), (some) => {
      const values = [...some, max, min, max];
      const sorted = values.toSorted((a, b) => (a < b ? -1 : a > b ? 1 : 0));
      expect(Array.from(sortedIntegers(values, { min, max }))).toEqual(sorted);
    }),
  );
});

test('none are none', () => {
  expect(sortedIntegers([], { min: 1n, max: 1n })).toHaveLength(0);
});
