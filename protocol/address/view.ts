import type { CalendarUnit, Mark, Method, Scale } from '../query-words.js';
import type { Shading } from '../view/shading.js';

/** A filter as the address spells it: every value is text until a column says what it means; null is null. */
export type AddressFilter =
  | { op: 'in'; column: string; values: readonly (string | null)[]; exclude?: true }
  | { op: 'range'; column: string; min?: string; max?: string; exclude?: true }
  | { op: 'contains'; column: string; text: string; exclude?: true };

/** An outline on the plane of two columns that keeps the rows within, or leaves them out. */
export interface AddressArea {
  x: string;
  y: string;
  points: readonly (readonly [x: string, y: string])[];
  exclude?: true;
}

/** The two ends of an axis, or the values of a category axis in order, as text. */
export type AddressDomain = readonly string[];

/** The back ends of the chart, by name. */
export const RENDERERS = ['auto', 'gpu', 'cpu', 'plotly'] as const;

/** How bars are ordered where not the largest come first. */
export const BAR_ORDERS = ['largest', 'smallest', 'name'] as const;

/** What a person chose, and nothing else: whatever is absent follows from the data. */
export interface View extends Shading {
  dataset: string;
  snapshot?: string;
  mark?: Mark;
  x?: string;
  y?: readonly string[];
  color?: string;
  /** An aggregate: one of the operations, or `p10`, `p99.9` for a quantile. */
  agg?: string;
  /** The column a heatmap or a single value aggregates. */
  of?: string;
  /** A calendar unit, a width in the units of x, or `none` for every row as it is. */
  bin?: CalendarUnit | 'none' | number;
  bins?: number;
  /** True draws the p10–p90 band around a binned line, false leaves it out. */
  band?: boolean;
  top?: number;
  /** The order of bars; without it the largest come first. */
  order?: (typeof BAR_ORDERS)[number];
  method?: Method;
  timeZone?: string;
  /** What draws: for tests, and for people with a broken graphics driver. */
  renderer?: (typeof RENDERERS)[number];
  xScale?: Scale;
  yScale?: Scale;
  /** Whether a line stands at the present of a time axis; absent where the data say. */
  now?: boolean;
  /** True moves a window at the end of the data on with them. */
  follow?: boolean;
  xDomain?: AddressDomain;
  yDomain?: AddressDomain;
  filters?: readonly AddressFilter[];
  areas?: readonly AddressArea[];
  /** What is taken off: `all` rows, the `rest`, a snapshot, or a JSON list of other filters. */
  against?: string;
  /** Categories of the color that are not shown, though they match; null is the missing one. */
  hide?: readonly (string | null)[];
  /** The order of the table. */
  sort?: { column: string; order: 'asc' | 'desc' };
}
