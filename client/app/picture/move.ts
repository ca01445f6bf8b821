import type { AxisDomain, Scale } from '../../../protocol/query.js';
import type { ColumnInfo } from '../../../protocol/column.js';
import { isContinuous, positionOf } from '../../../protocol/view/columns.js';
import { timeOf } from '../../../protocol/view/time.js';

/** How far a key moves the picture, and how much it zooms, as shares of its width. */
const PAN = 0.1;
const ZOOM = 0.2;

/** What a key does to the axes: a shift to the side, or a zoom around the middle; undefined for other keys. */
export function moveOf(key: string): { x: number; y: number; zoom: number } | undefined {
  const moves: Record<string, { x: number; y: number; zoom: number }> = {
    ArrowLeft: { x: -PAN, y: 0, zoom: 0 },
    ArrowRight: { x: PAN, y: 0, zoom: 0 },
    ArrowUp: { x: 0, y: PAN, zoom: 0 },
    ArrowDown: { x: 0, y: -PAN, zoom: 0 },
    '+': { x: 0, y: 0, zoom: ZOOM },
    '=': { x: 0, y: 0, zoom: ZOOM },
    '-': { x: 0, y: 0, zoom: -ZOOM },
  };
  return moves[key];
}

/** The domain of an axis after a shift and a zoom, both shares of its width; undefined where it cannot move. */
export function moveDomain(
  domain: AxisDomain | undefined,
  column: ColumnInfo | undefined,
  scale: Scale,
  shift: number,
  zoom: number,
): string[] | undefined {
  if (!column || !isContinuous(column) || column.kind === 'clock' || domain?.length !== 2)
    return undefined;
  const log = scale === 'log';
  const ends = domain
    .map((end) => positionOf(end, column))
    .map((end) => (log ? Math.log10(end) : end));
  const [low, high] = ends as [number, number];
  if (!(high > low)) return undefined;
  const width = high - low;
  const moved = [low + width * (shift + zoom / 2), high + width * (shift - zoom / 2)];
  return moved.map((end) => write(log ? 10 ** end : end, column, width));
}

function write(position: number, column: ColumnInfo, width: number): string {
  if (column.kind === 'time') {
    const whole = Math.round(position);
    return timeOf(
      whole,
      column.unit === 'day' && whole % 86_400_000 !== 0 ? { ...column, unit: 'ms' } : column,
    );
  }
  // Four digits beyond the width's own: less than a tenth of a pixel, and no noise in the link.
  const digits = Math.min(20, Math.max(0, 4 - Math.floor(Math.log10(width))));
  return String(Number(position.toFixed(digits)));
}
