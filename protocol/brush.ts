import { linearCell, logEdges } from './cells.js';
import { dateOfDays } from './civil.js';
import type { CubeAxes } from './cube.js';
import type { Filter, Scale } from './query.js';
import { NANOSECONDS, parseClock, parseTime } from './time.js';

/** An axis of numbers cut into cells. */
interface NumberAxis {
  low: number;
  high: number;
  width: number;
  scale: Scale;
}

/** The least double whose cell is `cell` or one above it, on an axis of `width` cells. */
export function cellStart(cell: number, { low, high, width, scale }: NumberAxis): number {
  if (cell <= 0) return low;
  if (scale === 'log') return logEdges(low, high, width)[cell]!;
  // Cells never descend, so the first double of a cell is where halving ends.
  let below = low;
  let above = high;
  const guess = low + ((high - low) * cell) / width;
  const slack = 8 * Number.EPSILON * Math.max(Math.abs(low), Math.abs(high));
  const [left, right] = [Math.max(low, guess - slack), Math.min(high, guess + slack)];
  if (left < high && linearCell(left, low, high, width) < cell) below = left;
  if (linearCell(right, low, high, width) >= cell) above = right;
  for (;;) {
    const middle = below + (above - below) / 2;
    if (middle <= below || middle >= above) return above;
    if (linearCell(middle, low, high, width) >= cell) above = middle;
    else below = middle;
  }
}

/**
 * The filters that pass the very rows of a brush, along each axis of the active view from one edge of a cell up to another:
 * for what a cube does not answer, and for the selection that the brush leaves behind.
 *
 * Integers beyond 2^53 and decimals of more than 15 digits stand in the cell of the double next to them, and may lie on the
 * other side of an edge that is such a double.
 */
export function brushFilters(
  active: CubeAxes,
  x: readonly [number, number],
  y?: readonly [number, number],
): Filter[] {
  const filters = [axisFilter(active, 'x', x)];
  if (active.y !== undefined && y !== undefined) filters.push(axisFilter(active, 'y', y));
  return filters;
}

/** The same along one axis. */
export function axisFilter(
  { x, y, domain, scale, unit, width, height }: CubeAxes,
  field: 'x' | 'y',
  [a, b]: readonly [number, number],
): Filter {
  const column = field === 'x' ? x : y!;
  // No row is in a list of no values.
  if (domain === null || a >= b) return { op: 'in', column, values: [] };
  const cells = field === 'x' ? width : height!;
  const [low, high] = domain[field]! as [number | string, number | string];
  // The last cell has its upper end.
  const isOpen = b < cells;
  const ends = { op: 'range', column, ...(isOpen && { maxExclusive: true }) } as const;
  if (unit[field] === 'number') {
    const numbers = { low: Number(low), high: Number(high), width: cells };
    const axis = { ...numbers, scale: scale[field] ?? 'linear' };
    return { ...ends, min: cellStart(a, axis), max: isOpen ? cellStart(b, axis) : axis.high };
  }
  const isClock = !String(low).includes('-');
  const parse = isClock ? parseClock : parseTime;
  const from = parse(String(low))!;
  const size = parse(String(high))! - from;
  const start = (cell: number): string => {
    const share = BigInt(cell) * size;
    const rounded = (share + BigInt(cells) - 1n) / BigInt(cells);
    return isoTime(from + rounded, isClock);
  };
  return { ...ends, min: start(a), max: isOpen ? start(b) : String(high) };
}

const SECONDS_PER_DAY = 86_400;

/** Nanoseconds since 1970, or since midnight, as ISO 8601 to the nanosecond, read as UTC. */
function isoTime(nanoseconds: bigint, isClock: boolean): string {
  const rest = nanoseconds % NANOSECONDS.s;
  const nanos = rest < 0n ? rest + NANOSECONDS.s : rest;
  const seconds = Number((nanoseconds - nanos) / NANOSECONDS.s);
  const days = isClock ? 0 : Math.floor(seconds / SECONDS_PER_DAY);
  const left = seconds - days * SECONDS_PER_DAY;
  const clock = [Math.floor(left / 3600), Math.floor(left / 60) % 60, left % 60].map(two).join(':');
  const time = `${clock}.${String(nanos).padStart(9, '0')}`;
  if (isClock) return time;
  const { year, month, day } = dateOfDays(days);
  const isPlain = year >= 0 && year <= 9999;
  const sign = isPlain ? '' : year < 0 ? '-' : '+';
  const digits = String(Math.abs(year)).padStart(isPlain ? 4 : 6, '0');
  return `${sign}${digits}-${two(month)}-${two(day)}T${time}`;
}

function two(part: number): string {
  return String(part).padStart(2, '0');
}
