import type { JobInfo } from '../../../protocol/job.js';
import { isOpen, type Run } from '../../../protocol/run.js';

/** The last run that says how a dataset is: not one that was skipped, and not one that is under way. */
export function lastEnded({ runs }: Pick<JobInfo, 'runs'>): Run | undefined {
  return runs.find((run) => !isOpen(run) && run.state !== 'skipped');
}

/** True where the last run did not bring what it should have. */
export function isFailing(job: Pick<JobInfo, 'runs'>): boolean {
  const state = lastEnded(job)?.state;
  return state === 'failed' || state === 'refused';
}

/** Failures first, then what runs, then what is scheduled, then the others; by name within each. */
export function inOrder(jobs: readonly JobInfo[]): JobInfo[] {
  const rank = (job: JobInfo): number => {
    if (isFailing(job)) return 0;
    if (job.runs.some(({ state }) => state === 'running')) return 1;
    return job.refresh === null ? 3 : 2;
  };
  return [...jobs].sort((a, b) => rank(a) - rank(b) || (a.dataset < b.dataset ? -1 : 1));
}

/** How long a run took, in seconds; undefined where that is not known. */
export function secondsOf({ startedAt, endedAt }: Run): number | undefined {
  if (startedAt === null || endedAt === null) return undefined;
  return Math.max(0, Date.parse(endedAt) - Date.parse(startedAt)) / 1000;
}
