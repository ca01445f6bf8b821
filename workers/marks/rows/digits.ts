import { BLOCK_ROWS } from '../../columns.js';
import type { Mark } from '../../scan/mark.js';
import { NULL_DIGIT, openDigits, type Slice } from './slice.js';

export interface DigitsPlan {
  kind: 'digits';
  slice: Omit<Slice, 'from' | 'to'>;
}

/** How many rows of a slice have each next digit: one step of a radix selection. */
export const digits: Mark<DigitsPlan, Uint32Array<ArrayBuffer>, Uint32Array<ArrayBuffer>> = {
  open({ slice }, scope) {
    const digitsOf = openDigits(slice, scope);
    const out = new Int32Array(BLOCK_ROWS);
    const counts = new Uint32Array(NULL_DIGIT + 1);
    return {
      add(block) {
        digitsOf(block, out);
        for (let i = 0; i < block.rows; i++) if (out[i]! >= 0) counts[out[i]!]!++;
      },
      partial: () => counts,
    };
  },

  merge(_plan, [first, ...others]) {
    const counts = first!;
    for (const other of others) for (let i = 0; i < counts.length; i++) counts[i]! += other[i]!;
    return counts;
  },
};
