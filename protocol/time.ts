import { daysOfDate } from './civil.js';
import type { TimeUnit } from './column.js';

/** Nanoseconds of one unit. */
export const NANOSECONDS: Readonly<Record<TimeUnit, bigint>> = {
  day: 86_400_000_000_000n,
  s: 1_000_000_000n,
  ms: 1_000_000n,
  us: 1_000n,
  ns: 1n,
};

const DATE = /^([+-]\d{6,7}|\d{4})-(\d\d)-(\d\d)$/;
const CLOCK = /^(\d\d):(\d\d)(?::(\d\d)(?:[.,](\d{1,9})0*)?)?$/;
const ZONE = /(?:Z|z|([+-])(\d\d)(?::?(\d\d))?)$/;

/**
 * Nanoseconds since 1970-01-01T00:00:00 of an ISO 8601 date or date and time, or undefined where the text is
 * none. Without a zone it is read as UTC.
 */
export function parseTime(text: string): bigint | undefined {
  const separator = text.search(/[Tt ]/);
  const day = parseDate(separator < 0 ? text : text.slice(0, separator));
  if (day === undefined || separator < 0) return day;
  let rest = text.slice(separator + 1);
  let ahead = 0n;
  const zone = ZONE.exec(rest);
  if (zone !== null) {
    rest = rest.slice(0, zone.index);
    const [, sign, hours = '0', minutes = '0'] = zone;
    if (Number(hours) > 23 || Number(minutes) > 59) return undefined;
    ahead = (BigInt(hours) * 3600n + BigInt(minutes) * 60n) * (sign === '-' ? -1n : 1n);
  }
  const clock = parseClock(rest);
  return clock === undefined ? undefined : day + clock - ahead * NANOSECONDS.s;
}

/** Nanoseconds since midnight of `HH:MM[:SS[.fraction]]`, or undefined where the text is none. */
export function parseClock(text: string): bigint | undefined {
  const parts = CLOCK.exec(text);
  if (parts === null) return undefined;
  const [, hours, minutes, seconds = '0', fraction = ''] = parts;
  const total = Number(hours) * 3600 + Number(minutes) * 60 + Number(seconds);
  if (Number(minutes) > 59 || Number(seconds) > 59 || total > 86_400) return undefined;
  return BigInt(total) * NANOSECONDS.s + BigInt(fraction.padEnd(9, '0'));
}

function parseDate(text: string): bigint | undefined {
  const parts = DATE.exec(text);
  if (parts === null) return undefined;
  const [year, month, day] = [Number(parts[1]), Number(parts[2]), Number(parts[3])];
  if (month < 1 || month > 12 || day < 1 || day > daysOf(year, month)) return undefined;
  return BigInt(daysOfDate(year, month, day)) * NANOSECONDS.day;
}

function daysOf(year: number, month: number): number {
  if (month !== 2) return [4, 6, 9, 11].includes(month) ? 30 : 31;
  return year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0) ? 29 : 28;
}
