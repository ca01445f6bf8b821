import type { Block } from '../scan/block.js';
import type { Scope } from '../scan/mark.js';
import type { AggregatePartial, SumOfDoubles } from './plan.js';

/** Adds the values of all rows that pass up, as one group. */
export function openWholeSum({ op, column, form }: SumOfDoubles, { arena, kernels }: Scope) {
  // The sum, what rounding lost of it, and the number of values.
  const into = arena.f64(3).fill(0);
  return {
    add(block: Block): void {
      const values = form === 'raw' ? block.raw(column) : block.f64(column);
      kernels.sumValues(values, block.mask, into, block.rows);
    },
    partial(): { seen: number; aggregate: AggregatePartial } {
      const [sum, rest, seen] = into as unknown as [number, number, number];
      const aggregate = {
        op,
        counts: Uint32Array.of(seen),
        sums: Float64Array.of(sum),
        rests: Float64Array.of(rest),
      };
      return { seen, aggregate };
    },
  };
}
