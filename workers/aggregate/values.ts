import { grown } from '../large-arrays.js';
import type { Block } from '../scan/block.js';
import type { ValuesPartial } from './plan.js';

/** Collects the values of a column, neither null nor NaN, each with its group. */
export function openValues(column: number) {
  let groupsOf = new Uint32Array(65_536);
  let all = new Float64Array(65_536);
  let count = 0;
  return {
    /** `groups` has the number of the group of every row, below 0 for rows that are in none. */
    add(block: Block, groups: Int32Array): void {
      const values = block.f64(column);
      if (count + block.rows > all.length) {
        groupsOf = grown(groupsOf, all.length * 2);
        all = grown(all, all.length * 2);
      }
      for (let i = 0; i < block.rows; i++) {
        const group = groups[i]!;
        const value = values[i]!;
        if (group < 0 || value !== value) continue;
        groupsOf[count] = group;
        all[count++] = value;
      }
    },
    partial: (): ValuesPartial => ({
      groups: groupsOf.subarray(0, count),
      values: all.subarray(0, count),
    }),
  };
}
