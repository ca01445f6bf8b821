import { logEdges } from '../../protocol/cells.js';
import { MAX_BINS } from '../../protocol/limits.js';
import type { Query } from '../../protocol/query.js';
import { calendarEdges, stepName } from '../../workers/calendar/edges.js';
import { fittingStep, isCalendarUnit } from '../../workers/calendar/step.js';
import { binOf, binStart, widthBins } from '../../workers/calendar/width.js';
import type { AxisPlan } from '../../workers/scan/axis.js';
import { HalftoneError } from '../errors.js';
import { columnEnds, timeEdges, unitOf, type Axis, type Ends } from './axis.js';
import { floorDivide } from './exact-number.js';

/** The bins that a histogram aims at where the query does not say. */
const USUAL_BINS = 40;
/** Whole numbers of at most so many different values get one bin each. */
const MAX_SINGLE = 64;

/** The bins of a histogram: an axis with edges, and what a bin is called. */
export interface Bins {
  plan: Extract<AxisPlan, { scale: 'edges' | 'time' }>;
  /** The calendar step or the width of a bin; absent where bins differ or were counted out. */
  bin?: string | number;
}

/** Cuts an axis into the bins that the query asks for, or into such as suit the data. */
export function resolveBins(query: Query, axis: Axis, ends: Ends): Bins {
  const asked = typeof query.x === 'object' && !Array.isArray(query.x) ? query.x.bin : undefined;
  return axis.isTime
    ? timeBins(query, axis, ends as readonly [bigint, bigint], asked)
    : numberBins(query, axis, ends as readonly [number, number], asked);
}

function numberBins(
  { bins, domain }: Query,
  axis: Axis,
  [low, high]: readonly [number, number],
  asked: string | number | undefined,
): Bins {
  const { ref, scale } = axis;
  const plan = (edges: Float64Array): Bins['plan'] => ({
    scale: 'edges',
    column: ref.position,
    edges,
    low,
    high,
    positive: scale === 'log',
  });
  if (typeof asked === 'string') {
    throw new HalftoneError(
      'TYPE_MISMATCH',
      `The column "${ref.name}" is ${ref.info.type}, and has no bins of a ${asked}.`,
      {
        field: 'x.bin',
        hint: 'Give a width, or the number of bins as "bins".',
      },
    );
  }
  if (asked === undefined && scale === 'log')
    return { plan: plan(logEdges(low, high, bins ?? USUAL_BINS)) };
  if (asked === undefined && bins !== undefined) return { plan: plan(evenEdges(low, high, bins)) };
  const { logical } = ref;
  const isWhole = logical.kind === 'integer' || (logical.kind === 'decimal' && logical.scale === 0);
  // Between the ends whole numbers begin at the next one: the domain of a single 3 is 2.5 to 3.5, its bin is [3, 4).
  const [from, to] = isWhole ? wholeEnds(low, high) : [low, high];
  // A domain may end where the bin of the greatest number does.
  const most = domain?.x === undefined ? MAX_SINGLE : MAX_SINGLE + 1;
  const usual = (): number =>
    isWhole ? wholeWidth(from, to, most) : niceWidth((to - from) / USUAL_BINS);
  const width = asked ?? usual();
  return { plan: plan(widthEdges(from, to, width, isWhole)), bin: width };
}

/** `count + 1` edges, equally far apart; the first and the last are the ends themselves. */
function evenEdges(low: number, high: number, count: number): Float64Array {
  const edges = Float64Array.from(
    { length: count + 1 },
    (_, i) => low + ((high - low) * i) / count,
  );
  edges[count] = high;
  return edges;
}

function wholeEnds(low: number, high: number): [number, number] {
  const [from, to] = [Math.ceil(low), Math.floor(high)];
  return from <= to ? [from, to] : [low, high];
}

function wholeWidth(low: number, high: number, mostSingle: number): number {
  if (high - low < mostSingle) return 1;
  return Math.max(1, niceWidth((high - low + 1) / USUAL_BINS));
}

