import { checkBar } from './check-bar.js';
import { checkBinnedLine } from './check-binned-line.js';
import { checkDensity } from './check-density.js';
import { checkHeatmap } from './check-heatmap.js';
import { checkHistogram } from './check-histogram.js';
import { checkLine } from './check-line.js';
import { checkPoints } from './check-points.js';
import { checkRows } from './check-rows.js';
import { checkCounts, type Checked } from './checks.js';
import { checkValue } from './check-value.js';

/** Holds a frame against the oracle; throws at the first difference. */
export async function checkFrame(checked: Checked): Promise<void> {
  const { query, frame } = checked;
  checkCounts(checked);
  switch (query.mark) {
    case 'scatter':
      await (frame.metadata.method === 'points' ? checkPoints : checkDensity)(checked);
      return;
    case 'line':
      await (typeof query.x === 'string' ? checkLine : checkBinnedLine)(checked);
      return;
    case 'histogram':
      await checkHistogram(checked);
      return;
    case 'bar':
      await checkBar(checked);
      return;
    case 'heatmap':
      checkHeatmap(checked);
      return;
    case 'value':
      await checkValue(checked);
      return;
    case 'rows':
      await checkRows(checked);
  }
}
