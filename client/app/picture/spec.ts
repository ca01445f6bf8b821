import type { ColumnInfo } from '../../../protocol/column.js';
import type { ChartSpec } from '../../chart/types.js';
import { isContinuous } from '../../../protocol/view/columns.js';
import { plotQuery } from '../../../protocol/view/plot-query.js';
import type { Plot } from '../../../protocol/view/plot.js';
import { hasNowLine } from './now-default.js';
import { titleOf, wordsOf } from './title.js';

/** What the chart is to show for a plot. */
export function chartSpec(plot: Plot, dataset: string, snapshot: string): ChartSpec {
  const [y] = plot.y;
  const labels: NonNullable<ChartSpec['labels']> = {};
  if (plot.x) labels.x = axisName(plot.x, plot.timeZone);
  const measured = valueLabel(plot);
  if (plot.mark === 'scatter' || plot.mark === 'heatmap') {
    if (y) labels.y = axisName(y, plot.timeZone);
    if (plot.mark === 'heatmap') labels.value = measured;
  } else labels.y = measured;
  return {
    query: plotQuery(plot, dataset, snapshot),
    domain: plot.domain,
    wholeBins: plot.isFullX,
    labels,
    ...(plot.mark === 'heatmap' && { categories: { x: hasNames(plot.x), y: hasNames(y) } }),
    title: titleOf(plot),
    footer: dataset,
    legend: false,
    style: styleOf(plot),
    now: hasNowLine(plot),
  };
}

const hasNames = (column: ColumnInfo | undefined): boolean =>
  column !== undefined && !isContinuous(column);

/** A view names the radius of a row by its size. */
function styleOf({ shading: { size, ...rest } }: Plot): NonNullable<ChartSpec['style']> {
  return { ...rest, ...(size === undefined ? {} : { radius: size }) };
}

/** Instants are shown in UTC or the zone that is chosen, and say so; times without a zone stand as they were written. */
const axisName = ({ name, kind, zoned }: ColumnInfo, timeZone = 'UTC'): string =>
  kind === 'time' && zoned ? `${name} (${timeZone.replaceAll('_', ' ')})` : name;

/** What the numbers of a plot are: `mean delay`, `rows`. */
export function valueLabel(plot: Plot): string {
  const { mark, y, of, bin } = plot;
  const measured = of ?? (y.length === 1 ? y[0] : undefined);
  const raw = mark === 'line' && bin === undefined;
  if (mark === 'histogram' || (!of && (y.length === 0 || mark === 'heatmap'))) return 'rows';
  const how = wordsOf(plot);
  // Of several columns there is no name that could follow.
  if (measured === undefined) return raw ? '' : how.replace(/ of$/, '');
  return raw ? measured.name : `${how} ${measured.name}`;
}
