import { columnOf, hasColumn, numbersOf, type DecodedFrame } from '../data/frame.js';
import type { ChartDomain } from './types.js';

/**
 * The frame of a heatmap with its categories as people read them: those of most rows first, or as `listed`, from the left and
 * from the top. Other frames are as they were. While a brush moves, the rows without it count, so that cells stay where they are.
 */
export function inReadingOrder(frame: DecodedFrame, listed: ChartDomain = {}): DecodedFrame {
  const { metadata } = frame;
  const { domain, unit, width, height } = metadata;
  if (metadata.mark !== 'heatmap' || domain === null) return frame;
  const sides = (['x', 'y'] as const).filter((side) => unit[side] === 'category');
  if (sides.length === 0) return frame;
  const cells = numbersOf(frame, 'cell') as ArrayLike<number>;
  const counts = numbersOf(frame, hasColumn(frame, 'unbrushed') ? 'unbrushed' : 'count');
  const rows = { x: new Float64Array(width), y: new Float64Array(height) };
  for (let i = 0; i < cells.length; i++) {
    // Of a difference what has changed most comes first, whichever way.
    const count = Math.abs(Number(counts[i]));
    rows.x[cells[i]! % width]! += count;
    rows.y[Math.floor(cells[i]! / width)]! += count;
  }
  const places = { x: upTo(width), y: upTo(height) };
  const named = { ...domain };
  for (const side of sides) {
    const order = upTo(rows[side].length);
    if (listed[side] === undefined) order.sort((a, b) => rows[side][b]! - rows[side][a]!);
    if (side === 'y') order.reverse();
    for (const [place, at] of order.entries()) places[side][at] = place;
    named[side] = order.map((at) => domain[side]![at]!);
  }
  const moved = Uint32Array.from(
    cells,
    (cell) => places.y[Math.floor(cell / width)]! * width + places.x[cell % width]!,
  );
  const column = { ...columnOf(frame, 'cell'), values: moved };
  return {
    ...frame,
    columns: frame.columns.map((each) => (each.name === 'cell' ? column : each)),
    metadata: { ...metadata, domain: named },
  };
}

const upTo = (count: number): number[] => Array.from({ length: count }, (_, i) => i);
