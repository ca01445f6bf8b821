import { openAggregator } from '../../aggregate/aggregate.js';
import { allHaveValues } from '../../aggregate/has-value.js';
import { isSumOfDoubles, type AggregatePlan, type SumOfDoubles } from '../../aggregate/plan.js';
import { BLOCK_ROWS } from '../../columns.js';
import type { GroupLayer } from '../../groups/plan.js';
import { DROPPED, type Cells } from '../../kernels/kernels.js';
import { plainKernels } from '../../kernels/plain.js';
import { largeFloat64, largeUint32 } from '../../large-arrays.js';
import type { Block } from '../../scan/block.js';
import { openCounts } from '../../scan/counts.js';
import type { Scope } from '../../scan/mark.js';
import { columnOf } from '../../scan/values.js';
import type { CubeAggregate, CubeViewPartial } from './plan.js';

/** Takes in the rows of a task by their place; places below 0 are none. */
interface Layer<T> {
  add(block: Block, places: Cells): void;
  /** Called between two runs, whose sums are made apart. */
  next?(): void;
  partial(): T;
}

/** Makes one layer of a view ready, which is one of so many; all places are below `size`. */
export function openLayer(
  { aggregate, needs }: GroupLayer,
  of: number,
  size: number,
  scope: Scope,
): Layer<CubeViewPartial['layers'][number]> {
  const aggregator = openAggregate(aggregate, size, scope);
  // Of a single layer they are the rows of the view.
  const counts = needs === null || of === 1 ? null : largeUint32(size);
  const finite = counts === null ? null : scope.arena.i32(BLOCK_ROWS);
  return {
    add(block, places) {
      let own = places;
      if (counts !== null) {
        const values = block.f64(needs!);
        own = finite!;
        for (let i = 0; i < block.rows; i++) {
          own[i] = places[i]! >= 0 && Number.isFinite(values[i]) ? places[i]! : DROPPED;
          if (own[i]! >= 0) counts[own[i]!]!++;
        }
      }
      aggregator?.add(block, own);
    },
    next: () => aggregator?.next?.(),
    partial: () => ({ counts, aggregate: aggregator === null ? null : aggregator.partial() }),
  };
}

function openAggregate(
  plan: AggregatePlan,
  size: number,
  scope: Scope,
): Layer<CubeAggregate> | null {
  if (plan.op === 'count' && plan.column === null) return null;
  if (isSumOfDoubles(plan)) return openSums(plan, size, scope);
  const aggregator = openAggregator(plan, scope);
  return {
    add: (block, places) => aggregator.add(block, places, size),
    partial: () => aggregator.partial(size),
  };
}

// Sums of doubles, in the memory of the kernels where there is room for them, and how many values each has where some rows have none.
function openSums(
  { column, form }: SumOfDoubles,
  size: number,
  scope: Scope,
): Layer<CubeAggregate> {
  const { arena, kernels } = scope;
  const fits = 16 * size < arena.free / 2;
  const sums = fits ? arena.f64(2 * size).fill(0) : largeFloat64(2 * size);
  const adder = fits ? kernels : plainKernels;
  const before: Float64Array<ArrayBuffer>[] = [];
  const counts = allHaveValues(columnOf(scope.table, column)) ? null : openCounts(size, scope);
  const seen = counts === null ? null : arena.i32(BLOCK_ROWS);
  return {
    add(block, places) {
      const values = form === 'raw' ? block.raw(column) : block.f64(column);
      adder.sumCells(places, values, sums, block.rows);
      if (counts === null) return;
      kernels.cellsOfValues(places, values, seen!, block.rows);
      // What has no place is counted with what has no value: neither is looked at.
      counts.add(seen!, block.rows);
    },
    next() {
      before.push(sums.slice());
      sums.fill(0);
    },
    partial: () => ({
      op: 'pairs',
      counts: counts === null ? null : counts.result().counts,
      sums: [...before, sums.slice()],
    }),
  };
}
