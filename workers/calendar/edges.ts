import { dateOfDays, daysOfDate } from '../../protocol/civil.js';
import type { TimeUnit } from '../../protocol/column.js';
import { MAX_BINS } from '../../protocol/limits.js';
import type { CalendarStep } from './step.js';
import { openZone, type Zone } from './zone.js';

const DAY_SECONDS = 86_400;
/** Beyond it a double does not hold every second: 285 million years. */
const MAX_SECONDS = 2n ** 53n;
const INT64_MIN = -(2n ** 63n);
const INT64_MAX = 2n ** 63n - 1n;
const TICKS: Readonly<Record<Exclude<TimeUnit, 'day'>, bigint>> = {
  s: 1n,
  ms: 1_000n,
  us: 1_000_000n,
  ns: 1_000_000_000n,
};

export interface CalendarEdgesOptions {
  step: CalendarStep;
  /** The unit of the column: of `low`, `high` and the edges. */
  unit: TimeUnit;
  /** An IANA name; naive times are binned as UTC. */
  timeZone: string;
  /** Both ends are inclusive. */
  low: bigint;
  high: bigint;
  maxBins?: number;
}

/**
 * The edges of the calendar bins that hold `low` to `high`: ascending integers in the column's unit, the first not
 * above `low`, the last above `high`; bin i is edges[i] <= t < edges[i + 1]. Throws a RangeError where there are
 * more than `maxBins` bins.
 *
 * Bins of a day or longer begin with the first instant of their first day on the wall of `timeZone`, so that days
 * have 23, 24 or 25 hours; weeks begin on Monday. Shorter ones begin whenever the clock on the wall shows a whole
 * number of steps since midnight or jumps past one: an hour that comes twice is two bins.
 * A column of dates has no bins shorter than a day.
 */
export function calendarEdges(options: CalendarEdgesOptions): BigInt64Array<ArrayBuffer> {
  const { unit, timeZone, low, high, maxBins = MAX_BINS } = options;
  const step =
    unit === 'day' && isShort(options.step) ? ({ unit: 'day', every: 1 } as const) : options.step;
  if (step.unit === 'second' && step.every < 1 && unit !== 'day') {
    return evenEdges(low, high, BigInt(Math.round(step.every * 1e9)) * TICKS[unit], options);
  }
  const from = secondsOf(low, unit);
  const to = secondsOf(high, unit);
  const edges: bigint[] = [];
  // Dates are naive: they have no hours that a zone could shift.
  const zone = openZone(unit === 'day' ? 'UTC' : timeZone);
  for (const seconds of secondEdges(step, zone, from)) {
    const edge = ticksOf(seconds, unit);
    // A day that a zone skipped altogether, and what a clock set back left before the first row.
    if (edges.length > 0 && (edge === edges.at(-1) || edge <= low)) edges.pop();
    edges.push(edge);
    if (seconds > to) return BigInt64Array.from(edges);
    if (edges.length > maxBins) throw tooMany(step, maxBins);
  }
  throw new Error('The edges of a calendar never end.');
}

/** Tells in words how long a bin is: `day`, `15 minutes`. */
export function stepName({ unit, every }: CalendarStep): string {
  return every === 1 ? unit : `${every} ${unit}s`;
}

function tooMany(step: CalendarStep, maxBins: number): RangeError {
  return new RangeError(`Bins of one ${stepName(step)} would be more than ${maxBins}.`);
}

function isShort({ unit }: CalendarStep): boolean {
  return unit === 'second' || unit === 'minute' || unit === 'hour';
}

function secondEdges(step: CalendarStep, zone: Zone, from: number): Iterable<number> {
  switch (step.unit) {
    case 'second':
      return clockEdges(zone, from, step.every);
    case 'minute':
      return clockEdges(zone, from, step.every * 60);
    case 'hour':
      return clockEdges(zone, from, step.every * 3600);
    case 'day':
      return dayEdges(zone, from, step.every, 0);
    case 'week':
      // 1970-01-01 was a Thursday.
      return dayEdges(zone, from, step.every * 7, 3);
    case 'month':
      return monthEdges(zone, from, step.every);
    case 'quarter':
      return monthEdges(zone, from, step.every * 3);
    default:
      return monthEdges(zone, from, step.every * 12);
  }
}

