import type { Mark } from '../../../protocol/query.js';
import type { MarkEngine } from '../mark-engine.js';
import { bar } from './bar.js';
import { heatmap } from './heatmap.js';
import { histogram } from './histogram.js';
import { line } from './line.js';
import { rows } from './rows.js';
import { scatter } from './scatter.js';
import { value } from './value.js';

/** How each mark is answered. */
export const MARK_ENGINES: Partial<Record<Mark, MarkEngine>> = {
  bar,
  heatmap,
  histogram,
  line,
  rows,
  scatter,
  value,
};
