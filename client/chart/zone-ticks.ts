import { instantOfWall, offsetText, zoneOffset } from '../../protocol/view/zone-clock.js';
import type { Span } from './axis.js';

/** A mark at a time axis: where it stands, in milliseconds since 1970 (UTC), and what is written there in Plotly's words. */
export interface Tick {
  position: number;
  text: string;
}

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const MONTH = 30.436_875 * DAY;

const CLOCK_STEPS = [
  ...[0.001, 0.01, 0.1, 1, 10, 100].flatMap((each) => [each, 2 * each, 5 * each]),
  ...[1, 2, 5, 10, 15, 30].map((each) => each * SECOND),
  ...[1, 2, 5, 10, 15, 30].map((each) => each * MINUTE),
  ...[1, 2, 3, 6, 12].map((each) => each * HOUR),
];
const DAY_STEPS = [1, 2, 7, 14];
const MONTH_STEPS = [1, 2, 3, 6, ...[1, 10, 100, 1000].flatMap((n) => [12 * n, 24 * n, 60 * n])];
/** 1970-01-01 was a Thursday: weeks begin on Sunday, as Plotly's do. */
const SUNDAY = 3;

/**
 * Ticks at whole hours, days or months on the wall of a zone: about `most` on the span and as many on either side, where they come
 * into sight when the axis is moved. An hour that the clock skips has none; one that comes twice has two, which tell their offsets.
 */
export function zoneTicks([low, high]: Span, timeZone: string, most: number): Tick[] {
  const room = (high - low) / Math.max(1, most);
  const ends: Span = [2 * low - high, 2 * high - low];
  const clock = CLOCK_STEPS.find((step) => step >= room);
  if (clock !== undefined) return clockTicks(ends, low, timeZone, clock);
  const days = DAY_STEPS.find((step) => step * DAY >= room);
  if (days !== undefined) return dayTicks(ends, low, timeZone, days);
  return monthTicks(ends, timeZone, MONTH_STEPS.find((step) => step * MONTH >= room) ?? 60_000);
}

function clockTicks([from, to]: Span, low: number, timeZone: string, step: number): Tick[] {
  const ticks: (Tick & { day: string; offset: number })[] = [];
  let start = Math.floor(from);
  while (start <= to) {
    const offset = zoneOffset(timeZone, start);
    const end = offsetEnd(timeZone, start, to);
    for (
      let n = Math.ceil((Math.max(start, from) + offset) / step);
      n * step - offset <= Math.min(end, to);
      n++
    ) {
      const wall = n * step;
      const text = clockText(wall, step);
      ticks.push({ position: wall - offset, text, day: dayText(wall), offset });
    }
    start = end + 1;
  }
  const seen = new Set<string>();
  const twice = new Set<string>();
  for (const { day, text } of ticks) (seen.has(day + text) ? twice : seen).add(day + text);
  const isNewDay = changes(low);
  return ticks.map(({ position, text, day, offset }) => {
    const clock = twice.has(day + text) ? `${text} ${offsetText(offset)}` : text;
    return { position, text: isNewDay(position, day) ? `${clock}<br>${day}` : clock };
  });
}

/** The last millisecond with the offset of `start`; Infinity where it lasts to the end: clocks are set on whole seconds, months apart. */
function offsetEnd(timeZone: string, start: number, to: number): number {
  const offset = zoneOffset(timeZone, start);
  let same = start;
  for (let next = start; next < to;) {
    next = Math.min(next + 6 * HOUR, to);
    if (zoneOffset(timeZone, next) === offset) {
      same = next;
      continue;
    }
    while (next - same > 1) {
      const middle = Math.floor((same + next) / 2);
      if (zoneOffset(timeZone, middle) === offset) same = middle;
      else next = middle;
    }
    return same;
  }
  return Infinity;
}

function dayTicks([from, to]: Span, low: number, timeZone: string, every: number): Tick[] {
  const ticks: Tick[] = [];
  const isNewYear = changes(low);
  const shift = every % 7 === 0 ? SUNDAY : 0;
  for (let day = Math.floor((from / DAY - shift) / every) * every + shift; ; day += every) {
    const position = instantOfWall(timeZone, day * DAY);
    if (position > to) return ticks;
    const [words, year] = dayText(day * DAY).split(', ') as [string, string];
    ticks.push({ position, text: isNewYear(position, year) ? `${words}<br>${year}` : words });
  }
}

function monthTicks([from, to]: Span, timeZone: string, every: number): Tick[] {
  const ticks: Tick[] = [];
  const first = new Date(from);
  const months = first.getUTCFullYear() * 12 + first.getUTCMonth();
  for (let month = Math.floor(months / every) * every; ; month += every) {
    const wall = new Date(0).setUTCFullYear(Math.floor(month / 12), month % 12, 1);
    if (!(wall <= to)) return ticks;
    const [words, year] = dayText(wall).split(', ') as [string, string];
    const text = every % 12 === 0 ? year : `${words.slice(0, 3)} ${year}`;
    ticks.push({ position: instantOfWall(timeZone, wall), text });
  }
}

/** Tells of each text from `low` on whether it differs from the one before it. */
function changes(low: number): (position: number, text: string) => boolean {
  let last: string | undefined;
  return (position, text) => {
    if (position < low || text === last) return false;
    last = text;
    return true;
  };
}

function clockText(wall: number, step: number): string {
  const clock = new Date(Math.floor(wall)).toISOString().slice(-13, -1);
  if (step >= MINUTE) return clock.slice(0, 5);
  if (step >= SECOND) return clock.slice(0, 8);
  if (step >= 1) return clock;
  const micros = Math.round((wall - Math.floor(wall)) * 1000);
  return `${clock}${String(micros).padStart(3, '0')}`;
}

const dayFormat = new Intl.DateTimeFormat('en', { dateStyle: 'medium', timeZone: 'UTC' });

/** `Mar 30, 2025`. */
const dayText = (wall: number): string => dayFormat.format(wall);
