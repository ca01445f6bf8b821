import { BLOCK_ROWS } from '../columns.js';
import type { Block } from '../scan/block.js';
import type { Mark } from '../scan/mark.js';
import { andValid } from '../select/select.js';

/** An axis of which the extent is wanted. */
export interface ExtentAxis {
  column: number;
  /** `value`: doubles; `i64`: exact integers, for times. */
  form: 'value' | 'i64';
  /** Only what is positive has a place. */
  log: boolean;
}

export interface ExtentPlan {
  kind: 'extent';
  axes: ExtentAxis[];
  /** Columns of categories: a row without a value in one of them has no place. */
  categories: number[];
  /** Columns of numbers, of which a row needs one with a place; empty where it needs none. */
  someOf: ExtentAxis[];
}

export interface Extent {
  /** Matching rows that can be placed on every axis. */
  placeable: number;
  /** For each axis the least and the greatest placeable value; undefined without one. */
  ends: ([number, number] | [bigint, bigint] | undefined)[];
}

/** The extent of the rows that match and can be placed on every axis. */
export const extent: Mark<ExtentPlan, Extent, Extent> = {
  open(plan, { arena, kernels }) {
    const { axes } = plan;
    const result: Extent = { placeable: 0, ends: axes.map(() => undefined) };
    const places = arena.u8(BLOCK_ROWS);
    const some = arena.u8(BLOCK_ROWS);
    return {
      packs: true,
      add(block) {
        findPlaces(block, plan, places, some);
        const { rows } = block;
        const count = kernels.count(places, rows);
        if (count === 0) return;
        result.placeable += count;
        for (const [k, axis] of axes.entries()) {
          const values = axis.form === 'i64' ? block.i64(axis.column) : block.f64(axis.column);
          result.ends[k] = widened(result.ends[k], extremes(values, places, rows));
        }
      },
      partial: () => result,
    };
  },

  merge(_plan, partials) {
    const [first, ...others] = partials;
    const result = first!;
    for (const other of others) {
      result.placeable += other.placeable;
      result.ends = result.ends.map((ends, k) => widened(ends, other.ends[k]));
    }
    return result;
  },
};

// One byte a row: 1 where the row matches and has a place on every axis.
function findPlaces(
  block: Block,
  { axes, categories, someOf }: ExtentPlan,
  places: Uint8Array<ArrayBuffer>,
  some: Uint8Array<ArrayBuffer>,
): void {
  const { rows, mask } = block;
  if (mask === null) places.fill(1, 0, rows);
  else places.set(mask.subarray(0, rows));
  for (const column of categories) andValid(block, column, places);
  for (const { column, form, log } of axes) {
    if (form === 'i64') andValid(block, column, places);
    else block.kernels.andRange(block.f64(column), leastOf(log), Number.MAX_VALUE, places, rows);
  }
  if (someOf.length === 0) return;
  some.fill(0, 0, rows);
  for (const { column, log } of someOf) {
    const values = block.f64(column);
    const least = leastOf(log);
    for (let i = 0; i < rows; i++) {
      if (values[i]! >= least && values[i]! <= Number.MAX_VALUE) some[i] = 1;
    }
  }
  for (let i = 0; i < rows; i++) places[i]! &= some[i]!;
}

// The least number that has a place.
function leastOf(log: boolean): number {
  return log ? Number.MIN_VALUE : -Number.MAX_VALUE;
}

function extremes(
  values: Float64Array | BigInt64Array,
  places: Uint8Array,
  rows: number,
): Extent['ends'][number] {
  const first = places.indexOf(1);
  let low = values[first]!;
  let high = low;
  for (let i = first; i < rows; i++) {
    if (places[i] === 0) continue;
    const value = values[i]!;
    if (value < low) low = value;
    if (value > high) high = value;
  }
  return [low, high] as [number, number] | [bigint, bigint];
}

function widened(a: Extent['ends'][number], b: Extent['ends'][number]): Extent['ends'][number] {
  if (a === undefined || b === undefined) return a ?? b;
  return [a[0] < b[0] ? a[0] : b[0], a[1] > b[1] ? a[1] : b[1]] as [number, number];
}
