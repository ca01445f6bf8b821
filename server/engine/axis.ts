import type { AxisUnit } from '../../protocol/axis-unit.js';
import type { AxisDomain, Query } from '../../protocol/query.js';
import { NANOSECONDS } from '../../protocol/time.js';
import { formatClock, formatTime } from '../../workers/json-value.js';
import type { ExtentAxis } from '../../workers/marks/extent.js';
import type { CellAxisPlan } from '../../workers/scan/axis.js';
import { toDouble } from '../../workers/scan/exact.js';
import { HalftoneError } from '../errors.js';
import { floatOf, integerBound, mismatch } from './bound.js';
import type { ColumnRef } from './columns.js';
import { ceilDivide, floorDivide } from './exact-number.js';
import type { Run } from './run.js';

/** The two ends of an axis: doubles, or nanoseconds for times. */
export type Ends = readonly [number, number] | readonly [bigint, bigint];

/** An axis of numbers or times as the query wants it; `given` is its domain where the query has one. */
export interface Axis {
  field: 'x' | 'y';
  ref: ColumnRef;
  scale: 'linear' | 'log';
  isTime: boolean;
  given: Ends | undefined;
}

/** Reads an axis of numbers or times out of the query. */
export function resolveAxis(query: Query, field: 'x' | 'y', ref: ColumnRef): Axis {
  const { kind } = ref.logical;
  if (kind === 'text' || kind === 'boolean' || kind === 'binary') {
    throw mismatch(
      ref,
      field,
      'an axis of numbers or times',
      'Use the mark bar or heatmap for categories.',
    );
  }
  const isTime = kind === 'time' || kind === 'clock';
  const scale = query.scale?.[field] ?? 'linear';
  if (isTime && scale === 'log') {
    throw new HalftoneError(
      'TYPE_MISMATCH',
      `The column "${ref.name}" is a time, and a time has no log scale.`,
      {
        field: `scale.${field}`,
        hint: 'Use "linear".',
      },
    );
  }
  const domain = query.domain?.[field];
  const given = domain === undefined ? undefined : givenEnds({ field, ref, scale, isTime }, domain);
  return { field, ref, scale, isTime, given };
}

function givenEnds({ field, ref, scale, isTime }: Omit<Axis, 'given'>, domain: AxisDomain): Ends {
  const path = `domain.${field}`;
  if (domain.length !== 2) {
    throw new HalftoneError(
      'QUERY_INVALID',
      `${path} has ${domain.length} entries where the two ends are wanted.`,
      {
        field: path,
        hint: 'Give [low, high].',
      },
    );
  }
  const end = (i: 0 | 1): number | bigint => {
    const value = domain[i]!;
    if (isTime) {
      const { numerator } = integerBound(value, ref, `${path}[${i}]`);
      return numerator;
    }
    return floatOf(value, ref, `${path}[${i}]`);
  };
  const [low, high] = [end(0), end(1)];
  const fault = (text: string): HalftoneError =>
    new HalftoneError('QUERY_INVALID', `${path} is ${JSON.stringify(domain)}, ${text}.`, {
      field: path,
    });
  if (typeof low === 'number' && !Number.isFinite((high as number) - low)) {
    throw fault('whose ends are not finite numbers');
  }
  if (low > high) throw fault('which is reversed');
  if (scale === 'log' && low <= 0) throw fault('and a log axis has only positive numbers');
  return widen([low, high] as unknown as Ends, scale, ref);
}

/** What a scan has to look at to find the axis' extent. */
export function extentAxis({ ref, scale, isTime }: Axis): ExtentAxis {
  return { column: ref.position, form: isTime ? 'i64' : 'value', log: scale === 'log' };
}

/** What else a row needs to have a place. */
export interface OtherAxes {
  /** Columns of categories: a value in each of them. */
  categories?: readonly ColumnRef[];
  /** Several measures: a place on one of their axes. */
  someOf?: readonly Axis[];
}

/**
 * The ends of every axis: those given, else the extent of the rows that match and can be placed on every axis, the
 * `others` too. Null where there is no such row.
 */
export async function resolveEnds(
  axes: readonly Axis[],
  run: Run,
  { categories = [], someOf = [] }: OtherAxes = {},
): Promise<Ends[] | null> {
  if (axes.every(({ given }) => given !== undefined)) return axes.map(({ given }) => given!);
  const hasAll =
    run.predicate === null &&
    categories.every(({ nulls }) => nulls === 0) &&
    (someOf.length === 0 || someOf.some((axis) => knownExtent(axis) !== undefined));
  const known = hasAll ? axes.map(knownExtent) : [];
  if (known.length > 0 && known.every((ends) => ends !== undefined)) {
    return axes.map(({ given, scale, ref }, i) => given ?? widen(known[i]!, scale, ref));
  }
  const { result } = await run.compute<'extent'>({
    kind: 'extent',
    axes: axes.map(extentAxis),
    categories: categories.map(({ position }) => position),
    someOf: someOf.map(extentAxis),
  });
  if (result.placeable === 0) return null;
  return axes.map(({ given, scale, ref, isTime }, i) => {
    if (given !== undefined) return given;
    const [low, high] = result.ends[i]!;
    const ends = isTime
      ? [nanoseconds(low as bigint, ref), nanoseconds(high as bigint, ref)]
      : [low, high];
    return widen(ends as unknown as Ends, scale, ref);
  });
}

