import type { FrameMetadata } from '../../protocol/frame.js';
import type { AxisUnit } from '../../protocol/axis-unit.js';
import type { AxisDomain, Scale } from '../../protocol/query.js';
import { zonedText } from '../../protocol/view/zone-clock.js';
import { NANOSECONDS, parseClock, parseTime } from '../../protocol/time.js';

/** What an axis measures. `clock` is a time of day. */
export type AxisKind = 'number' | 'time' | 'clock' | 'category';

export interface Axis {
  kind: AxisKind;
  scale: Scale;
  /** Times carry a `Z`: they are instants, not local times. */
  zoned: boolean;
  /** The zone in whose times instants are shown; UTC where absent. */
  timeZone?: string;
  /** The unit of the column; `day` for dates. */
  unit: AxisUnit;
}

/**
 * The two ends of an axis as positions, in which it is straight: numbers, their log10 on a log axis,
 * milliseconds since 1970 (UTC) for times and since midnight for times of day. Categories lie around the whole numbers from 0.
 */
export type Span = readonly [low: number, high: number];

const NS_PER_MS = Number(NANOSECONDS.ms);
const DAY_MS = 86_400_000;
// Plotly's calendar ends here, and so does what Date can write.
const MAX_TIME_MS = 2.5e14;

/** The axis of a frame; what it does not tell follows from the ends that were asked for. */
export function axisOf(
  side: 'x' | 'y',
  metadata: Pick<FrameMetadata, 'domain' | 'scale' | 'unit'> | undefined,
  asked: AxisDomain | undefined,
  scale: Scale = 'linear',
): Axis {
  const end = metadata?.domain?.[side]?.[0] ?? asked?.[0];
  const text = typeof end === 'string' ? end : '';
  // The values of a category axis may look like times.
  const kind =
    metadata?.unit[side] === 'category'
      ? 'category'
      : /^\d\d:\d\d/.test(text)
        ? 'clock'
        : /^[+-]?\d{4,6}-\d\d/.test(text)
          ? 'time'
          : 'number';
  return {
    kind,
    scale: kind === 'category' ? 'linear' : (metadata?.scale[side] ?? scale),
    zoned: text.endsWith('Z'),
    unit: metadata?.unit[side] ?? (kind === 'number' ? 'number' : 'ms'),
  };
}

/** The position of one value of the API; NaN for what has no place. */
export function positionOf(value: AxisDomain[number] | undefined, axis: Axis): number {
  if (value === null || value === undefined || typeof value === 'boolean') return Number.NaN;
  if (axis.kind === 'time' || axis.kind === 'clock') {
    const time = axis.kind === 'time' ? parseTime(String(value)) : parseClock(String(value));
    return time === undefined ? Number.NaN : millisOf(time);
  }
  return axis.scale === 'log' ? Math.log10(Number(value)) : Number(value);
}

/** The ends of a domain as positions, or undefined where they are none; a single value is widened. */
export function spanOf(domain: AxisDomain | undefined, axis: Axis): Span | undefined {
  if (axis.kind === 'category') return domain?.length ? [-0.5, domain.length - 0.5] : undefined;
  if (domain === undefined || domain.length < 2) return undefined;
  const low = positionOf(domain[0], axis);
  const high = positionOf(domain.at(-1), axis);
  if (!Number.isFinite(low) || !Number.isFinite(high) || low > high) return undefined;
  // The cells of a domain of one value are widened by half a unit on each side; so is its axis.
  const half = axis.scale === 'log' ? 0.15 : unitMs(axis.unit) / 2;
  return low === high ? [low - half, high + half] : [low, high];
}

/**
 * The ends of `span` as a query holds them. They are rounded to a sixteenth of a pixel at most, so that addresses
 * stay short; use `spanOf` of the result as the span from then on.
 */
export function domainOf([low, high]: Span, axis: Axis, pixels: number): AxisDomain {
  const step = (high - low) / (pixels * 16);
  return [low, high].map((end) => valueAt(end, axis, step));
}