/** The step of 1, 2 or 5 times a power of ten that is nearest to `wanted`, by ratio. */
function niceWidth(wanted: number): number {
  const power = Math.floor(Math.log10(wanted));
  let best = NaN;
  let least = Infinity;
  for (const digits of [1, 2, 5, 10]) {
    // Written and read, because 2 * 10 ** -3 is not the double 0.002 everywhere.
    const width = Number(`${digits}e${power}`);
    const distance = Math.abs(Math.log(width / wanted));
    if (distance < least) {
      least = distance;
      best = width;
    }
  }
  return best;
}

// Multiples of the width from at or below `low`. Bins of whole numbers are all half-open: in a closed last one an
// end that is an edge would be one value more than in the others.
function widthEdges(low: number, high: number, width: number, isWhole: boolean): Float64Array {
  const bins = widthBins(width);
  const from = binOf(low, bins);
  const last = binOf(high, bins);
  const isClosed = !isWhole && last > from && binStart(last, bins) === high;
  const to = isClosed ? last : last + 1;
  if (!(to - from <= MAX_BINS)) throw tooMany(`${width}`);
  const edges = Float64Array.from({ length: to - from + 1 }, (_, i) => binStart(from + i, bins));
  // A width too small for the doubles at this place gives edges that are the same.
  if (edges.some((edge, i) => i > 0 && edge <= edges[i - 1]!)) return evenEdges(low, high, 1);
  return edges;
}

function timeBins(
  { bins, timeZone = 'UTC' }: Query,
  axis: Axis,
  ends: readonly [bigint, bigint],
  asked: string | number | undefined,
): Bins {
  const { ref } = axis;
  const { logical } = ref;
  if (logical.kind !== 'time' && logical.kind !== 'clock') throw new Error('This axis is no time.');
  const domain = columnEnds(axis, ends);
  const [low, high] = domain;
  const plan = (edges: BigInt64Array): Bins['plan'] => ({
    scale: 'time',
    column: ref.position,
    edges,
    domain,
  });
  if (typeof asked === 'number') return { plan: plan(multiples(low, high, asked)), bin: asked };
  if (asked === undefined && bins !== undefined) {
    // Where bins are finer than the unit, a bin may begin at the first unit beyond the end.
    const edges = timeEdges(ends, unitOf(ref), bins);
    return { plan: plan(edges.map((edge) => (edge < high ? edge : high))) };
  }
  const step =
    asked !== undefined && isCalendarUnit(asked)
      ? { unit: asked, every: 1 }
      : fittingStep(low, high, logical.unit, USUAL_BINS);
  const isZoned = logical.kind === 'time' && logical.zoned;
  try {
    const edges = calendarEdges({
      step,
      unit: logical.unit,
      timeZone: isZoned ? timeZone : 'UTC',
      low,
      high,
    });
    return { plan: plan(edges), bin: stepName(step) };
  } catch (error) {
    if (error instanceof RangeError) throw tooMany(`one ${stepName(step)}`);
    throw error;
  }
}

// Multiples of a width in the column's unit: from at or below `low` to above `high`.
function multiples(low: bigint, high: bigint, width: number): BigInt64Array {
  if (!Number.isSafeInteger(width)) {
    throw new HalftoneError(
      'QUERY_INVALID',
      `"x.bin" must be a whole number of the column's unit, got ${width}.`,
      {
        field: 'x.bin',
        hint: 'Or name a calendar unit, such as "day".',
      },
    );
  }
  const step = BigInt(width);
  const from = floorDivide(low, step);
  const to = floorDivide(high, step) + 1n;
  if (to - from > BigInt(MAX_BINS)) throw tooMany(`${width}`);
  return BigInt64Array.from({ length: Number(to - from) + 1 }, (_, i) => (from + BigInt(i)) * step);
}

function tooMany(width: string): HalftoneError {
  return new HalftoneError(
    'LIMIT_EXCEEDED',
    `Bins of ${width} would be more than ${MAX_BINS} here.`,
    {
      field: 'x.bin',
      hint: 'Take wider bins, or give a narrower domain.',
    },
  );
}
