import type { ColumnInfo } from '../column.js';
import type { Aggregate, AggregateOp, Band, Query } from '../query.js';
import { comparedQuery } from './against.js';
import type { Plot } from './plot.js';

/** The query of a plot, to which the chart adds size and domain. */
export function plotQuery(plot: Plot, dataset: string, snapshot: string): Query {
  const { mark, x, y, color, of, op, p, bin } = plot;
  const query: Query = { dataset, snapshot, mark };
  if (x) query.x = bin === undefined ? x.name : { column: x.name, bin };
  if (y.length > 0) query.y = y.length === 1 ? y[0]!.name : y.map((column) => column.name);
  if (color) query.color = color.name;
  if (color && plot.top !== undefined) query.top = plot.top;
  if (mark === 'bar' && plot.order !== 'largest') query.sort = BAR_SORTS[plot.order];
  if (plot.bins !== undefined) query.bins = plot.bins;
  if (plot.method && plot.method !== 'auto') query.method = plot.method;
  if (plot.timeZone) query.timeZone = plot.timeZone;
  if (plot.scale.x !== 'linear' || plot.scale.y !== 'linear') query.scale = plot.scale;
  if (plot.filters.length > 0) query.filters = plot.filters;
  const measured = of ? [of] : bin !== undefined || mark === 'bar' ? y : [];
  if (measured.length > 0) query.aggregate = aggregate(op, p, measured);
  if (plot.band) query.band = MIDDLE;
  return plot.against === undefined ? query : comparedQuery(query, plot.against);
}

/** The same in the domain on which the page opens, as its chart asks: bars have none, and y takes no rows from a line or a histogram. */
export function openingQuery(plot: Plot, dataset: string, snapshot: string): Query {
  const query = plotQuery(plot, dataset, snapshot);
  const { mark } = plot;
  const { x, y } = plot.domain;
  const isPlane = mark === 'scatter' || mark === 'heatmap';
  const domain = { ...(x && { x }), ...(isPlane && y && { y }) };
  return mark === 'bar' || Object.keys(domain).length === 0 ? query : { ...query, domain };
}

/** The middle 80 % of the rows. */
const MIDDLE: Band = [0.1, 0.9];

const BAR_SORTS = {
  smallest: [{ column: 'value', order: 'asc' }],
  name: [{ column: 'key', order: 'asc' }],
} satisfies Record<string, Query['sort']>;

/** Several columns are named by `y` alone, each aggregated for itself. */
function aggregate(
  op: AggregateOp,
  p: number | undefined,
  [column, ...others]: readonly ColumnInfo[],
): Aggregate {
  return {
    op,
    ...(column && others.length === 0 ? { column: column.name } : {}),
    ...(p === undefined ? {} : { p }),
  };
}
