import type { JobInfo, RefreshInfo } from '../../protocol/job.js';
import { isPulled, isScheduled, type DatasetSource } from '../loader/source.js';
import type { Jobs } from './jobs.js';

/** The schedule of a dataset as people see it; undefined where it has none. */
export function refreshInfo(
  { name, schedule }: Pick<DatasetSource, 'name' | 'schedule'>,
  jobs: Pick<Jobs, 'times'>,
): RefreshInfo | undefined {
  if (schedule === undefined || schedule.when === null) return undefined;
  return { ...schedule.when, enabled: schedule.enabled, ...jobs.times(name) };
}

/** Whose changes begin loads of a dataset, beside people and its schedule. */
export function followed(source: DatasetSource): JobInfo['follows'] {
  if (isScheduled(source) || isPulled(source)) return null;
  return source.sql?.over === undefined ? 'files' : 'datasets';
}
