import { grown, largeFloat64 } from '../large-arrays.js';
import type { Cells } from '../kernels/kernels.js';
import { plainKernels } from '../kernels/plain.js';
import type { Block } from '../scan/block.js';
import type { Scope } from '../scan/mark.js';
import { columnOf } from '../scan/values.js';
import { allHaveValues } from './has-value.js';
import type { AggregatePartial, SumOfDoubles } from './plan.js';

/** The sums of so many groups lie in the memory of the kernels: 128 kB, that they stay in the caches. */
export const MOST_KERNEL_GROUPS = 2 ** 13;

/** Adds the values of each group up, by kernels as long as the groups are few. `groups` lie in the kernels' memory. */
export function openGroupSums({ op, column, form }: SumOfDoubles, scope: Scope) {
  const { arena, kernels, table } = scope;
  const isWhole = allHaveValues(columnOf(table, column));
  // Side by side the sum of a group, and what rounding lost of it.
  let pairs = arena.f64(2 * MOST_KERNEL_GROUPS).fill(0);
  let adder = kernels;
  let counts = new Uint32Array(64);
  const reserve = (size: number): void => {
    if (size > counts.length) counts = grown(counts, Math.max(size, counts.length * 2));
    if (2 * size <= pairs.length) return;
    const before = pairs;
    pairs = largeFloat64(Math.max(2 * size, before.length * 2));
    pairs.set(before);
    adder = plainKernels;
  };
  return {
    add(block: Block, groups: Cells, size: number): void {
      reserve(size);
      const values = form === 'raw' ? block.raw(column) : block.f64(column);
      adder.sumCells(groups, values, pairs, block.rows);
      if (isWhole) return;
      for (let i = 0; i < block.rows; i++) {
        if (groups[i]! >= 0 && values[i] === values[i]) counts[groups[i]!]!++;
      }
    },
    /** Of the groups below `size`, of which `rows` counts the rows. */
    partial(size: number, rows: Uint32Array<ArrayBuffer>): AggregatePartial {
      reserve(size);
      const sums = largeFloat64(size);
      const rests = largeFloat64(size);
      for (let group = 0; group < size; group++) {
        sums[group] = pairs[2 * group]!;
        rests[group] = pairs[2 * group + 1]!;
      }
      return { op, counts: isWhole ? rows : counts.subarray(0, size), sums, rests };
    },
  };
}
