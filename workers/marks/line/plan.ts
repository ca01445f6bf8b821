import type { ColorInfo } from '../../../protocol/frame.js';
import type { AxisPlan } from '../../scan/axis.js';
import type { SlotsPlan } from '../../scan/slots.js';
import type { OffsetPlan } from '../scatter/plan.js';
import type { PixelColumns } from './pixel-columns.js';

export type LineMethod = 'auto' | 'points' | 'm4' | 'minmax' | 'lttb' | 'minmaxlttb';

export interface LinePlan {
  kind: 'line';
  /**
   * `auto` and `points` give all rows where they fit the budget, else m4. For minmaxlttb the axis has the cells of
   * the first step, two for each point of the budget; for the others the picture's pixel columns.
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
}
