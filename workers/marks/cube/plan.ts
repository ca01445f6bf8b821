import type { FrameMetadata } from '../../../protocol/frame.js';
import type { AggregatePartial } from '../../aggregate/plan.js';
import type { CellAxis, GroupLayer } from '../../groups/plan.js';
import type { KeyForm } from '../../groups/key-ids.js';
import type { AxisPlan } from '../../scan/axis.js';
import type { SlotsPlan } from '../../scan/slots.js';
import type { KnownBlocks } from '../../scan/stretch.js';
import type { Selection } from '../../select/selection.js';

/** Asks for the brush cubes of linked views, all in one pass. */
export interface CubePlan {
  kind: 'cube';
  /** Null where no row has a place in the active view. */
  active: { x: AxisPlan; y: AxisPlan | null } | null;
  selections: CubeSelection[];
  views: CubeView[];
  /**
   * The first rows of the runs of stretches whose sums are made apart, ascending, so that sums of doubles do not depend on
   * the number of tasks; a task has whole runs. Empty where sums are exact anyway.
   */
  runs: readonly number[];
}

/** Rows that one view, or several, are made of. */
export interface CubeSelection extends Selection {
  /** What is known of the blocks, by batch and stretch; absent where nothing is. */
  known: readonly (readonly (KnownBlocks | undefined)[])[];
}

/** A view whose marks follow the brush. */
export interface CubeView {
  /** The position of its rows among the selections. */
  selection: number;
  bins: BinsPlan;
  /** Divides every bin by a category. */
  slots: SlotsPlan | null;
  /** Bins follow each other within a slot; else slots within a bin. */
  slotsFirst: boolean;
  layers: GroupLayer[];
  /** Bins follow each other within a layer; else layers within a bin. */
  layersFirst: boolean;
  /** Every bin is sent; else those that hold a row of the selection, whatever the brush. */
  isDense: boolean;
  /** That of the cube, but for the rows that no brush takes. */
  metadata: CubeMetadata;
}

export type CubeMetadata = FrameMetadata & Required<Pick<FrameMetadata, 'cube'>>;

/** What makes a row stand in a bin of a view. */
export type BinsPlan =
  /** No row has a place. */
  | { by: 'nothing' }
  /** One bin; null and NaN of the column have no place in it. */
  | { by: 'all'; column: number | null }
  | { by: 'axis'; axis: AxisPlan }
  /** The bin of a cell is iy * width + ix. */
  | { by: 'cells'; x: CellAxis; y: CellAxis }
  /** `places` has the bin of every id, OUTSIDE where it has none. */
  | {
      by: 'keys';
      column: number;
      as: KeyForm;
      nullIsKey: boolean;
      places: Int32Array;
      size: number;
    }
  /** Values in any form; null stands in the bin `ofNull`, OUTSIDE where it has none. */
  | { by: 'values'; slots: SlotsPlan; places: Int32Array; ofNull: number; size: number };

/** What one task found of each view. */
export interface CubePartial {
  views: CubeViewPartial[];
}

/** An aggregate by place; of doubles that are summed each sum and what rounding lost of it, side by side. */
export type CubeAggregate =
  | AggregatePartial
  | {
      op: 'pairs';
      /** Rows that have a value; null where all have one. */
      counts: Uint32Array<ArrayBuffer> | null;
      /** One for each run of the task, in row order. */
      sums: Float64Array<ArrayBuffer>[];
    };

/** Numbers by active place * (bins + 2) + bin; the last two places on each side are those of OUTSIDE and DROPPED. */
export interface CubeViewPartial {
  /** Rows. */
  counts: Uint32Array<ArrayBuffer>;
  layers: {
    /** Rows that the layer has; null where they are all. */
    counts: Uint32Array<ArrayBuffer> | null;
    aggregate: CubeAggregate | null;
  }[];
}
