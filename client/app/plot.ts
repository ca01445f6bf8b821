import type { AddressDomain, AddressFilter, View } from '../../protocol/address.js';
import type { ColumnInfo } from '../../protocol/column.js';
import type { DatasetInfo } from '../../protocol/dataset.js';
import type {
  Aggregate,
  AggregateOp,
  AxisDomain,
  CalendarUnit,
  Filter,
  Mark,
  Method,
  Query,
  Scale,
} from '../../protocol/query.js';
import { isConstant, isContinuous, positionOf } from './columns.js';
import { queryFilters, valueOf } from './filters.js';
import { suggestChart } from './suggest.js';
import { fittingUnit } from './time.js';

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
  /** Of bars; undefined is the largest first. */
  order: View['order'];
  method: Method | undefined;
  timeZone: string | undefined;
  scale: { x: Scale; y: Scale };
  domain: { x?: AxisDomain; y?: AxisDomain };
  /** True where the domain is the 0.1–99.9 % span of a column, not its full extent. */
  trimmed: boolean;
  filters: Filter[];
  /** The same as the address has them. */
  addressFilters: AddressFilter[];
  /** Why this chart was chosen; absent where the person chose all of it. */
  reason: string | undefined;
  /** What of the address does not fit this dataset, in sentences. */
  faults: string[];
}

/** A domain this much wider than the 0.1–99.9 % span opens on the span. */
const TRIM = 3;

/** Completes a view against the columns of its dataset. */
export function resolvePlot(view: View, dataset: Pick<DatasetInfo, 'columns' | 'rows'>): Plot {
  const { columns, rows } = dataset;
  const { filters, fitting, faults } = queryFilters(view, columns);
  const find = (name: string | undefined, role: string): ColumnInfo | undefined => {
    if (name === undefined) return undefined;
    const column = columns.find((each) => each.name === name);
    if (!column) faults.push(`${role}: there is no column “${name}”`);
    return column;
  };
  let x = find(view.x, 'x');
  let y = (view.y ?? []).flatMap((name) => find(name, 'y') ?? []);
  const misfit = (axis: string, column: ColumnInfo): void => {
    faults.push(
      `${axis}: ${column.name} is ${column.kind}, which a ${view.mark} cannot draw there`,
    );
  };
  if (view.mark && x && !fitsX(view.mark, x)) {
    misfit('x', x);
    x = undefined;
  }
  const mark = view.mark;
  if (mark) {
    for (const column of y) if (!fitsY(mark, column)) misfit('y', column);
    y = y.filter((column) => fitsY(mark, column));
  }
  const suggested = suggestChart(columns, rows, { mark, x, y: y[0] });
  const chosen = mark ?? suggested.mark;
  const named = (name: string | undefined): ColumnInfo | undefined =>
    columns.find((each) => each.name === name);
  const takesX = chosen !== 'value' && chosen !== 'rows';
  x = takesX ? (x ?? named(suggested.x)) : undefined;
  if (y.length === 0) y = (suggested.y ?? []).flatMap((name) => named(name) ?? []);
  if (!takesSeveral(chosen)) y = y.slice(0, 1);
  if (!takesY(chosen)) y = [];
  const of = chosen === 'heatmap' || chosen === 'value' ? find(view.of, 'of') : undefined;
  const color = takesColor(chosen) ? find(view.color, 'color') : undefined;

  const bin = binOf(view, chosen, x);
  // A heatmap has a y axis, but what it measures is the color of its cells.
  const measured = of !== undefined || (y.length > 0 && chosen !== 'heatmap');
  const { op, p } = aggregateOf(view, chosen, bin !== undefined, measured);
  const scale = { x: view.xScale ?? 'linear', y: view.yScale ?? 'linear' } as const;
  const plot: Plot = {
    mark: chosen,
    x,
    y,
    color,
    of,
    op,
    p,
    bin,
    bins: chosen === 'histogram' ? view.bins : undefined,
    band:
      chosen === 'line' &&
      bin !== undefined &&
      op === 'mean' &&
      y.length === 1 &&
      !color &&
      view.band !== false,
    top: view.top,
    order: view.order,
    method: view.method,
    timeZone: view.timeZone,
    scale,
    domain: {},
    trimmed: false,
    filters,
    addressFilters: fitting,
    // The sentence speaks of the chart as it was suggested: it does not outlive a choice about how it is drawn.
    reason:
      (view.mark && (view.x || !takesX)) ||
      view.color ||
      view.agg ||
      view.bin ||
      view.band === false
        ? undefined
        : suggested.reason,
    faults,
  };
  return withDomain(plot, { ...view, filters: fitting });
}

