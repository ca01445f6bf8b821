import type { DatasetInfo } from '../../../protocol/dataset.js';
import { timeUntil } from '../jobs/zoned-time.js';
import { formatMoment, useAge } from './use-age.js';

/** When a dataset is loaded next. */
export interface NextRun {
  /** `14:05:00`, by the clock of who looks. */
  at: string;
  /** `in 25 s`. */
  until: string;
}

/** A run this close is no news: a pace of two seconds would count down for ever. */
const SHORTEST_MS = 5_000;

/** The next run of a dataset's schedule; undefined without one, and where it follows the last one at once. */
export function useNextRun(info: DatasetInfo | undefined): NextRun | undefined {
  const { nextRun, everyMs } = info?.refresh ?? {};
  const at = nextRun == null ? undefined : Date.parse(nextRun);
  // The clock ticks as it does for ages: each second while the run is near.
  useAge(at);
  if (at === undefined || at <= Date.now() || (everyMs ?? Infinity) < SHORTEST_MS) return undefined;
  return { at: formatMoment(at), until: timeUntil(nextRun!, Date.now()) };
}
