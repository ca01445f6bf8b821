import { DataType, TimeUnit } from 'apache-arrow';
import { numbersOf, numbersWithGaps, vectorOf, type DecodedFrame } from '../data/frame.js';
import type { Axis } from './axis.js';
import { positionsOf } from './cells.js';

const PER_MS: Readonly<Record<TimeUnit, number>> = {
  [TimeUnit.SECOND]: 1 / 1000,
  [TimeUnit.MILLISECOND]: 1,
  [TimeUnit.MICROSECOND]: 1000,
  [TimeUnit.NANOSECOND]: 1_000_000,
};
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
  const { type } = vectorOf(frame, name);
  const values = numbersWithGaps(frame, name);
  const positions = new Float64Array(values.length);
  if (DataType.isTimestamp(type) || DataType.isTime(type)) {
    const perMs = PER_MS[type.unit];
    for (let i = 0; i < positions.length; i++) positions[i] = values[i]! / perMs;
  } else if (DataType.isDate(type)) {
    const unit = numbersOf(frame, name) instanceof Int32Array ? DAY_MS : 1;
    for (let i = 0; i < positions.length; i++) positions[i] = values[i]! * unit;
  } else if (axis.kind === 'number' && axis.scale === 'log') {
    for (let i = 0; i < positions.length; i++) positions[i] = Math.log10(values[i]!);
  } else {
    const positionOf = positionsOf(frame.metadata, side);
    for (let i = 0; i < positions.length; i++) positions[i] = positionOf(values[i]!);
  }
  return positions;
}
