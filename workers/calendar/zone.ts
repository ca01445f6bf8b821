import { Temporal } from 'temporal-polyfill';
import { CYCLE_DAYS } from '../../protocol/civil.js';

const DAY_SECONDS = 86_400;
/** Temporal knows 10^8 days to either side of 1970; a little less leaves room for offsets. */
const KNOWN_SECONDS = 8.6e12;
const CYCLE_SECONDS = CYCLE_DAYS * DAY_SECONDS;

/** A stretch of time with one offset from UTC, in seconds since 1970; half-open, an end may be infinite. */
export interface OffsetPeriod {
  from: number;
  to: number;
  /** Seconds that the clock on the wall is ahead of UTC. */
  offset: number;
}

/** The clock of a time zone, in whole seconds. Asked for what comes next in time, it answers without a look-up. */
export interface Zone {
  periodAt(seconds: number): OffsetPeriod;
  /** The first instant of the day that is `day` days after 1970-01-01 on the wall, even where midnight is skipped. */
  startOfDay(day: number): number;
}

/** Whether `name` is a time zone: an IANA name or an offset like `+05:30`. */
export function isTimeZone(name: string): boolean {
  try {
    return Temporal.Instant.fromEpochMilliseconds(0).toZonedDateTimeISO(name) !== undefined;
  } catch {
    return false;
  }
}

/** Opens a time zone; throws a RangeError for an unknown name. */
export function openZone(timeZone: string): Zone {
  if (timeZone === 'UTC') return UTC;
  let period = lookUpPeriod(timeZone, 0);
  const periodAt = (seconds: number): OffsetPeriod => {
    if (!(seconds >= period.from && seconds < period.to)) period = lookUpPeriod(timeZone, seconds);
    return period;
  };
  return {
    periodAt,
    startOfDay(day) {
      const guess = day * DAY_SECONDS - period.offset;
      // Midnight falls into the period, and a day before it does too: no earlier midnight, none skipped.
      if (guess - DAY_SECONDS >= period.from && guess < period.to) return guess;
      const start = lookUpStartOfDay(timeZone, day);
      periodAt(start);
      return start;
    },
  };
}

const UTC: Zone = {
  periodAt: () => ({ from: -Infinity, to: Infinity, offset: 0 }),
  startOfDay: (day) => day * DAY_SECONDS,
};

function lookUpPeriod(timeZone: string, seconds: number): OffsetPeriod {
  const shift = cyclesBeyond(seconds) * CYCLE_SECONDS;
  const at = zonedAt(timeZone, seconds - shift);
  const next = at.getTimeZoneTransition('next');
  // "previous" means strictly before, and a period begins with its transition.
  const previous = at.add({ seconds: 1 }).getTimeZoneTransition('previous');
  return {
    from: previous === null ? -Infinity : secondsOf(previous) + shift,
    to: next === null ? Infinity : secondsOf(next) + shift,
    offset: at.offsetNanoseconds / 1e9,
  };
}

function lookUpStartOfDay(timeZone: string, day: number): number {
  const cycles = cyclesBeyond(day * DAY_SECONDS);
  const date = new Temporal.PlainDate(1970, 1, 1).add({ days: day - cycles * CYCLE_DAYS });
  return secondsOf(date.toZonedDateTime(timeZone)) + cycles * CYCLE_SECONDS;
}

// Far from now a zone's rules repeat with the calendar, every 400 years.
function cyclesBeyond(seconds: number): number {
  if (Math.abs(seconds) <= KNOWN_SECONDS) return 0;
  return (
    Math.trunc((seconds - Math.sign(seconds) * KNOWN_SECONDS) / CYCLE_SECONDS) + Math.sign(seconds)
  );
}

function zonedAt(timeZone: string, seconds: number): Temporal.ZonedDateTime {
  return Temporal.Instant.fromEpochMilliseconds(seconds * 1000).toZonedDateTimeISO(timeZone);
}

function secondsOf(time: Temporal.ZonedDateTime): number {
  return Math.floor(time.epochMilliseconds / 1000);
}
