import { instantOfWall, zoneOffset } from '../../../protocol/view/zone-clock.js';

const SHORT_MS: Readonly<Record<string, number>> = {
  second: 1000,
  minute: 60_000,
  hour: 3_600_000,
};
const MONTHS: Readonly<Record<string, number>> = { month: 1, quarter: 3, year: 12 };
/** How far back the instant of a jump is looked for, and how near it is found. */
const MOST_JUMP_MS = 3 * 3_600_000;
const NEAR_MS = 1000;

/**
 * Where the bin of a calendar unit ends that begins at `start`, both in milliseconds since 1970. An hour that is cut because the clock
 * is set by half of one is taken whole.
 */
export function binEnd(start: number, unit: string, timeZone: string | undefined): number {
  const short = SHORT_MS[unit];
  if (short !== undefined) return start + short;
  const shows = (instant: number): number =>
    timeZone === undefined ? instant : instant + zoneOffset(timeZone, instant);
  // A day may begin later than at midnight.
  const wall = new Date(shows(start));
  wall.setUTCHours(0, 0, 0, 0);
  const months = MONTHS[unit];
  if (months === undefined) wall.setUTCDate(wall.getUTCDate() + (unit === 'week' ? 7 : 1));
  else wall.setUTCMonth(wall.getUTCMonth() + months, 1);
  if (timeZone === undefined) return wall.getTime();
  let end = instantOfWall(timeZone, wall.getTime());
  // Where the clock jumps past that midnight, the day begins with the jump.
  for (let low = end - MOST_JUMP_MS; shows(end) > wall.getTime() && end - low > NEAR_MS;) {
    const middle = Math.ceil((low + end) / (2 * NEAR_MS)) * NEAR_MS;
    if (middle >= end) break;
    if (shows(middle) >= wall.getTime()) end = middle;
    else low = middle;
  }
  return end;
}
