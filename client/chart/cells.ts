import { edgeCell, linearCell, logEdges } from '../../protocol/cells.js';
import type { FrameMetadata } from '../../protocol/frame.js';
import { NANOSECONDS, parseClock, parseTime } from '../../protocol/time.js';

/** Gives the cell of each offset of a frame's points along one axis of `cells` cells, or -1 outside of it. */
export type CellOf = (offset: number) => number;

/** How offsets stand on a linear axis: the value of one is `base + offset`, held between `least` and `most`. */
export interface LinearPlace {
  base: number;
  low: number;
  high: number;
  least: number;
  most: number;
}

/** Undefined where the axis is not linear, or the frame does not tell its domain. */
export function linearPlace(metadata: FrameMetadata, side: 'x' | 'y'): LinearPlace | undefined {
  const ends = metadata.domain?.[side];
  if (ends === undefined) return undefined;
  const unit = metadata.unit[side] ?? 'number';
  const origin = metadata.origin?.[side] ?? '0';
  if (unit !== 'number' && unit !== 'category') {
    // Times are exact integers; subtracting the low end first keeps them so.
    const [from, to] = ends.map((end) => nanosecondsOf(String(end)));
    const perUnit = NANOSECONDS[unit];
    const base = Number(BigInt(origin) * perUnit - from!) / Number(perUnit);
    const [low, high] = spread(0, Number(to! - from!) / Number(perUnit));
    return { base, low, high, least: -Infinity, most: Infinity };
  }
  if (metadata.scale[side] === 'log') return undefined;
  const [low, high] = spread(Number(ends[0]), Number(ends.at(-1)));
  // An offset is off by up to a part in 2^24: rows on the very ends must not fall out of the picture.
  return { base: Number(origin), low, high, least: low, most: high };
}

/**
 * Places the float offsets of a frame of points into the cells that the same frame as density would have, but
 * for the rounding of the offsets: in float64, in the order of operations of `protocol/cells.ts`.
 */
export function cellsOf(metadata: FrameMetadata, side: 'x' | 'y', cells: number): CellOf {
  const place = linearPlace(metadata, side);
  if (place !== undefined) {
    const { base, low, high, least, most } = place;
    return (offset) => linearCell(Math.min(Math.max(base + offset, least), most), low, high, cells);
  }
  const ends = metadata.domain?.[side];
  if (ends === undefined) return () => -1;
  const edges = logEdges(...spread(Number(ends[0]), Number(ends.at(-1))), cells);
  return (offset) => edgeCell(offset, edges);
}

/** An axis of one value reaches half a unit to both sides. */
const spread = (low: number, high: number): [number, number] =>
  low === high ? [low - 0.5, high + 0.5] : [low, high];

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
