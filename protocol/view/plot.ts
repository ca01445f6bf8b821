import type { AddressFilter, View } from '../address/view.js';
import type { ColumnInfo } from '../column.js';
import type {
  AggregateOp,
  AxisDomain,
  CalendarUnit,
  Filter,
  Mark,
  Method,
  Scale,
} from '../query.js';
import type { Shading } from './shading.js';

/** A view made complete: every choice that the person left open is taken, every one that cannot be is told. */
export interface Plot {
  mark: Mark;
  x: ColumnInfo | undefined;
  y: readonly ColumnInfo[];
  color: ColumnInfo | undefined;
  /** The column that a heatmap, or a single value, aggregates. */
  of: ColumnInfo | undefined;
  op: AggregateOp;
  /** The share of a quantile. */
  p: number | undefined;
  /** Undefined draws every row as it is. */
  bin: CalendarUnit | number | undefined;
  bins: number | undefined;
  /** True where the p10–p90 band stands around a line of means. */
  band: boolean;
  top: number | undefined;
  /** Of bars: those of a calendar stand in its order unless the person says otherwise, others have the largest first. */
  order: NonNullable<View['order']>;
  method: Method | undefined;
  timeZone: string | undefined;
  /** Undefined where the data say whether a line stands at the present. */
  now: boolean | undefined;
  /** What the person chose of it and this mark has. */
  shading: Shading;
  scale: { x: Scale; y: Scale };
  domain: { x?: AxisDomain; y?: AxisDomain };
  /** True where the domain is the 0.1–99.9 % span of a column, not its full extent. */
  trimmed: boolean;
  /** True where the x axis ends where the rows do: nobody has chosen a part of it. */
  isFullX: boolean;
  filters: Filter[];
  /** The same as the address has them. */
  addressFilters: AddressFilter[];
  /** What is taken off, as the address says it; undefined where this mark has no difference. */
  against: string | undefined;
  /** Why this chart was chosen; absent where the person chose all of it. */
  reason: string | undefined;
  /** What of the address does not fit this dataset, in sentences. */
  faults: string[];
}
