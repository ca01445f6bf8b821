import { columnOf, numbersWithGaps, type DecodedFrame } from '../data/frame.js';
import type { Axis } from './axis.js';
import { positionsOf } from './cells.js';

const PER_MS = { s: 1 / 1000, ms: 1, us: 1000, ns: 1_000_000 } as const;
const DAY_MS = 86_400_000;

/**
 * The positions of a column along an axis, see `Span`; NaN at nulls. Columns of Arrow's own time types hold whole
 * values; plain numbers on a time axis are offsets from the frame's origin.
 */
export function columnPositions(
  frame: DecodedFrame,
  name: string,
  side: 'x' | 'y',
  axis: Axis,
): Float64Array {
  const { type } = columnOf(frame, name);
  const values = numbersWithGaps(frame, name);
  const positions = new Float64Array(values.length);
  if (type.type === 'timestamp' || type.type === 'time') {
    const perMs = PER_MS[type.unit];
    for (let i = 0; i < positions.length; i++) positions[i] = values[i]! / perMs;
  } else if (type.type === 'date') {
    for (let i = 0; i < positions.length; i++) positions[i] = values[i]! * DAY_MS;
  } else if (axis.kind === 'number' && axis.scale === 'log') {
    for (let i = 0; i < positions.length; i++) positions[i] = Math.log10(values[i]!);
  } else {
    const positionOf = positionsOf(frame.metadata, side);
    for (let i = 0; i < positions.length; i++) positions[i] = positionOf(values[i]!);
  }
  return positions;
}
