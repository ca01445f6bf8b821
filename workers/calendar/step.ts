import type { TimeUnit } from '../../protocol/column.js';
import { CALENDAR_UNITS, type CalendarUnit } from '../../protocol/query.js';

/** The length of a calendar bin: `every` of `unit`. Only seconds may have a fraction, 1, 2 or 5 of a decimal place. */
export interface CalendarStep {
  unit: CalendarUnit;
  every: number;
}

/** Seconds of a unit, on average. */
const SECONDS: Readonly<Record<CalendarUnit, number>> = {
  second: 1,
  minute: 60,
  hour: 3600,
  day: 86_400,
  week: 604_800,
  month: 2_629_746,
  quarter: 7_889_238,
  year: 31_556_952,
};

/** Steps that people can read: each divides the next coarser unit. */
const STEPS: readonly CalendarStep[] = [
  ...decades(-9, -1).map((every) => ({ unit: 'second' as const, every })),
  ...stepsOf('second', [1, 2, 5, 10, 15, 30]),
  ...stepsOf('minute', [1, 2, 5, 10, 15, 30]),
  ...stepsOf('hour', [1, 2, 3, 6, 12]),
  ...stepsOf('day', [1]),
  ...stepsOf('week', [1]),
  ...stepsOf('month', [1]),
  ...stepsOf('quarter', [1]),
  ...decades(0, 9).map((every) => ({ unit: 'year' as const, every })),
];

/** Ticks of a column's unit in a second; a day has less than one. */
const TICKS: Readonly<Record<TimeUnit, number>> = {
  day: 1 / 86_400,
  s: 1,
  ms: 1e3,
  us: 1e6,
  ns: 1e9,
};

/**
 * The step that cuts the time from `low` to `high`, integers in `unit`, into about `bins` bins; none is finer than
 * the unit itself.
 */
export function fittingStep(low: bigint, high: bigint, unit: TimeUnit, bins = 40): CalendarStep {
  const seconds = Number(high - low + 1n) / TICKS[unit];
  const fitting = STEPS.filter((step) => stepSeconds(step) * TICKS[unit] > 0.999);
  let best = fitting[0]!;
  let least = Infinity;
  for (const step of fitting) {
    // Twice as many bins is as far off as half as many.
    const distance = Math.abs(Math.log(seconds / stepSeconds(step) / bins));
    if (distance < least) {
      least = distance;
      best = step;
    }
  }
  return best;
}

/** The length of a step in seconds, on average. */
export function stepSeconds({ unit, every }: CalendarStep): number {
  return SECONDS[unit] * every;
}

/** Whether a bin is named as a calendar unit, and is no width. */
export function isCalendarUnit(bin: string | number): bin is CalendarUnit {
  return CALENDAR_UNITS.some((unit) => unit === bin);
}

function stepsOf(unit: CalendarUnit, lengths: readonly number[]): CalendarStep[] {
  return lengths.map((every) => ({ unit, every }));
}

function decades(from: number, to: number): number[] {
  const lengths: number[] = [];
  // Written and read, because 2 * 10 ** -3 is not the double 0.002 everywhere.
  for (let power = from; power <= to; power++) {
    for (const digit of [1, 2, 5]) lengths.push(Number(`${digit}e${power}`));
  }
  return lengths;
}
