import type { ColorInfo } from '../../../protocol/frame.js';
import type { AxisPlan } from '../../scan/axis.js';
import type { CellCounts } from '../../scan/byte-counts.js';
import type { CountedKeys } from '../../scan/pair-counts.js';
import type { SlotsPlan } from '../../scan/slots.js';

export interface ScatterPlan {
  kind: 'scatter';
  x: AxisPlan;
  y: AxisPlan;
  /** Up to so many rows in the domain become points; 0 asks for density. */
  budget: number;
  color: ScatterColor | null;
  /** What becomes of x and y of points: see `chooseOffsets`; null gives them in their declared types. */
  offsets: { x: OffsetPlan; y: OffsetPlan } | null;
}

/** Points hold `value - origin`: as float32, or as float64 where that would show. */
export interface OffsetPlan {
  origin: number | bigint;
  bits: 32 | 64;
}

export type ScatterColor =
  | { kind: 'number'; column: number; name: string }
  | {
      kind: 'category';
      slots: SlotsPlan;
      info: ColorInfo & { kind: 'category' };
      labels: string[];
    };

/** What one task found. */
export interface ScatterPartial {
  drawn: number;
  outside: number;
  dropped: number;
  /** The rows in the domain, ascending, and their color slots; null where they are more than the budget. */
  points: { rows: Uint32Array<ArrayBuffer>; slots: Uint16Array<ArrayBuffer> | null } | null;
  grid: Grid;
}

export type Grid =
  | ({ of: 'count' } & CellCounts)
  /** The same as a list: the cell of each row that is drawn, in no order. */
  | { of: 'cells'; cells: Uint32Array<ArrayBuffer> }
  | {
      of: 'mean';
      counts: Uint32Array<ArrayBuffer>;
      sums: Float64Array<ArrayBuffer>;
      /** Rows that have a color: those that `sums` adds up. */
      colored: Uint32Array<ArrayBuffer>;
    }
  | { of: 'category'; pairs: CountedKeys };
