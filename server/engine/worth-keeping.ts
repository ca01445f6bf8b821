import type { Predicate } from '../../workers/scan/predicate.js';
import type { ColumnScope } from './columns.js';
import { filterCost } from './filter-cost.js';

export interface Met {
  /** Requests that had the filter so far, this one too. */
  uses: number;
  /** Rows that it has to look at: the others lie in blocks that pass as a whole, or not at all. */
  rows: number;
  scope: ColumnScope;
}

/** Whether the rows that pass a filter are to be kept. */
export type IsWorthKeeping = (predicate: Predicate, met: Met) => boolean;

/**
 * A filter that takes so many nanoseconds a row is kept when it is first met: making bits of it costs a tenth more than
 * to run it once, and most frames are more than one scan.
 */
const DEAR = 4;
/** One that takes less than this is never kept: to read its bits takes as long. */
const CHEAP = 0.3;
/** What a filter has to take over all its rows, in milliseconds: less than a task's way to a thread and back is not saved. */
const LEAST_MS = 0.5;

/** Dear filters at once, others when they are met again, cheap ones and those of few rows never. */
export const savesTime: IsWorthKeeping = (predicate, { uses, rows, scope }) => {
  const cost = filterCost(predicate, scope);
  if (cost < CHEAP || (cost * rows) / 1e6 < LEAST_MS) return false;
  return cost >= DEAR || uses > 1;
};
