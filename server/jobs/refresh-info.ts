import type { RefreshInfo } from '../../protocol/job.js';
import type { DatasetSource } from '../loader/source.js';
import type { Jobs } from './jobs.js';

/** The schedule of a dataset as people see it; undefined where it has none. */
export function refreshInfo(
  { name, schedule }: Pick<DatasetSource, 'name' | 'schedule'>,
  jobs: Pick<Jobs, 'times'>,
): RefreshInfo | undefined {
  if (schedule === undefined || schedule.when === null) return undefined;
  return { ...schedule.when, enabled: schedule.enabled, ...jobs.times(name) };
}
