import type { Mark } from '../scan/mark.js';

import { bar } from './bar.js';
import { binnedLine } from './binned-line.js';
import { cube } from './cube/cube.js';
import { digits } from './rows/digits.js';
import { matching } from './rows/matching.js';
import { rows } from './rows/rows.js';
import { take } from './rows/take.js';
import { top } from './rows/top.js';
import { extent } from './extent.js';
import { heatmap } from './heatmap.js';
import { histogram } from './histogram.js';
import { distinctPart } from './distinct-part.js';
import { distinctSketch } from './distinct-sketch.js';
import { keyCounts } from './key-counts.js';
import { keyValues } from './key-values.js';
import { line } from './line/line.js';
import { nothing } from './nothing.js';
import { scatter } from './scatter/scatter.js';
import { tally } from '../tally/tally.js';
import { value } from './value.js';

/** Every way to make something of the matching rows, by the `kind` of its plan. */
export const MARKS = {
  bar,
  'binned line': binnedLine,
  cube,
  digits,
  'distinct part': distinctPart,
  'distinct sketch': distinctSketch,
  extent,
  heatmap,
  histogram,
  'key counts': keyCounts,
  'key values': keyValues,
  line,
  matching,
  nothing,
  rows,
  scatter,
  take,
  tally,
  top,
  value,
};

type Marks = typeof MARKS;
export type MarkKind = keyof Marks;

/** What a mark of this kind is asked, hands from task to task, and gives. */
export type PlanOf<K extends MarkKind> =
  Marks[K] extends Mark<infer P, infer _, infer __> ? P : never;
export type PartialOf<K extends MarkKind> =
  Marks[K] extends Mark<infer _, infer P, infer __> ? P : never;
export type ResultOf<K extends MarkKind> =
  Marks[K] extends Mark<infer _, infer __, infer R> ? R : never;

export type MarkPlan = PlanOf<MarkKind>;

/** The mark that a plan is for. */
export function markOf(plan: MarkPlan): Mark<MarkPlan, unknown, unknown> {
  return MARKS[plan.kind] as Mark<MarkPlan, unknown, unknown>;
}
