import { plotQuery } from '../../../protocol/view/plot-query.js';
import type { Plot } from '../../../protocol/view/plot.js';
import { resolvePlot } from '../../../protocol/view/resolve-plot.js';
import type { View } from '../../../protocol/address/view.js';
import { column, text, time } from './columns-of.js';

const quantiles = { p001: -50, p01: -30, p10: -10, p50: 0, p90: 40, p99: 120, p999: 200 };
const delay = column('delay', { min: -1000, max: 2000, quantiles });
const columns = [time('date'), delay, column('distance'), text('origin')];
const dataset = { columns, rows: 3_000_000 };

/** The plot of a view of some flights. */
export const resolve = (view: Partial<View>): Plot =>
  resolvePlot({ dataset: 'flights', ...view }, dataset);

/** The query of that plot, but for the names of dataset and snapshot. */
export function query(view: Partial<View>): unknown {
  const { dataset: _, snapshot: __, ...rest } = plotQuery(resolve(view), 'flights', 's1');
  return rest;
}
