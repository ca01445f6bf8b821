import { dateOfDays } from '../protocol/civil.js';
import type { JsonValue, TimeUnit } from '../protocol/column.js';
import type { Logical } from './storage.js';

/** Digits of a second's fraction at each unit. */
const FRACTION_DIGITS = { s: 0, ms: 3, us: 6, ns: 9 } as const;
const SECONDS_PER_DAY = 86_400n;

/**
 * One stored value as JSON gives it, exactly: wide integers and decimals are strings, non-finite numbers are named,
 * times are ISO 8601 at the column's unit, with `Z` where they are instants. Text and bytes are not stored as numbers
 * and do not come this way.
 */
export function jsonValue(logical: Logical, value: number | bigint): JsonValue {
  switch (logical.kind) {
    case 'boolean':
      return Number(value) !== 0;
    case 'float':
      return Number.isFinite(value) ? Number(value) : String(value);
    case 'integer': {
      if (logical.bits === 128) return String(value);
      const number = Number(value);
      return Number.isSafeInteger(number) ? number : String(value);
    }
    case 'decimal':
      return formatDecimal(BigInt(value), logical.scale);
    case 'time':
      return formatTime(BigInt(value), logical.unit, logical.zoned);
    case 'clock':
      return formatClock(BigInt(value), logical.unit);
    default:
      throw new Error(`A value of kind "${logical.kind}" is not a number, got ${value}.`);
  }
}

/** A whole number divided by 10^scale, with exactly `scale` digits after the point. */
export function formatDecimal(value: bigint, scale: number): string {
  if (scale === 0) return String(value);
  const digits = String(value < 0n ? -value : value).padStart(scale + 1, '0');
  const split = digits.length - scale;
  return `${value < 0n ? '-' : ''}${digits.slice(0, split)}.${digits.slice(split)}`;
}

/** A count of `unit` since 1970 as ISO 8601; years beyond four digits have a sign and six. */
export function formatTime(value: bigint, unit: TimeUnit, zoned: boolean): string {
  if (unit === 'day') return formatDate(value);
  const perSecond = 10n ** BigInt(FRACTION_DIGITS[unit]);
  const perDay = SECONDS_PER_DAY * perSecond;
  const days = floorDivide(value, perDay);
  return `${formatDate(days)}T${formatClock(value - days * perDay, unit)}${zoned ? 'Z' : ''}`;
}

/** A count of `unit` since midnight as HH:MM:SS with the unit's digits. */
export function formatClock(value: bigint, unit: 's' | 'ms' | 'us' | 'ns'): string {
  const digits = FRACTION_DIGITS[unit];
  const perSecond = 10n ** BigInt(digits);
  const seconds = Number(value / perSecond);
  const fraction = digits === 0 ? '' : `.${String(value % perSecond).padStart(digits, '0')}`;
  const two = (part: number): string => String(part).padStart(2, '0');
  return `${two(Math.floor(seconds / 3600))}:${two(Math.floor(seconds / 60) % 60)}:${two(seconds % 60)}${fraction}`;
}

// JavaScript's Date ends at the year 275760, DuckDB's dates do not.
function formatDate(daysSince1970: bigint): string {
  const { year, month, day } = dateOfDays(Number(daysSince1970));
  const two = (part: number): string => String(part).padStart(2, '0');
  return `${formatYear(year)}-${two(month)}-${two(day)}`;
}

function formatYear(year: number): string {
  if (year >= 0 && year <= 9999) return String(year).padStart(4, '0');
  return `${year < 0 ? '-' : '+'}${String(Math.abs(year)).padStart(6, '0')}`;
}

function floorDivide(value: bigint, divisor: bigint): bigint {
  const quotient = value / divisor;
  return value % divisor < 0n ? quotient - 1n : quotient;
}
