import type { AggregatePartial } from '../../aggregate/plan.js';
import { largeFloat64 } from '../../large-arrays.js';
import { addPair } from './pair-sum.js';
import type { CubeAggregate, CubeViewPartial } from './plan.js';
import type { Pairs } from './pair-sum.js';

/** Numbers by place, of all tasks together. Counts are doubles where they may be above 2^32. */
export type Counts = Uint32Array<ArrayBuffer> | Float64Array<ArrayBuffer>;

/** One layer of a view: what is known of each place. */
export interface CubeCells {
  counts: Counts;
  /** Values that an aggregate sees; null where they are the rows. */
  values: Counts | null;
  /** A sum and what rounding lost of it: twice the digits of a double. */
  sums: Pairs | null;
  /** The least or the greatest value, NaN where there is none. */
  best: Float64Array<ArrayBuffer> | null;
}

const LARGEST_UINT32 = 2 ** 32 - 1;

/** Joins what the tasks found of a view, in their order: one entry a layer, and the rows of all places. */
export function joinCube(
  partials: readonly CubeViewPartial[],
  matched: number,
  check: () => void,
): { counts: Counts; layers: CubeCells[] } {
  const join = (parts: readonly Uint32Array<ArrayBuffer>[]): Counts =>
    joinCounts(parts, matched, check);
  const counts = join(partials.map((partial) => partial.counts));
  const layers = partials[0]!.layers.map((layer, l): CubeCells => {
    const own =
      layer.counts === null ? counts : join(partials.map(({ layers }) => layers[l]!.counts!));
    const parts = partials.flatMap(({ layers }) => layers[l]!.aggregate ?? []);
    return {
      counts: own,
      values: null,
      sums: null,
      best: null,
      ...joinAggregate(parts, join, check),
    };
  });
  return { counts, layers };
}

/** Adds counts up, into the first ones while `most`, the sum of all of them, fits uint32; else as doubles. */
export function joinCounts(
  [first, ...others]: readonly Uint32Array<ArrayBuffer>[],
  most: number,
  check: () => void,
): Counts {
  const { length } = first!;
  let whole: Counts = first!;
  if (most > LARGEST_UINT32) {
    whole = largeFloat64(length);
    whole.set(first!);
  }
  for (const other of others) {
    check();
    for (let i = 0; i < length; i++) whole[i]! += other[i]!;
  }
  return whole;
}

function joinAggregate(
  parts: readonly CubeAggregate[],
  join: (parts: readonly Uint32Array<ArrayBuffer>[]) => Counts,
  check: () => void,
): Partial<CubeCells> {
  const [first] = parts;
  if (first === undefined) return {};
  switch (first.op) {
    case 'count':
      return { values: join(countsOf(parts)) };
    case 'sum':
    case 'mean': {
      const { length } = first.sums;
      const high = largeFloat64(length);
      const low = largeFloat64(length);
      for (const part of parts) {
        check();
        const { sums, rests } = part as typeof first;
        for (let i = 0; i < length; i++) {
          // What is infinite has no rest.
          addPair(high, low, i, sums[i]!, Number.isFinite(sums[i]) ? rests[i]! : 0);
        }
      }
      return { values: join(countsOf(parts)), sums: { high, low } };
    }
    case 'pairs': {
      const length = first.sums[0]!.length / 2;
      const high = largeFloat64(length);
      const low = largeFloat64(length);
      for (const part of parts) {
        for (const sums of (part as typeof first).sums) {
          check();
          for (let i = 0; i < length; i++) {
            const sum = sums[2 * i]!;
            addPair(high, low, i, sum, Number.isFinite(sum) ? sums[2 * i + 1]! : 0);
          }
        }
      }
      return {
        values: first.counts === null ? null : join(countsOf(parts)),
        sums: { high, low },
      };
    }
    case 'min':
    case 'max': {
      const sign = first.op === 'min' ? 1 : -1;
      const best = largeFloat64(first.values.length).fill(NaN);
      for (const part of parts) {
        check();
        const { values } = part as typeof first;
        for (let i = 0; i < best.length; i++) {
          const value = values[i]!;
          if (value === value && !(best[i]! * sign <= value * sign)) best[i] = value;
        }
      }
      return { best };
    }
    default:
      throw new Error(`The aggregate ${first.op} does not add up.`);
  }
}

function countsOf(parts: readonly CubeAggregate[]): Uint32Array<ArrayBuffer>[] {
  return parts.map((part) => (part as AggregatePartial & { op: 'count' }).counts);
}