/** Fills in the domain: what the person chose, else the span worth looking at. */
function withDomain(plot: Plot, view: View): Plot {
  const { mark, x, scale } = plot;
  const y = plot.y[0];
  if (x && isContinuous(x)) {
    const chosen = chosenDomain(view.xDomain, x, 'xr', plot.faults);
    const usual = chosen ? undefined : usualDomain(x, scale.x, view);
    if (chosen ?? usual?.domain) plot.domain.x = (chosen ?? usual?.domain)!;
    if (usual?.trimmed) plot.trimmed = true;
  }
  const measured = mark === 'scatter' || mark === 'heatmap' || mark === 'line';
  if (y && measured) {
    const raw = mark !== 'line' || plot.bin === undefined;
    const chosen = chosenDomain(view.yDomain, y, 'yr', plot.faults);
    const usual = chosen || !raw || plot.y.length > 1 ? undefined : usualDomain(y, scale.y, view);
    // The y domain of a line takes no rows away, so a line is shown in full unless the person says otherwise.
    if (chosen ?? (mark === 'line' ? undefined : usual?.domain)) {
      plot.domain.y = (chosen ?? usual?.domain)!;
    }
    if (mark !== 'line' && usual?.trimmed) plot.trimmed = true;
  } else if (view.yDomain) {
    const ends = view.yDomain.map(Number);
    if (ends.length === 2 && ends[0]! < ends[1]!) plot.domain.y = ends;
  }
  return plot;
}

function chosenDomain(
  ends: AddressDomain | undefined,
  column: ColumnInfo,
  parameter: string,
  faults: string[],
): AxisDomain | undefined {
  if (!ends) return undefined;
  const domain = ends.map((end) => valueOf(end, column));
  const [low, high] = domain.map((end) => positionOf(end, column));
  if (domain.length === 2 && low! < high!) return domain as AxisDomain;
  faults.push(
    `${parameter}: “${ends.join(',')}” are not the two ends of a range of ${column.name}`,
  );
  return undefined;
}

/**
 * The full extent of a column, or the 0.1–99.9 % span where the extent is more than three times wider; cut
 * to the range that a filter on the same column leaves.
 */
export function usualDomain(
  column: ColumnInfo,
  scale: Scale,
  view: View,
): { domain: AxisDomain; trimmed: boolean } | undefined {
  if (column.min === null || isConstant(column)) return undefined;
  const at = (value: ColumnInfo['min'] | undefined): number => positionOf(value, column);
  let [min, max]: ColumnInfo['min'][] = [column.min, column.max];
  let trimmed = false;
  const quantiles = column.quantiles;
  if (quantiles && scale === 'linear' && column.kind !== 'clock') {
    const span = at(quantiles.p999) - at(quantiles.p001);
    if (span > 0 && at(max) - at(min) > TRIM * span) {
      [min, max] = [quantiles.p001, quantiles.p999];
      trimmed = true;
    }
  }
  for (const filter of view.filters ?? []) {
    if (filter.op !== 'range' || filter.column !== column.name || filter.exclude) continue;
    // A filter says what is worth looking at, outliers included, as far as there are rows.
    const low = filter.min === undefined ? undefined : valueOf(filter.min, column);
    const high = filter.max === undefined ? undefined : valueOf(filter.max, column);
    if (low !== undefined) min = at(low) > at(column.min) ? low : column.min;
    if (high !== undefined) max = at(high) < at(column.max) ? high : column.max;
  }
  if (scale === 'log' && !(at(min) > 0)) return undefined;
  return at(min) < at(max) ? { domain: [min!, max!], trimmed } : undefined;
}

