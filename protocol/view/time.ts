import type { ColumnInfo } from '../column.js';
import { CALENDAR_UNITS, type CalendarUnit } from '../query-words.js';

const SECOND = 1000;
const DAY = 86_400 * SECOND;

/** The length of a calendar unit in milliseconds; months and longer at their mean. */
export const UNIT_MS: Readonly<Record<CalendarUnit, number>> = {
  second: SECOND,
  minute: 60 * SECOND,
  hour: 3600 * SECOND,
  day: DAY,
  week: 7 * DAY,
  month: 30.436_875 * DAY,
  quarter: 91.310_625 * DAY,
  year: 365.2425 * DAY,
};

/** A time of the API in milliseconds since 1970, or NaN; one without a zone is read as UTC. */
export function millisOf(time: string): number {
  const iso = time.trim().replace(' ', 'T');
  const zoned = !iso.includes('T') || /(Z|[+-]\d\d(:?\d\d)?)$/i.test(iso);
  return Date.parse(zoned ? iso : `${iso}Z`);
}

/** Milliseconds since 1970 as the API writes times of `column`: a date, an instant with Z, or a naive time. */
export function timeOf(millis: number, column: Pick<ColumnInfo, 'unit' | 'zoned'>): string {
  const iso = new Date(Math.max(-8.64e15, Math.min(8.64e15, millis))).toISOString();
  if (column.unit === 'day') return iso.slice(0, iso.indexOf('T'));
  const short = iso.replace(/\.000Z$/, 'Z');
  return column.zoned ? short : short.replace('Z', '');
}

/**
 * The times of the API in a text as people read them: `2001-02-16 09:34`, a midnight as its day alone. Only for texts
 * that are known to be times: a name may look like one.
 */
export const readableTimes = (text: string): string =>
  text.replaceAll(
    /(\d-\d\d-\d\d)T(\d\d:\d\d)(:\d\d)?(?:\.(\d+))?(Z|[+-]\d\d:\d\d)?/g,
    (_, day: string, minutes: string, seconds = '', digits = '', zone = '') => {
      const fraction = digits.replace(/0+$/, '');
      const exact = fraction === '' ? seconds.replace(/^:00$/, '') : `${seconds}.${fraction}`;
      return minutes === '00:00' && exact === '' ? day : `${day} ${minutes}${exact}${zone}`;
    },
  );

/** The finest calendar unit that cuts the span into at most `most` bins; a date is never cut below a day. */
export function fittingUnit(
  spanMs: number,
  column: Pick<ColumnInfo, 'unit'>,
  most = 500,
): CalendarUnit {
  const finest = column.unit === 'day' ? CALENDAR_UNITS.indexOf('day') : 0;
  const unit = CALENDAR_UNITS.slice(finest).find((each) => spanMs / UNIT_MS[each] <= most);
  return unit ?? 'year';
}
