import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  doubleKeys,
  integerKeys,
  type NumberKeys,
} from '../../../../workers/marks/rows/number-key.js';

function keyOf(keys: NumberKeys, value: number): bigint {
  const key = { high: 0, low: 0 };
  keys.write(value, key);
  // What a key stands for is the number it was made of, -0 apart.
  expect(keys.read(key.high, key.low)).toBe(value === 0 ? 0 : value);
  return (BigInt(key.high) << 32n) | BigInt(key.low);
}

/** -1, 0 or 1, as a sort has it. */
const sign = (a: bigint | number, b: bigint | number): number => (a < b ? -1 : a > b ? 1 : 0);

test('of doubles are in their order, NaN above all, in either direction', () => {
  const special = fc.constantFrom(NaN, Infinity, -Infinity, 0, -0, 5e-324, -5e-324);
  fc.assert(
    fc.property(
      fc.oneof(fc.double(), special),
      fc.oneof(fc.double(), special),
      fc.boolean(),
      (a, b, descending) => {
        const keys = doubleKeys(descending);
        const [x, y] = [a, b].map((value) => (Number.isNaN(value) ? 'NaN' : value));
        const order =
          x === 'NaN' || y === 'NaN' ? Number(x === 'NaN') - Number(y === 'NaN') : sign(a, b);
        expect(sign(keyOf(keys, a), keyOf(keys, b))).toBe(
          order === 0 ? 0 : descending ? -order : order,
        );
      },
    ),
    { numRuns: 2000, seed: 1 },
  );
});

test('of whole numbers are in their order, up to 53 bits of them', () => {
  const least = -(2 ** 52);
  const number = fc.oneof(
    fc.integer({ min: least, max: 2 ** 52 - 1 }),
    fc.constantFrom(least, 2 ** 52 - 1, 0, 1),
  );
  fc.assert(
    fc.property(number, number, fc.boolean(), (a, b, descending) => {
      const keys = integerKeys(least, 53, descending);
      const order = sign(a, b);
      expect(sign(keyOf(keys, a), keyOf(keys, b))).toBe(
        order === 0 ? 0 : descending ? -order : order,
      );
    }),
    { numRuns: 2000, seed: 1 },
  );
});
