import type { Cells } from '../kernels/kernels.js';
import { MAX_DOUBT, stepsOf } from '../kernels/steps.js';
import { openAxis } from '../scan/axis.js';
import type { Block } from '../scan/block.js';
import type { Scope } from '../scan/mark.js';

/** Bins of a time column: see `calendarEdges`. */
export interface TimeBins {
  /** Ascending integers in the column's unit; bin i is edges[i] <= t < edges[i + 1], the last one closed. */
  edges: BigInt64Array<ArrayBuffer>;
  /** What is below `low` or above `high` is outside, also where it would be in the first or the last bin. */
  low: bigint;
  high: bigint;
  /** `raw` where all integers of the column lie within 2^53. */
  integers: 'raw' | 'i64';
}

/**
 * Makes the bins of a block: a number from 1, OUTSIDE, or DROPPED for nulls. In the kernels' memory until the next block.
 */
export function openTimeBins(
  column: number,
  { edges, low, high, integers }: TimeBins,
  scope: Pick<Scope, 'arena' | 'kernels'>,
): (block: Block) => Cells {
  const all = withOneBefore(edges);
  const doubles = Float64Array.from(all, Number);
  // Bins of one width are found four at a time, where doubles hold the times.
  const isEven = integers === 'raw' && stepsOf(doubles).doubt <= MAX_DOUBT;
  return openAxis(
    isEven
      ? {
          scale: 'edges',
          column,
          edges: doubles,
          low: Number(low),
          high: Number(high),
          positive: false,
        }
      : { scale: 'time', column, edges: all, domain: [low, high] },
    scope,
  );
}

const LEAST = -(2n ** 63n);

/** An edge more, as far before the first as that is from the second: the bin behind it holds nothing, and the others count from 1. */
function withOneBefore(edges: BigInt64Array): BigInt64Array<ArrayBuffer> {
  const first = edges[0]!;
  const before = 2n * first - edges[1]!;
  return BigInt64Array.of(before < LEAST ? LEAST : before, ...edges);
}
