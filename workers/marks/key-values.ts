import { hasPrefix, openKeys, type KeyPrefix } from '../aggregate/order-key.js';
import { BLOCK_ROWS } from '../columns.js';
import { grown, largeFloat64 } from '../large-arrays.js';
import type { Mark } from '../scan/mark.js';

/** Collects the values of a column whose keys begin with `prefix`: the caller knows that they are few. */
export interface KeyValuesPlan {
  kind: 'key values';
  column: number;
  prefix: KeyPrefix;
}

/** The last step of the search for a quantile: the values that are left, ascending. */
export const keyValues: Mark<
  KeyValuesPlan,
  Float64Array<ArrayBuffer>,
  Float64Array<ArrayBuffer>
> = {
  open({ column, prefix }) {
    const keys = openKeys(BLOCK_ROWS);
    let found = new Float64Array(1024);
    let count = 0;
    return {
      packs: true,
      add(block) {
        const { mask, rows } = block;
        const values = block.f64(column);
        keys.read(values, rows);
        while (count + rows > found.length) found = grown(found, found.length * 2);
        for (let i = 0; i < rows; i++) {
          if ((mask !== null && mask[i] === 0) || values[i] !== values[i]) continue;
          if (hasPrefix(prefix, keys, i)) found[count++] = values[i]! + 0;
        }
      },
      partial: () => found.slice(0, count),
    };
  },

  merge(_plan, partials) {
    const all = largeFloat64(partials.reduce((sum, { length }) => sum + length, 0));
    let at = 0;
    for (const values of partials) {
      all.set(values, at);
      at += values.length;
    }
    return all.sort().slice();
  },
};
