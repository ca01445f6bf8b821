import type { BatchRange } from '../../../workers/marks/line/column-starts.js';
import { toDouble } from '../../../workers/scan/exact.js';
import { unitOf, type Axis, type Ends } from '../axis.js';
import type { ColumnRef } from '../columns.js';
import type { SortedLine } from './sorted-line.js';

/** What a line reads of a snapshot, by its statistics. */
export interface LineReach {
  /** The batches that hold the domain and, on each side, a row with a y where there is one. */
  batches: BatchRange;
  /** About how many rows stand in the domain. */
  rows: number;
}

/** Finds the batches that a line needs, of a table that has rows. */
export function reachOfLine(
  { x, ys }: Pick<SortedLine, 'x' | 'ys'>,
  batchRows: readonly number[],
): LineReach {
  const end = batchRows.length - 1;
  const total = batchRows.reduce((sum, rows) => sum + rows, 0);
  if (x.given === undefined) return { batches: { first: 0, last: end }, rows: total };
  const [low, high] = x.given;
  const extents = batchRows.map((_, batch) => extentOf(x, batch));
  const firstIn = countWhile(extents, ([, most]) => most < low);
  const lastIn = end - countWhile(extents.toReversed(), ([least]) => least > high);
  let first = Math.min(firstIn, end);
  let last = Math.max(lastIn, 0);
  for (const y of ys) {
    const left = lastWith(firstIn, (batch) =>
      batch === firstIn
        ? batch <= end &&
          extents[batch]![0] < low &&
          pointsOf(y, batch, batchRows) === batchRows[batch]
        : pointsOf(y, batch, batchRows) > 0,
    );
    const right = firstWith(lastIn, end, (batch) =>
      batch === lastIn
        ? batch >= 0 &&
          extents[batch]![1] > high &&
          pointsOf(y, batch, batchRows) === batchRows[batch]
        : pointsOf(y, batch, batchRows) > 0,
    );
    first = Math.min(first, left ?? first);
    last = Math.max(last, right ?? last);
  }
  let rows = 0;
  for (let batch = Math.max(0, firstIn); batch <= Math.min(end, lastIn); batch++) {
    rows += batchRows[batch]! * shareOf(extents[batch]!, x.given);
  }
  return { batches: { first: Math.min(first, last), last: Math.max(first, last) }, rows };
}

/** About how many rows of each batch stand in the domain of an x that ascends. */
export function rowsInDomain({ x }: Pick<SortedLine, 'x'>, batchRows: readonly number[]): number[] {
  const { given } = x;
  if (given === undefined) return [...batchRows];
  return batchRows.map((rows, batch) => rows * shareOf(extentOf(x, batch), given));
}

function lastWith(from: number, is: (batch: number) => boolean): number | undefined {
  for (let batch = from; batch >= 0; batch--) if (is(batch)) return batch;
  return undefined;
}

function firstWith(from: number, end: number, is: (batch: number) => boolean): number | undefined {
  for (let batch = from; batch <= end; batch++) if (is(batch)) return batch;
  return undefined;
}

function countWhile<T>(items: readonly T[], is: (item: T) => boolean): number {
  const end = items.findIndex((item) => !is(item));
  return end < 0 ? items.length : end;
}

/** By the batches of a column: to make them of texts of a hundred batches took as long as a small frame. */
const EXTENTS = new WeakMap<ColumnRef['batches'], (Ends | undefined)[]>();

/** The extremes of x in a batch, as the ends of a domain are given. */
export function extentOf({ ref, isTime }: Pick<Axis, 'ref' | 'isTime'>, batch: number): Ends {
  let extents = EXTENTS.get(ref.batches);
  if (extents === undefined) EXTENTS.set(ref.batches, (extents = []));
  return (extents[batch] ??= readExtent(ref, isTime, batch));
}

function readExtent(ref: ColumnRef, isTime: boolean, batch: number): Ends {
  const { min, max } = ref.batches[batch]!;
  const valueOf = (value: number | string | undefined): number | bigint => {
    if (ref.logical.kind === 'float') return Number(value);
    const integer = BigInt(value!);
    if (isTime) return integer * unitOf(ref);
    return toDouble(integer, ref.logical.kind === 'decimal' ? ref.logical.scale : 0);
  };
  return [valueOf(min), valueOf(max)] as unknown as Ends;
}

/** Rows of a batch that have a place for y. */
function pointsOf({ batches }: ColumnRef, batch: number, batchRows: readonly number[]): number {
  const { nulls, notFinite = 0 } = batches[batch]!;
  return batchRows[batch]! - nulls - notFinite;
}

/** About which share of an extent lies in the domain. */
function shareOf([least, most]: Ends, [low, high]: Ends): number {
  const from = least > low ? least : low;
  const to = most < high ? most : high;
  const whole = Number(most) - Number(least);
  return whole > 0 ? Math.max(0, Number(to) - Number(from)) / whole : 1;
}
