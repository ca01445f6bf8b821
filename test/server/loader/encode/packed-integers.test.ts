import fc from 'fast-check';
import { expect, test } from 'vitest';
import { packIntegers, unpackIntegers } from '../../../../server/loader/encode/packed-integers.js';

test.each([
  [-(2n ** 63n), 2n ** 63n - 1n, true],
  [0n, 2n ** 63n, false],
  [-(2n ** 127n), 2n ** 127n - 1n, false],
])('whole numbers from %s to %s and nulls are what they were', (min, max, isTyped) => {
  const value = fc.oneof(fc.bigInt({ min, max }), fc.constantFrom(null, min, max));
  fc.assert(
    fc.property(fc.array(value), (list) => {
      const packed = packIntegers(list, { min, max });
      expect(packed.values instanceof BigInt64Array).toBe(isTyped);
      expect(unpackIntegers(structuredClone(packed))).toEqual(list);
    }),
  );
});

test('nulls alone have no range', () => {
  expect(unpackIntegers(packIntegers([null, null]))).toEqual([null, null]);
});
