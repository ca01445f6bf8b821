import { expect, test } from 'vitest';
import { rangeExtremes } from '../../../client/cube/range-extremes.js';
import { randomNumbers } from '../../helpers/test-columns.js';

const STRIDE = 5;
const BINS = 2;

/** The extremes by a walk over the pixels; NaN is no value. */
function byWalk(values: Float64Array, op: 'min' | 'max', a: number, b: number): number[] {
  return Array.from({ length: BINS }, (_, k) => {
    const own = [];
    for (let p = a; p < b; p++)
      if (!Number.isNaN(values[p * STRIDE + k])) own.push(values[p * STRIDE + k]!);
    return own.length === 0 ? NaN : Math[op](...own);
  });
}

test.each([0, 1, 15, 16, 17, 33, 64, 100])(
  'any stretch of %i pixels has the extremes of a walk',
  (pixels) => {
    const random = randomNumbers(pixels + 1);
    const odd = [NaN, NaN, NaN, Infinity, -Infinity, 0, -1.5];
    const values = Float64Array.from(
      { length: (pixels + 1) * STRIDE },
      () => odd[random() % 12] ?? (random() % 1000) / 8,
    );
    for (const op of ['min', 'max'] as const) {
      const extremes = rangeExtremes(values, { op, bins: BINS, stride: STRIDE, pixels });
      const out = new Float64Array(BINS);
      for (let a = 0; a <= pixels; a++) {
        for (let b = a; b <= pixels; b++) {
          extremes(a, b, out);
          expect([...out], `${op} of ${a} to ${b}`).toEqual(byWalk(values, op, a, b));
        }
      }
    }
  },
);
