import type { Band } from '../../protocol/query.js';
import type {
  Aggregated,
  AggregatePartial,
  AggregatePlan,
  ValuesPartial,
} from '../aggregate/plan.js';
import type { Certificate } from '../sample/certificate.js';
import type { AxisPlan } from '../scan/axis.js';
import type { SlotsPlan } from '../scan/slots.js';
import type { TallyKeys } from '../tally/tally.js';
import type { KeyForm } from './key-ids.js';

/** How rows are put into groups, and what is computed of each. */
export interface GroupsPlan {
  by:
    | { kind: 'column'; column: number; as: KeyForm; nullIsKey: boolean }
    /** The id of a cell is iy * width + ix. */
    | { kind: 'cells'; x: CellAxis; y: CellAxis };
  /** Divides every group by a category. */
  slots: SlotsPlan | null;
  layers: GroupLayer[];
}

/** An axis of cells: numbers or times, or the values of a column in order. */
export type CellAxis = { kind: 'axis'; axis: AxisPlan } | { kind: 'values'; slots: SlotsPlan };

/** One aggregate over all groups. */
export interface GroupLayer {
  aggregate: AggregatePlan;
  /** A column without which a row is not counted here: it has to be finite. */
  needs: number | null;
  band?: GroupBand;
}

/** Two quantiles of a column, computed beside the aggregate. */
export interface GroupBand {
  column: number;
  /** Ascending. */
  shares: Band;
}

export interface GroupsPartial {
  drawn: number;
  outside: number;
  dropped: number;
  /** `array`: groups are numbered by id and slot, the same in every task that has as many. */
  numbering: 'array' | 'list';
  /** Key id and slot of each group of this task, by its number. */
  ids: Uint32Array<ArrayBuffer>;
  slots: Uint16Array<ArrayBuffer>;
  keys: TallyKeys | null;
  layers: LayerPartial[];
}

export interface LayerPartial {
  counts: Uint32Array<ArrayBuffer>;
  aggregate: AggregatePartial;
  /** Of a layer with a band. */
  values?: ValuesPartial;
}

/** All groups that have a row, in no order. */
export interface Groups {
  drawn: number;
  outside: number;
  dropped: number;
  /** 0 for null, k + 1 for key k; a cell's own number for cells. */
  ids: Uint32Array<ArrayBuffer>;
  slots: Uint16Array<ArrayBuffer>;
  keys: TallyKeys | null;
  layers: (Aggregated & {
    counts: Uint32Array<ArrayBuffer>;
    band?: { low: Aggregated; high: Aggregated };
  })[];
  certificate: Certificate;
}
