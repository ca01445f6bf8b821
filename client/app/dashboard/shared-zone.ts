import type { View } from '../../../protocol/address/view.js';
import type { DatasetInfo } from '../../../protocol/dataset.js';
import { resolvePlot } from '../../../protocol/view/resolve-plot.js';

/** A chart, and its dataset as far as that is known. */
export interface ZonedChart {
  view: View;
  info: Pick<DatasetInfo, 'columns' | 'rows'> | undefined;
}

/** The zone that all charts with instants agree on, in which shared filters are told; undefined for UTC. */
export function sharedZone(charts: readonly ZonedChart[]): string | undefined {
  const zones = new Set(charts.filter(hasInstants).map(({ view }) => view.timeZone));
  return zones.size === 1 ? [...zones][0] : undefined;
}

/** Whether a chart shows instants, which depend on the zone. */
function hasInstants({ view, info }: ZonedChart): boolean {
  if (info === undefined || info.columns.length === 0) return false;
  const { mark, x, y } = resolvePlot(view, info);
  const shown = mark === 'rows' ? info.columns : [x, ...y];
  return shown.some((column) => column?.zoned === true);
}