/** The value at a position, as the API writes it, to the accuracy of `step` positions. */
export function valueAt(position: number, axis: Axis, step: number): number | string {
  if (axis.kind === 'time') return isoOf(position, axis, step);
  if (axis.kind === 'clock') {
    return isoOf(Math.min(Math.max(position, 0), DAY_MS - 1), axis, step).slice(11);
  }
  if (axis.scale === 'log') {
    // A step of the exponent is a share of the value, the same everywhere.
    const digits = Math.ceil(-Math.log10(Math.max(step, 1e-15) * Math.LN10)) + 1;
    return Number((10 ** position).toPrecision(Math.min(Math.max(digits, 3), 17)));
  }
  if (!(step > 0)) return position;
  const digits = Math.ceil(-Math.log10(step));
  if (digits > 20) return position;
  if (digits >= 0) return Number(position.toFixed(digits));
  const unit = 10 ** -digits;
  return Math.round(position / unit) * unit;
}

/** The same as a person is to read it: an instant on the wall of the axis' zone, with its offset. */
export function shownAt(position: number, axis: Axis, step: number): number | string {
  const value = valueAt(position, axis, step);
  return typeof value === 'string' ? zonedText(value, axis.timeZone) : value;
}

const PLOTLY_TIME: Axis = { kind: 'time', scale: 'linear', zoned: false, unit: 'ms' };
/** Of the values that Plotly tells apart in time, in milliseconds. */
const PLOTLY_STEP_MS = 1e-4;

/**
 * A position as the end of one of Plotly's axes. Times are written out: a number it would take for one in the zone of the
 * browser, or for a year.
 */
export function plotlyEnd(position: number, { kind }: Axis): number | string {
  if (kind !== 'time' && kind !== 'clock') return position;
  // Years before the first have six digits in ISO 8601, four with Plotly.
  return String(valueAt(position, PLOTLY_TIME, PLOTLY_STEP_MS)).replace(/^-00/u, '-');
}

/** The positions of an axis range of Plotly: numbers, or times such as `2001-01-05 12:30`, read as UTC. */
export function spanOfRange(range: readonly unknown[]): Span {
  const [low, high] = range.map((end) => {
    if (typeof end !== 'string') return Number(end);
    const time = parseTime(end) ?? parseTime(end.replace(/(\d\d)$/, '$1:00'));
    return time === undefined ? Number(end) : millisOf(time);
  });
  return [low!, high!];
}

/** Milliseconds of one unit; 1 for numbers. */
export const unitMs = (unit: AxisUnit): number =>
  unit === 'number' || unit === 'category' ? 1 : Number(NANOSECONDS[unit]) / NS_PER_MS;

/** Nanoseconds since 1970 in milliseconds, to the accuracy of a double. */
export const millisOf = (nanoseconds: bigint): number =>
  Number(nanoseconds / NANOSECONDS.ms) + Number(nanoseconds % NANOSECONDS.ms) / NS_PER_MS;

// ISO 8601 as short as `step` milliseconds allow: a date, seconds, milliseconds or microseconds.
function isoOf(position: number, { zoned, unit, kind }: Axis, step: number): string {
  const clamped = Math.min(Math.max(position, -MAX_TIME_MS), MAX_TIME_MS);
  const rounded = step >= 1000 ? Math.round(clamped / 1000) * 1000 : clamped;
  const whole = Math.floor(rounded);
  const micros = step < 1 ? Math.round((rounded - whole) * 1000) : 0;
  const time = new Date(whole + (micros === 1000 ? 1 : 0)).toISOString().slice(0, -1);
  if (unit === 'day' && kind === 'time' && time.endsWith('T00:00:00.000'))
    return time.slice(0, -13);
  const fraction = micros > 0 && micros < 1000 ? String(micros).padStart(3, '0') : '';
  const text = fraction === '' ? time.replace(/\.000$/, '') : time + fraction;
  return zoned ? `${text}Z` : text;
}
