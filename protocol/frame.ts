import type { AxisDomain, Filter, Mark, Method, Scale } from './query.js';
import type { AxisUnit } from './axis-unit.js';
import type { CubeInfo } from './cube.js';

/** Where every row of the snapshot went: `matched = drawn + outside + dropped`. */
export interface RowCounts {
  /** All rows of the snapshot. */
  total: number;
  /** Rows that pass the filters. */
  matched: number;
  /** Rows that the marks represent. */
  drawn: number;
  /** Rows beyond the domain. */
  outside: number;
  /** Rows that have no place on the axes: null, NaN, infinite, or not positive on a log axis. */
  dropped: number;
}

/** By how much the numbers of a sample may be off: each holds in at least 95 of 100 samples. */
export interface Margin {
  /** Rows, of `rows.matched` and `rows.drawn`. */
  matched: number;
  drawn: number;
  /** Rows, of every `count` of the frame at once: no cell, bin or bar is off by more. */
  count?: number;
  /** Of every `value` at once, in its own unit; absent where none can be given. */
  value?: number;
}

/** The JSON under the key `halftone` in the Arrow schema of a frame. */
export interface FrameMetadata {
  version: 1;
  dataset: string;
  snapshot: string;
  mark: Mark;
  /** What was really used. */
  method: Exclude<Method, 'auto'> | 'aggregate';
  exact: boolean;
  /** Where not exact: how far a number may be off at most, in words or units of the value. */
  bound?: number | string;
  /** True where the numbers were reckoned from a sample of the rows; `rows` too then, but for `total`. */
  estimated?: true;
  /** Of a sample: the share of the rows that may match that was read. */
  share?: number;
  margin?: Margin;
  rows: RowCounts;
  /** What was sent: points, cells, bins, bars, rows. */
  marks: number;
  /** The ends of each axis, times as ISO 8601; null for a frame without a placeable row. */
  domain: { x?: AxisDomain; y?: AxisDomain } | null;
  scale: { x: Scale; y: Scale };
  width: number;
  height: number;
  layout?: 'dense' | 'sparse';
  /** Added to the float32 offsets, as a decimal string in the axis' unit. */
  origin?: { x: string; y: string };
  unit: { x?: AxisUnit; y?: AxisUnit };
  /** Categories of `color`: what each kept one counts, and how many stand in "other". */
  color?: ColorInfo;
  /** Bars that `limit` cut off, and the rows under them. */
  cut?: { keys: number; rows: number };
  /** What was taken off: the numbers are those of `snapshot` less those of this one, under other filters where they are named. */
  against?: { snapshot: string; filters?: Filter[]; rows: RowCounts };
  /** The calendar unit or the width of the bins, where bins were made. */
  bin?: string | number;
  /** Present in a brush cube, where all else is what the frame of the view itself tells. */
  cube?: CubeInfo;
}

/** How `color` was resolved. Numbers give their extent, categories their counts. */
export type ColorInfo =
  | { kind: 'number'; column: string; min: number | null; max: number | null }
  | {
      kind: 'category';
      column: string;
      /** In legend order: most frequent first, null where it occurs, "other" last. Counts of matching rows. */
      categories: { label: string; count: number; role: 'value' | 'null' | 'other' }[];
      /** How many distinct values stand behind "other". */
      others: number;
    };

/**
 * What answered: a look at all rows, an index over them (pyramid, tiles, or a sub-index of some categories), a sample of
 * them, brush cubes, what is known of the columns, or a frame that was made before.
 */
export const PLAN_TIERS = [
  'scan',
  'pyramid',
  'tiles',
  'sub-index',
  'sample',
  'cube',
  'metadata',
  'cache',
] as const;
export type PlanTier = (typeof PLAN_TIERS)[number];

/** How a frame was computed; travels in the header `X-Halftone-Plan`. */
export interface FramePlan {
  tier: PlanTier;
  reason: string;
  rowsTouched: number;
  bytesTouched: number;
}
