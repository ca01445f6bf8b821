import type { View } from '../address/view.js';
import type { ColumnInfo } from '../column.js';
import type { DatasetInfo } from '../dataset.js';
import type { AggregateOp, Mark, Scale } from '../query.js';
import { isContinuous, positionOf } from './columns.js';
import { faultOfAgainst } from './against.js';
import { queryFilters } from './query-filters.js';
import { fitsX, fitsY, takesColor, takesSeveral, takesY } from './mark-columns.js';
import type { Plot } from './plot.js';
import { withDomain } from './plot-domain.js';
import { fittingPalettes } from './fitting-palettes.js';
import { DIVERGING, type Shading } from './shading.js';
import { suggestChart } from './suggest.js';
import { fittingUnit } from './time.js';

/** So many bars of a calendar fit into most pictures. */
const MOST_BARS = 24;

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
  // Categories have no scale.
  const scaleOf = (wanted: Scale = 'linear', column?: ColumnInfo): Scale =>
    chosen === 'heatmap' && column && !isContinuous(column) ? 'linear' : wanted;
  const scale = { x: scaleOf(view.xScale, x), y: scaleOf(view.yScale, y[0]) };
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
    order: view.order ?? usualOrder(bin),
    method: view.method,
    timeZone: view.timeZone,
    now: view.now,
    shading: shadingOf(view, { mark: chosen, color, y, of }),
    scale,
    domain: {},
    trimmed: false,
    isFullX: false,
    filters,
    addressFilters: fitting,
    against: undefined,
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
  if (view.against !== undefined) {
    const fault = faultOfAgainst(view.against, plot);
    if (fault === undefined) plot.against = view.against;
    else faults.push(`vs: ${fault}`);
    // A difference has neither colors nor a band.
    if (fault === undefined) [plot.color, plot.band] = [undefined, false];
  }
  return withDomain(plot, { ...view, filters: fitting });
}

function binOf(view: View, mark: Mark, x: ColumnInfo | undefined): Plot['bin'] {
  const isBar = mark === 'bar';
  if ((mark !== 'line' && !isBar) || !x || view.bin === 'none') return undefined;
  if (isBar && x.kind !== 'time') return undefined;
  const calendar = typeof view.bin === 'string';
  if (view.bin !== undefined && calendar === (x.kind === 'time')) return view.bin;
  if (x.kind !== 'time' || (isBar && (x.distinct ?? Infinity) <= MOST_BARS)) return undefined;
  const span = positionOf(x.max, x) - positionOf(x.min, x);
  return fittingUnit(span, x, isBar ? MOST_BARS : undefined);
}

/** The order of bars where nobody chose one. */
export const usualOrder = (bin: Plot['bin']): Plot['order'] =>
  bin === undefined ? 'largest' : 'name';

function shadingOf(
  { size, opacity, stroke, shade, palette, middle }: View,
  plot: Pick<Plot, 'mark' | 'color' | 'y' | 'of'>,
): Shading {
  const { mark, color } = plot;
  const isScatter = mark === 'scatter';
  const isShaded = mark === 'heatmap' || (isScatter && color === undefined);
  const shading: Shading = {
    ...(isScatter && size !== undefined ? { size } : {}),
    ...(isScatter && opacity !== undefined ? { opacity } : {}),
    ...(mark === 'line' && stroke !== undefined ? { stroke } : {}),
    ...(isShaded && shade !== undefined ? { shade } : {}),
  };
  const fits = palette !== undefined && fittingPalettes({ ...plot, shading }).includes(palette);
  if (!fits) return shading;
  const isCentered = palette === DIVERGING && middle !== undefined;
  return { ...shading, palette, ...(isCentered ? { middle } : {}) };
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