function* clockEdges(zone: Zone, from: number, step: number): Iterable<number> {
  let edge = edgeAtOrBefore(zone, from, step);
  for (;;) {
    yield edge;
    edge = edgeAfter(zone, edge, step);
  }
}

function edgeAtOrBefore(zone: Zone, seconds: number, step: number): number {
  let at = seconds;
  for (;;) {
    const period = zone.periodAt(at);
    const edge = Math.floor((at + period.offset) / step) * step - period.offset;
    if (edge >= period.from) return edge;
    at = period.from - 1;
    if (jumpsPast(zone.periodAt(at), period.offset, period.from, step)) return period.from;
  }
}

function edgeAfter(zone: Zone, edge: number, step: number): number {
  let period = zone.periodAt(edge);
  let next = (Math.floor((edge + period.offset) / step) + 1) * step - period.offset;
  while (next >= period.to) {
    const transition = period.to;
    const before = period;
    period = zone.periodAt(transition);
    if (jumpsPast(before, period.offset, transition, step)) return transition;
    next = Math.ceil((transition + period.offset) / step) * step - period.offset;
  }
  return next;
}

// Whether a clock that is set at `transition` leaves a whole number of steps out.
function jumpsPast(
  before: { offset: number },
  offset: number,
  transition: number,
  step: number,
): boolean {
  const last = Math.floor((transition - 1 + before.offset) / step);
  return Math.floor((transition + offset) / step) > last;
}

function* dayEdges(zone: Zone, from: number, days: number, shift: number): Iterable<number> {
  let day = Math.floor((localDay(zone, from) + shift) / days) * days - shift;
  for (; ; day += days) yield zone.startOfDay(day);
}

function* monthEdges(zone: Zone, from: number, months: number): Iterable<number> {
  const { year, month } = dateOfDays(localDay(zone, from));
  let first = Math.floor((year * 12 + month - 1) / months) * months;
  for (; ; first += months) yield zone.startOfDay(daysOfDate(0, first + 1, 1));
}

function localDay(zone: Zone, seconds: number): number {
  return Math.floor((seconds + zone.periodAt(seconds).offset) / DAY_SECONDS);
}

// Fractions of a second: zones are whole seconds apart, so every one has the same edges.
function evenEdges(
  low: bigint,
  high: bigint,
  nanosecondTicks: bigint,
  { step, maxBins = MAX_BINS }: CalendarEdgesOptions,
): BigInt64Array<ArrayBuffer> {
  const width = nanosecondTicks / TICKS.ns;
  const first = floorDivide(low, width);
  const last = floorDivide(high, width) + 1n;
  if (last - first > BigInt(maxBins)) throw tooMany(step, maxBins);
  return BigInt64Array.from({ length: Number(last - first) + 1 }, (_, i) =>
    clamp((first + BigInt(i)) * width),
  );
}

function secondsOf(ticks: bigint, unit: TimeUnit): number {
  const seconds = unit === 'day' ? ticks * BigInt(DAY_SECONDS) : floorDivide(ticks, TICKS[unit]);
  if (seconds > MAX_SECONDS || seconds < -MAX_SECONDS) {
    throw new RangeError(
      `The time ${ticks} (in ${unit} since 1970) is too far away for a calendar.`,
    );
  }
  return Number(seconds);
}

function ticksOf(seconds: number, unit: TimeUnit): bigint {
  return unit === 'day' ? BigInt(seconds / DAY_SECONDS) : clamp(BigInt(seconds) * TICKS[unit]);
}

// The first bin may begin, and the last one end, beyond what the column can hold.
function clamp(ticks: bigint): bigint {
  if (ticks < INT64_MIN) return INT64_MIN;
  return ticks > INT64_MAX ? INT64_MAX : ticks;
}

function floorDivide(value: bigint, divisor: bigint): bigint {
  const quotient = value / divisor;
  return value % divisor < 0n ? quotient - 1n : quotient;
}
