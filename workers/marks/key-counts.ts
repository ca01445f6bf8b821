import { openKeys, DIGITS, type KeyPrefix } from '../aggregate/order-key.js';
import type { Mark } from '../scan/mark.js';

/** Counts the values of a column by the next digit of their keys, of those whose keys begin with `prefix`. */
export interface KeyCountsPlan {
  kind: 'key counts';
  column: number;
  prefix: KeyPrefix;
}

/** Of one step of the search for a quantile: 65,536 counts, however many rows there are. */
export const keyCounts: Mark<KeyCountsPlan, Uint32Array<ArrayBuffer>, Float64Array<ArrayBuffer>> = {
  open({ column, prefix }) {
    const counts = new Uint32Array(DIGITS);
    const keysOf = openKeys(column, prefix);
    const level = prefix.digits.length;
    const shift = level % 2 === 0 ? 16 : 0;
    return {
      packs: true,
      add(block) {
        const { high, low, has } = keysOf(block);
        const word = level < 2 ? high : low;
        for (let i = 0; i < block.rows; i++) {
          if (has[i] !== 0) counts[(word[i]! >>> shift) & 0xffff]!++;
        }
      },
      partial: () => counts,
    };
  },

  // More than 2^32 rows may have one digit, so they are added up as doubles.
  merge(_plan, partials) {
    const all = new Float64Array(DIGITS);
    for (const counts of partials) for (let i = 0; i < DIGITS; i++) all[i]! += counts[i]!;
    return all;
  },
};
