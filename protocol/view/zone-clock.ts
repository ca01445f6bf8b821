const MINUTE_MS = 60_000;
const HOUR_MS = 3_600_000;
/** No zone is further from UTC. */
const MOST_OFFSET_MS = 26 * HOUR_MS;

/** Of the instants that Date can write. */
const MOST_MS = 8.64e15;

const formats = new Map<string, Intl.DateTimeFormat>();

/** How far the clock on the wall of a time zone is ahead of UTC at an instant, in milliseconds; instants are milliseconds since 1970. */
export function zoneOffset(timeZone: string, instant: number): number {
  let format = formats.get(timeZone);
  if (format === undefined) {
    format = new Intl.DateTimeFormat('en', { timeZone, timeZoneName: 'longOffset' });
    formats.set(timeZone, format);
  }
  // `GMT`, `GMT+02:00`, and in the days of local mean time `GMT-04:56:02`.
  const known = Math.min(Math.max(instant, -MOST_MS), MOST_MS);
  const name = format.formatToParts(known).find(({ type }) => type === 'timeZoneName')!.value;
  const [, sign, hours = 0, minutes = 0, seconds = 0] =
    /([+-])(\d\d):(\d\d)(?::(\d\d))?/.exec(name) ?? [];
  const ahead = Number(hours) * HOUR_MS + Number(minutes) * MINUTE_MS + Number(seconds) * 1000;
  return sign === '-' ? -ahead : ahead;
}

/**
 * The first instant at which the clock on the wall shows `wall` (milliseconds since 1970-01-01 on the wall), or where it jumps past
 * that, the instant of the jump, or an hour too late for it.
 */
export function instantOfWall(timeZone: string, wall: number): number {
  const offsets = [-MOST_OFFSET_MS, MOST_OFFSET_MS].map((by) => zoneOffset(timeZone, wall + by));
  const shows = (instant: number): number => instant + zoneOffset(timeZone, instant);
  const [early, late] = offsets.map((offset) => wall - offset).sort((a, b) => a - b);
  return shows(early!) >= wall ? early! : late!;
}

const INSTANT = /^([+-]?\d{4,6}-\d\d-\d\d)T(\d\d:\d\d)(:\d\d)?(\.\d+)?Z$/;

/** An instant of the API (`2025-03-30T01:00:00Z`) as the wall of a zone shows it, every digit of it: `2025-03-30T03:00:00+02:00`. Other texts stay. */
export function zonedText(text: string, timeZone: string | undefined): string {
  const parts = timeZone === undefined || timeZone === 'UTC' ? null : INSTANT.exec(text);
  if (parts === null) return text;
  const [, day, minutes, seconds = ':00', fraction = ''] = parts;
  const instant = Date.parse(`${day}T${minutes}${seconds}Z`);
  if (Number.isNaN(instant)) return text;
  const offset = zoneOffset(timeZone!, instant);
  const wall = new Date(instant + offset).toISOString().replace(/\.000Z$/, '');
  return `${wall}${fraction}${offsetText(offset)}`;
}

/** `+02:00`. */
export function offsetText(offset: number): string {
  const two = (n: number): string => String(Math.floor(n)).padStart(2, '0');
  const ahead = Math.abs(offset);
  return `${offset < 0 ? '-' : '+'}${two(ahead / HOUR_MS)}:${two((ahead % HOUR_MS) / MINUTE_MS)}`;
}
