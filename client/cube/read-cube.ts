import type { CubeInfo } from '../../protocol/cube.js';
import type { FrameMetadata } from '../../protocol/frame.js';
import { decodeFrame, hasColumn, numbersOf } from '../data/frame.js';
import { rangeExtremes, type RangeExtremes } from './range-extremes.js';

/** Counts by edge and bin; doubles where a count may be above 2^32. */
export type CubeCounts = Uint32Array | Float64Array;

/**
 * A brush cube as it came: numbers by edge of the active view, `stride` of them each, of which the first `bins` are those of
 * the rows of the view's frame, in its order. Arrays of counts and sums are views of the bytes received.
 */
export interface Cube {
  /** What the view's own frame tells, and `cube`. */
  metadata: FrameMetadata & { cube: CubeInfo };
  info: CubeInfo;
  /** Rows, and after those of the bins the rows drawn, outside and dropped. */
  counts: CubeCounts;
  /** Rows that have a value, where some have none. */
  values: CubeCounts | null;
  /** Sums as pairs of doubles, of which `rests` is what one cannot hold; null where it can. */
  sums: Float64Array | null;
  rests: Float64Array | null;
  /** Cells with values that add up to Infinity, or to -Infinity; both where to neither. */
  plus: CubeCounts | null;
  minus: CubeCounts | null;
  /** Answers the least or the greatest value of any stretch of pixels. */
  extremes: RangeExtremes | null;
}

/** Reads the bytes of one brush cube. They belong to the cube from then on. */
export function readCube(bytes: Uint8Array): Cube {
  const frame = decodeFrame(bytes);
  const { cube: info } = frame.metadata;
  if (info === undefined) throw new Error('The frame is no brush cube: it lacks "cube".');
  const column = (name: string): unknown =>
    hasColumn(frame, name) ? numbersOf(frame, name) : null;
  const { op, bins, stride, active } = info;
  const isExtreme = op === 'min' || op === 'max';
  return {
    metadata: { ...frame.metadata, cube: info },
    info,
    counts: column('count') as CubeCounts,
    values: column('values') as CubeCounts | null,
    sums: column('sum') as Float64Array | null,
    rests: column('rest') as Float64Array | null,
    plus: column('plus') as CubeCounts | null,
    minus: column('minus') as CubeCounts | null,
    extremes: isExtreme
      ? rangeExtremes(column(op) as Float64Array, { op, bins, stride, pixels: active.width })
      : null,
  };
}