/** The full extent of the axes, as `show all` and `fit` write it into the address. */
export function fullExtent(plot: Plot): Pick<View, 'xDomain' | 'yDomain'> {
  const extent = (column: ColumnInfo | undefined, scale: Scale): AddressDomain | undefined =>
    column &&
    isContinuous(column) &&
    !isConstant(column) &&
    !(scale === 'log' && !(positionOf(column.min, column) > 0))
      ? [String(column.min), String(column.max)]
      : undefined;
  const x = extent(plot.x, plot.scale.x);
  const y =
    plot.mark === 'scatter' || plot.mark === 'heatmap'
      ? extent(plot.y[0], plot.scale.y)
      : undefined;
  return { ...(x ? { xDomain: x } : {}), ...(y ? { yDomain: y } : {}) };
}

function binOf(view: View, mark: Mark, x: ColumnInfo | undefined): Plot['bin'] {
  if (mark !== 'line' || !x || view.bin === 'none') return undefined;
  const calendar = typeof view.bin === 'string';
  if (view.bin !== undefined && calendar === (x.kind === 'time')) return view.bin;
  if (x.kind !== 'time') return undefined;
  return fittingUnit(positionOf(x.max, x) - positionOf(x.min, x), x);
}

function aggregateOf(
  view: View,
  mark: Mark,
  binned: boolean,
  measured: boolean,
): { op: AggregateOp; p: number | undefined } {
  const share = /^p(.+)$/.exec(view.agg ?? '')?.[1];
  if (share !== undefined && measured) return { op: 'quantile', p: Number(share) / 100 };
  const op = view.agg as AggregateOp | undefined;
  if (!measured) return { op: 'count', p: undefined };
  if (mark === 'line' && !binned) return { op: 'mean', p: undefined };
  return { op: op && share === undefined ? op : 'mean', p: undefined };
}

/** True where `mark` can stand on `column` as its x axis. */
export function fitsX(mark: Mark, column: ColumnInfo): boolean {
  if (mark === 'bar') return column.kind !== 'binary';
  if (mark === 'rows' || mark === 'value') return true;
  return isContinuous(column);
}

/** True where `mark` can measure `column`. */
export function fitsY(mark: Mark, column: ColumnInfo): boolean {
  if (mark === 'scatter' || mark === 'heatmap') return isContinuous(column);
  if (mark === 'line' || mark === 'bar') return column.kind === 'number';
  return true;
}

export const takesY = (mark: Mark): boolean =>
  mark === 'scatter' || mark === 'heatmap' || mark === 'line' || mark === 'bar';
export const takesSeveral = (mark: Mark): boolean => mark === 'line' || mark === 'bar';
export const takesColor = (mark: Mark): boolean =>
  mark === 'scatter' || mark === 'line' || mark === 'bar' || mark === 'histogram';

/** The query of a plot, to which the chart adds size and domain. */
export function plotQuery(plot: Plot, dataset: string, snapshot: string): Query {
  const { mark, x, y, color, of, op, p, bin } = plot;
  const query: Query = { dataset, snapshot, mark };
  if (x) query.x = bin === undefined ? x.name : { column: x.name, bin };
  if (y.length > 0) query.y = y.length === 1 ? y[0]!.name : y.map((column) => column.name);
  if (color) query.color = color.name;
  if (color && plot.top !== undefined) query.top = plot.top;
  if (mark === 'bar' && plot.order) query.sort = BAR_SORTS[plot.order];
  if (plot.bins !== undefined) query.bins = plot.bins;
  if (plot.method && plot.method !== 'auto') query.method = plot.method;
  if (plot.timeZone) query.timeZone = plot.timeZone;
  if (plot.scale.x !== 'linear' || plot.scale.y !== 'linear') query.scale = plot.scale;
  if (plot.filters.length > 0) query.filters = plot.filters;
  const measured = of ? [of] : bin !== undefined || mark === 'bar' ? y : [];
  if (measured.length > 0) query.aggregate = aggregate(op, p, measured);
  return query;
}

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
