import {
  checkBar,
  checkBinnedLine,
  checkHeatmap,
  checkHistogram,
  checkRows,
  checkValue,
} from './check-groups.js';
import { checkLine } from './check-line.js';
import { checkDensity, checkPoints } from './check-scatter.js';
import { checkCounts, type Checked } from './checks.js';

/** Holds a frame against the oracle; throws at the first difference. */
export async function checkFrame(checked: Checked): Promise<void> {
  const { query } = checked;
  checkCounts(checked);
  switch (query.mark) {
    case 'scatter':
      if (checked.frame.metadata.method === 'points') checkPoints(checked);
      else checkDensity(checked);
      return;
    case 'line':
      if (typeof query.x === 'string') checkLine(checked);
      else await checkBinnedLine(checked);
      return;
    case 'histogram':
      checkHistogram(checked);
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
