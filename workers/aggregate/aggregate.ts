import { NULL_ID, openKeyIds } from '../groups/key-ids.js';
import type { Block } from '../scan/block.js';
import type { Scope } from '../scan/mark.js';
import { addExactly } from './exact-sum.js';
import { Ids64 } from '../groups/intern.js';
import { BLOCK_ROWS } from '../columns.js';
import { grown } from '../large-arrays.js';
import { markValues } from './has-value.js';
import type { AggregatePartial, AggregatePlan, SumOfDoubles } from './plan.js';
import { openValues } from './values.js';

/** Takes in the rows of a task, group by group. */
export interface Aggregator {
  /** `groups` has the number of the group of every row, below 0 for rows that are in none; `size` is above all. */
  add(block: Block, groups: Int32Array, size: number): void;
  /** What it knows of the groups below `size`. */
  partial(size: number): AggregatePartial;
}

/** Makes any aggregate ready but sums of doubles, which kernels add up. */
export function openAggregator(
  plan: Exclude<AggregatePlan, SumOfDoubles>,
  scope: Scope,
): Aggregator {
  switch (plan.op) {
    case 'count':
      return plan.column === null ? COUNT_ROWS : openCounts(plan.column);
    case 'sum':
    case 'mean':
      return openSums(plan);
    case 'min':
    case 'max':
      return openExtremes(plan);
    case 'quantile':
      return openQuantile(plan.column);
    case 'distinct':
      return openDistinct(plan, scope);
  }
}

/** The rows of every group are counted anyway. */
const COUNT_ROWS: Aggregator = {
  add: () => {},
  partial: () => ({ op: 'count', counts: new Uint32Array(0) }),
};

function openCounts(column: number): Aggregator {
  let counts = new Uint32Array(64);
  const hasValue = new Uint8Array(BLOCK_ROWS);
  const reserve = (size: number): void => {
    if (size <= counts.length) return;
    counts = grown(counts, Math.max(size, counts.length * 2));
  };
  return {
    add(block, groups, size) {
      reserve(size);
      markValues(block, column, hasValue);
      for (let i = 0; i < block.rows; i++) if (groups[i]! >= 0) counts[groups[i]!]! += hasValue[i]!;
    },
    partial(size) {
      reserve(size);
      return { op: 'count', counts: counts.subarray(0, size) };
    },
  };
}

type SumOfIntegers = Exclude<AggregatePlan & { op: 'sum' | 'mean' }, SumOfDoubles>;

function openSums(plan: SumOfIntegers): Aggregator {
  const { op } = plan;
  let counts = new Uint32Array(64);
  let sums = new Float64Array(64);
  let rests = new Float64Array(64);
  const reserve = (size: number): void => {
    if (size <= counts.length) return;
    const length = Math.max(size, counts.length * 2);
    counts = grown(counts, length);
    sums = grown(sums, length);
    rests = grown(rests, length);
  };
  return {
    add(block, groups, size) {
      reserve(size);
      addBlock(block, plan, groups, { counts, sums, rests });
    },
    partial(size) {
      reserve(size);
      return {
        op,
        counts: counts.subarray(0, size),
        sums: sums.subarray(0, size),
        rests: rests.subarray(0, size),
      };
    },
  };
}

interface Sums {
  counts: Uint32Array;
  sums: Float64Array;
  /** What rounding lost of the sums. */
  rests: Float64Array;
}

function addBlock(
  block: Block,
  { column, form }: SumOfIntegers,
  groups: Int32Array,
  { counts, sums, rests }: Sums,
): void {
  const valid = block.valid(column);
  const words = form === 'i64' ? wordsOf(block, column) : null;
  for (let i = 0; i < block.rows; i++) {
    const group = groups[i]!;
    if (group < 0 || valid?.[i] === 0) continue;
    counts[group]!++;
    if (words !== null) {
      addExactly(sums, rests, group, words[2 * i + 1]! * 2 ** 32);
      addExactly(sums, rests, group, words[2 * i]! >>> 0);
    } else {
      const value = block.wideAt(column, i);
      const rounded = Number(value);
      addExactly(sums, rests, group, rounded);
      addExactly(sums, rests, group, Number(value - BigInt(rounded)));
    }
  }
}

// Low and high word of every integer of a block.
function wordsOf(block: Block, column: number): Int32Array {
  const { buffer, byteOffset } = block.i64(column);
  return new Int32Array(buffer, byteOffset, 2 * block.rows);
}

function openExtremes({ op, column }: AggregatePlan & { op: 'min' | 'max' }): Aggregator {
  let best = new Float64Array(64).fill(NaN);
  const sign = op === 'min' ? 1 : -1;
  const reserve = (size: number): void => {
    if (size <= best.length) return;
    const before = best.length;
    best = grown(best, Math.max(size, before * 2)).fill(NaN, before);
  };
  return {
    add(block, groups, size) {
      reserve(size);
      const values = block.f64(column);
      for (let i = 0; i < block.rows; i++) {
        const group = groups[i]!;
        const value = values[i]!;
        // A comparison with the NaN of an empty group is false, and so is one of a NaN.
        if (group >= 0 && !(best[group]! * sign <= value * sign) && value === value)
          best[group] = value;
      }
    },
    partial(size) {
      reserve(size);
      return { op, values: best.subarray(0, size) };
    },
  };
}

function openQuantile(column: number): Aggregator {
  const values = openValues(column);
  return {
    add: (block, groups) => values.add(block, groups),
    partial: () => ({ op: 'quantile', ...values.partial() }),
  };
}

function openDistinct(
  { column, as }: AggregatePlan & { op: 'distinct' },
  scope: Scope,
): Aggregator {
  const ids = openKeyIds(column, as, true, scope);
  const pairs = new Ids64();
  return {
    add(block, groups) {
      const keys = ids.of(block);
      const values = as.form === 'f64' ? block.f64(column) : null;
      const { mask } = block;
      for (let i = 0; i < block.rows; i++) {
        const group = groups[i]!;
        if (group < 0 || (mask !== null && mask[i] === 0) || keys[i] === NULL_ID) continue;
        if (values === null || values[i] === values[i]) pairs.idOf(group, keys[i]!);
      }
    },
    partial: () => ({ op: 'distinct', pairs: pairs.words(), keys: ids.keys() }),
  };
}
