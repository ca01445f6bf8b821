import { positionOf } from '../../../protocol/view/columns.js';
import type { Plot } from '../../../protocol/view/plot.js';

/** Data that end within so much of their extent before the present reach it. */
const NEAR = 0.05;

/** Whether a line stands at the present: as the person chose, else where the data reach it. */
export const hasNowLine = (plot: Plot, now = Date.now()): boolean =>
  canHaveNowLine(plot) && (plot.now ?? reachesNow(plot, now));

/** Whether the x axis may show the present at all. */
export const canHaveNowLine = ({ mark, x }: Pick<Plot, 'mark' | 'x'>): boolean =>
  x?.kind === 'time' &&
  (mark === 'scatter' || mark === 'line' || mark === 'histogram' || mark === 'heatmap');

/** Whether the times of the x axis go up to the present, or beyond it. */
export function reachesNow({ x }: Pick<Plot, 'x'>, now = Date.now()): boolean {
  if (x?.kind !== 'time' || x.min === null || x.max === null) return false;
  const [first, last] = [positionOf(x.min, x), positionOf(x.max, x)];
  return first <= now && last >= now - Math.max(NEAR * (last - first), DAY_MS);
}

/** Times without a zone may be a day off. */
const DAY_MS = 86_400_000;