// Where every row of the snapshot has a place on the axis, its statistics tell the extent.
function knownExtent({ ref, scale, isTime }: Axis): Ends | undefined {
  const { low, high, nulls, notFinite, logical } = ref;
  if (low === undefined || high === undefined || nulls > 0 || notFinite > 0) return undefined;
  if (scale === 'log' && low <= 0) return undefined;
  if (isTime) return [nanoseconds(low as bigint, ref), nanoseconds(high as bigint, ref)];
  const digits = logical.kind === 'decimal' ? logical.scale : 0;
  const double = (value: number | bigint): number =>
    typeof value === 'bigint' ? toDouble(value, digits) : value;
  return [double(low), double(high)];
}

/** Nanoseconds of the unit that a time column counts in. */
export function unitOf({ logical }: ColumnRef): bigint {
  if (logical.kind !== 'time' && logical.kind !== 'clock')
    throw new Error(`A ${logical.kind} has no unit of time.`);
  return NANOSECONDS[logical.unit];
}

/** The ends of a time axis as the first and the last of the column's integers between them. */
export function columnEnds(
  { ref }: Axis,
  [low, high]: readonly [bigint, bigint],
): readonly [bigint, bigint] {
  return [clamp(ceilDivide(low, unitOf(ref))), clamp(floorDivide(high, unitOf(ref)))];
}

function nanoseconds(value: bigint, ref: ColumnRef): bigint {
  return value * unitOf(ref);
}

/**
 * Widens a domain of one value by half a unit to each side: 0.5 for numbers (where a double can tell; else to the
 * next double), half a decade on a log axis, half a unit of time (a whole one for nanoseconds).
 */
function widen(ends: Ends, scale: 'linear' | 'log', ref: ColumnRef): Ends {
  const [low, high] = ends;
  if (low !== high) return ends;
  if (typeof low === 'bigint') {
    const half = unitOf(ref) === 1n ? 1n : unitOf(ref) / 2n;
    return [low - half, low + half];
  }
  if (scale === 'log') return [low / Math.sqrt(10), low * Math.sqrt(10)];
  const half = Math.max(0.5, Math.abs(low) * Number.EPSILON);
  return [low - half, low + half];
}

/** The axis cut into `width` cells. */
export function axisPlan({ ref, scale, isTime }: Axis, ends: Ends, width: number): CellAxisPlan {
  const [low, high] = ends;
  if (!isTime) {
    return { scale, column: ref.position, low: low as number, high: high as number, width };
  }
  return {
    scale: 'time',
    column: ref.position,
    edges: timeEdges(ends as [bigint, bigint], unitOf(ref), width),
  };
}

/**
 * The edges of the cells of a time axis in the column's own integers: `value` is in cell c where
 * edges[c] <= value < edges[c + 1], exactly where floor((value - low) * width / (high - low)) is c.
 */
export function timeEdges(
  [low, high]: readonly [bigint, bigint],
  unit: bigint,
  width: number,
): BigInt64Array {
  const edges = new BigInt64Array(width + 1);
  const cells = BigInt(width);
  for (let c = 0; c < width; c++) {
    const edge = low + ceilDivide(BigInt(c) * (high - low), cells);
    edges[c] = clamp(ceilDivide(edge, unit));
  }
  edges[width] = clamp(floorDivide(high, unit));
  return edges;
}

function clamp(value: bigint): bigint {
  if (value < -(2n ** 63n)) return -(2n ** 63n);
  return value < 2n ** 63n ? value : 2n ** 63n - 1n;
}

/** The ends as JSON gives them. */
export function endsInJson({ ref }: Axis, [low, high]: Ends): AxisDomain {
  return [endInJson(ref, low), endInJson(ref, high)];
}

function endInJson({ logical }: ColumnRef, end: number | bigint): number | string {
  if (typeof end === 'number') return end;
  if (logical.kind !== 'time' && logical.kind !== 'clock') return String(end);
  // At the column's unit, or the first finer one that holds it.
  const units = ['day', 's', 'ms', 'us', 'ns'] as const;
  const unit =
    units.find((unit, i) => i >= units.indexOf(logical.unit) && end % NANOSECONDS[unit] === 0n) ??
    'ns';
  const count = end / NANOSECONDS[unit];
  return logical.kind === 'clock'
    ? formatClock(count, unit as Exclude<typeof unit, 'day'>)
    : formatTime(count, unit, logical.zoned);
}

/** The unit that the axis counts in. */
export function axisUnit({ ref: { logical } }: Axis): AxisUnit {
  return logical.kind === 'time' || logical.kind === 'clock' ? logical.unit : 'number';
}
