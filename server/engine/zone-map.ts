import type { PolygonAxis, Predicate } from '../../workers/scan/predicate.js';
import { Verdict } from '../../workers/scan/verdict.js';
import { allStretches, stretchesOf, type Stretch } from '../../workers/scan/stretch.js';
import type { ColumnRef, ColumnScope } from './columns.js';

/** A list of so many exact integers is not looked through for every block. */
const MANY_VALUES = 64;

/** What some rows of a column hold. Facts about a batch hold for each of its blocks. */
export interface Zone {
  rows: number;
  nulls: number;
  /** How many are NaN. */
  nans: number;
  /** No value that is not NaN lies beyond, as it is stored; `min` is above `max` where there is none. */
  min: number | bigint;
  max: number | bigint;
}

/** Whether rows pass a predicate, judged by the zones of its columns alone. */
export function verdictOf(
  predicate: Predicate,
  columns: readonly ColumnRef[],
  zoneOf: (column: number) => Zone,
): Verdict {
  switch (predicate.test) {
    case 'constant':
      return predicate.value ? Verdict.ALL : Verdict.NONE;
    case 'null': {
      const { nulls, rows } = zoneOf(predicate.column);
      return nulls === 0 ? Verdict.NONE : nulls === rows ? Verdict.ALL : Verdict.SOME;
    }
    case 'range':
    case 'exact range': {
      const { low, high } = predicate;
      const { min, max, nulls, nans } = zoneOf(predicate.column);
      if (min > max || max < low || min > high) return Verdict.NONE;
      return min >= low && max <= high && nulls + nans === 0 ? Verdict.ALL : Verdict.SOME;
    }
    case 'in': {
      const { nulls, nans, min, max } = zoneOf(predicate.column);
      const others = (predicate.nulls && nulls > 0) || (predicate.nan && nans > 0);
      // A decimal's values are compared as they are stored: see resolve-filter.ts.
      return others || hasBetween(predicate.values, min, max) ? Verdict.SOME : Verdict.NONE;
    }
    case 'exact in': {
      if (predicate.values.length > MANY_VALUES) return Verdict.SOME;
      const { nulls, min, max } = zoneOf(predicate.column);
      const may = predicate.values.some((value) => value >= min && value <= max);
      return may || (predicate.nulls && nulls > 0) ? Verdict.SOME : Verdict.NONE;
    }
    case 'polygon':
      return mayHold(predicate.x, columns, zoneOf) && mayHold(predicate.y, columns, zoneOf)
        ? Verdict.SOME
        : Verdict.NONE;
    case 'not':
      return opposite(verdictOf(predicate.of, columns, zoneOf));
    case 'all':
      return least(predicate.of.map((part) => verdictOf(part, columns, zoneOf)));
    case 'any':
      return opposite(
        least(predicate.of.map((part) => opposite(verdictOf(part, columns, zoneOf)))),
      );
    default:
      return Verdict.SOME;
  }
}

/** Whether a row of the batch may pass, judged by the batch's extremes alone. */
export function mayMatch(
  predicate: Predicate | null,
  columns: readonly ColumnRef[],
  batch: number,
): boolean {
  if (predicate === null) return true;
  const zoneOf = (column: number): Zone => batchZone(columns[column]!, batch);
  return verdictOf(predicate, columns, zoneOf) !== Verdict.NONE;
}

/** The rows that may pass, judged by the extremes of the batches alone; nobody changes them. */
export function openStretches(
  predicate: Predicate | null,
  { batchRows, used }: Pick<ColumnScope, 'batchRows' | 'used'>,
): readonly Stretch[] {
  if (predicate === null) return allStretches(batchRows);
  return stretchesOf(batchRows, (batch) => mayMatch(predicate, used, batch));
}

/** What the manifest says of a column in a batch. */
export function batchZone({ logical, batches }: ColumnRef, batch: number): Zone {
  const { nulls, min, max, notFinite = 0 } = batches[batch]!;
  // Rows do not count but for "all are null", which a block tells better.
  const zone = { rows: Infinity, nulls, nans: notFinite };
  // What is not finite may be NaN or beyond all extremes.
  if (notFinite > 0) return { ...zone, min: -Infinity, max: Infinity };
  if (min === undefined || max === undefined) return { ...zone, min: Infinity, max: -Infinity };
  return logical.kind === 'float'
    ? { ...zone, min: Number(min), max: Number(max) }
    : { ...zone, min: BigInt(min), max: BigInt(max) };
}

// Whether a row of the zone may lie between the ends of a polygon on one axis.
function mayHold(
  { column, origin, log, corners }: PolygonAxis,
  columns: readonly ColumnRef[],
  zoneOf: (column: number) => Zone,
): boolean {
  const { min, max } = zoneOf(column);
  if (min > max) return false;
  // Logarithms, scales of decimals and origins are applied with rounding: there zones are no proof.
  if (log || origin !== null || columns[column]!.logical.kind === 'decimal') return true;
  const [low, high] = extentOf(corners);
  // Integers are rounded to doubles before they are placed.
  return Number(max) >= low && Number(min) <= high;
}

const extents = new WeakMap<Float64Array, [low: number, high: number]>();

// Asked for once a block, of up to thousands of corners.
function extentOf(corners: Float64Array): [low: number, high: number] {
  let extent = extents.get(corners);
  if (extent === undefined) {
    extent = [corners.reduce((a, b) => Math.min(a, b)), corners.reduce((a, b) => Math.max(a, b))];
    extents.set(corners, extent);
  }
  return extent;
}

// Whether ascending values have one from `min` to `max`.
function hasBetween(values: Float64Array, min: number | bigint, max: number | bigint): boolean {
  let low = 0;
  let high = values.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (values[middle]! < min) low = middle + 1;
    else high = middle;
  }
  return low < values.length && values[low]! <= max;
}

function opposite(verdict: Verdict): Verdict {
  return (Verdict.ALL - verdict) as Verdict;
}

function least(verdicts: readonly Verdict[]): Verdict {
  return verdicts.reduce((a, b) => (a < b ? a : b), Verdict.ALL);
}
