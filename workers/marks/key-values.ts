import { openKeys, type KeyPrefix } from '../aggregate/order-key.js';
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
    const keysOf = openKeys(column, prefix);
    let found = new Float64Array(1024);
    let count = 0;
    return {
      packs: true,
      add(block) {
        const { rows } = block;
        const { has } = keysOf(block);
        const values = block.f64(column);
        while (count + rows > found.length) found = grown(found, found.length * 2);
        for (let i = 0; i < rows; i++) if (has[i] !== 0) found[count++] = values[i]! + 0;
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
