import { edgeCell, linearCell, logEdges } from '../../protocol/cells.js';
import type { FrameMetadata } from '../../protocol/frame.js';
import { NANOSECONDS, parseClock, parseTime } from '../../protocol/time.js';

/** Gives the cell of each offset of a frame's points along one axis of `cells` cells, or -1 outside of it. */
export type CellOf = (offset: number) => number;

/**
 * Places the float offsets of a frame of points into the cells that the same frame as density would have, but
 * for the rounding of the offsets: in float64, in the order of operations of `protocol/cells.ts`.
 */
export function cellsOf(metadata: FrameMetadata, side: 'x' | 'y', cells: number): CellOf {
  const ends = metadata.domain?.[side];
  if (ends === undefined) return () => -1;
  const unit = metadata.unit[side] ?? 'number';
  const origin = metadata.origin?.[side] ?? '0';
  if (unit !== 'number' && unit !== 'category') {
    // Times are exact integers; subtracting the low end first keeps them so.
    const [low, high] = ends.map((end) => nanosecondsOf(String(end)));
    const perUnit = NANOSECONDS[unit];
    const base = Number(BigInt(origin) * perUnit - low!) / Number(perUnit);
    let span = Number(high! - low!) / Number(perUnit);
    let from = 0;
    if (span === 0) {
      from = -0.5;
      span = 1;
    }
    return (offset) => linearCell(base + offset, from, from + span, cells);
  }
  let [low, high] = [Number(ends[0]), Number(ends.at(-1))];
  if (low === high) {
    low -= 0.5;
    high += 0.5;
  }
  if (metadata.scale[side] === 'log') {
    const edges = logEdges(low, high, cells);
    return (offset) => edgeCell(offset, edges);
  }
  const base = Number(origin);
  // An offset is off by up to a part in 2^24: rows on the very ends must not fall out of the picture.
  return (offset) => linearCell(Math.min(Math.max(base + offset, low), high), low, high, cells);
}

const nanosecondsOf = (text: string): bigint => parseTime(text) ?? parseClock(text) ?? 0n;

/** The position along the axis, see `Span`, of each offset of a frame. */
export function positionsOf(metadata: FrameMetadata, side: 'x' | 'y'): (offset: number) => number {
  const unit = metadata.unit[side] ?? 'number';
  const origin = metadata.origin?.[side] ?? '0';
  if (unit !== 'number' && unit !== 'category') {
    const perUnit = Number(NANOSECONDS[unit]) / 1e6;
    const base = Number((BigInt(origin) * NANOSECONDS[unit]) / 1000n) / 1000;
    return (offset) => base + offset * perUnit;
  }
  if (metadata.scale[side] === 'log') return Math.log10;
  const base = Number(origin);
  return (offset) => base + offset;
}
