import type { ColorInfo } from '../../../protocol/frame.js';
import type { AxisPlan } from '../../scan/axis.js';
import type { SlotsPlan } from '../../scan/slots.js';
import type { OffsetPlan } from '../scatter/plan.js';
import type { PixelColumns } from './pixel-columns.js';
import type { SeriesRows } from './series-rows.js';

export type LineMethod = 'auto' | 'points' | 'm4' | 'outline' | 'minmax' | 'lttb' | 'minmaxlttb';

export interface LinePlan {
  kind: 'line';
  /**
   * `auto` and `points` give all rows where they fit the budget, else m4; `outline` gives all or its choice. For
   * minmaxlttb the axis has the cells of the first step, two for each point of the budget; for outline `outline.finer`
   * cells a pixel column; for the others the picture's pixel columns.
   */
  method: LineMethod;
  x: AxisPlan;
  /** How x is compared: as doubles, as integers that doubles hold, or as 64-bit integers. */
  xForm: 'value' | 'raw' | 'i64';
  /** The rows stand in ascending order of x, and every one has a finite x. */
  ascending: boolean;
  /** One column, or several, each a series named after it. */
  ys: number[];
  /** Only what is positive has a place. */
  logY: boolean;
  series: LineSeries | null;
  /** The most points; m4 and minmax are bounded by the pixel columns instead. */
  budget: number;
  offset: OffsetPlan;
  /** How the line is drawn, for `outline`; else null. */
  outline: OutlinePlan | null;
}

/** What tells which rows a stroked line shows. */
export interface OutlinePlan {
  /** The size of the picture and the width of the stroke, in pixels. */
  width: number;
  height: number;
  stroke: number;
  /** The ends of x, less the origin; their decimal logarithms on a log axis. */
  x: readonly [number, number];
  logX: boolean;
  /** The ends of y, or their logarithms; null for the extent of what is sent, with `MARGIN` beyond on both sides. */
  y: readonly [number, number] | null;
  /** Cells of the axis a pixel column: a power of two, so that a pixel column is exactly so many of them. */
  finer: number;
  /** Rows of all series together that are looked at one by one; of more, the extremes of the cells are. */
  mostSeen: number;
}

/** Several columns give their names, a category its slots. */
export type LineSeries =
  | { kind: 'columns'; labels: string[] }
  | {
      kind: 'category';
      slots: SlotsPlan;
      info: ColorInfo & { kind: 'category' };
      labels: string[];
    };

export interface LinePartial {
  drawn: number;
  outside: number;
  dropped: number;
  /** By series; undefined where none of its rows came. */
  columns: (PixelColumns | undefined)[];
  /**
   * The rows that stand in the domain and their series where that is a category, ascending; null where they are
   * too many or not asked for.
   */
  points: { rows: Uint32Array<ArrayBuffer>; slots: Uint16Array<ArrayBuffer> | null } | null;
  /** By series the rows that are sent, where they have been chosen by `lttb` already: then there are no columns. */
  chosen?: Uint32Array<ArrayBuffer>[];
  /**
   * By series the extremes of the pixel columns of a part of the domain, read already, for `minmaxlttb`: then `columns` keep the
   * ends of the part alone. Parts follow one another from left to right.
   */
  extremes?: SeriesRows[];
}
