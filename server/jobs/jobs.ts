import { canonicalJson } from '../../protocol/canonical.js';
import { isOpen, type Run } from '../../protocol/run.js';
import type { Catalog } from '../catalog/catalog.js';
import { HalftoneError } from '../errors.js';
import { createJob, type Due, type Job } from './job.js';
import type { Pauses } from './pauses.js';
import type { Runs } from './runs.js';

/** What is known of the schedule of a dataset now. Times are ISO 8601. */
export interface JobTimes {
  /** Null while nothing is planned: without a schedule, paused, or where another process runs it. */
  nextRun: string | null;
  pausedSince: string | null;
}

/** The schedules of all datasets, carried out by the process that holds the cache folder. */
export interface Jobs {
  times(dataset: string): JobTimes;
  /** Takes a schedule out of force until it is resumed; throws where the dataset has none, or the folder is not ours. */
  pause(dataset: string): Promise<void>;
  resume(dataset: string): Promise<void>;
  /** Begins what is due, and gives the milliseconds until it has to be called again. */
  tick(): number;
  /** Told of every run that has ended. */
  ended(run: Run): void;
}

export interface JobsOptions {
  catalog: Pick<Catalog, 'sources' | 'source' | 'refresh'>;
  runs: Pick<Runs, 'adopt' | 'list' | 'skip'>;
  pauses: Pauses;
  /** Whether this process holds the cache folder: of several, one carries schedules out. */
  mayRun: () => boolean;
  /** Milliseconds since 1970. */
  clock: () => number;
  random?: () => number;
}

/** New datasets, a clock that was moved and a folder that became ours are noticed within this time. */
const LOOK_EVERY_MS = 1000;

export function createJobs({
  catalog,
  runs,
  pauses,
  mayRun,
  clock,
  random = Math.random,
}: JobsOptions): Jobs {
  const jobs = new Map<string, Job>();

  /** Makes jobs of new schedules, and forgets those that are gone. */
  function followSources(now: number): void {
    const names = new Set<string>();
    for (const source of catalog.sources()) {
      const { name, schedule } = source;
      if (schedule === undefined) continue;
      names.add(name);
      const before = jobs.get(name);
      if (before?.key === canonicalJson(schedule)) continue;
      runs.adopt(source);
      const isNew = before === undefined;
      const job = createJob({ schedule, history: runs.list(name), now, random, isNew });
      if (pauses.since(name) !== undefined) job.passOver(now);
      jobs.set(name, job);
    }
    for (const name of jobs.keys()) if (!names.has(name)) jobs.delete(name);
  }

  function begin(name: string, { schedule }: Job, due: Due): void {
    const { overlap, catchUp, startDeadlineMs } = schedule;
    if (due.trigger !== 'schedule') {
      catalog.refresh(name, due);
      return;
    }
    const { lateMs, missed, ...plan } = due;
    const isTooLate = startDeadlineMs !== null && lateMs > startDeadlineMs;
    if (isTooLate || (missed && catchUp === 'none')) {
      const why = isTooLate ? 'startDeadline' : 'catchUp';
      runs.skip(catalog.source(name), plan, tooLate(name, lateMs, why));
    } else catalog.refresh(name, { ...plan, overlap });
  }

  function jobOf(name: string): Job {
    if (catalog.source(name).schedule?.when == null) {
      throw new HalftoneError('SCHEDULE_UNKNOWN', `"${name}" has no schedule.`, {
        hint: 'Give it one with "refresh" in halftone.yaml.',
        field: 'dataset',
      });
    }
    if (!mayRun()) {
      throw new HalftoneError(
        'CACHE_LOCKED',
        'Another process holds the cache folder, and carries the schedules out.',
        { hint: 'Ask that one.' },
      );
    }
    followSources(clock());
    return jobs.get(name)!;
  }

  return {
    times(name) {
      const now = clock();
      const pausedSince = pauses.since(name) ?? null;
      const next = pausedSince === null ? jobs.get(name)?.next(now) : undefined;
      return { nextRun: next === undefined ? null : new Date(next).toISOString(), pausedSince };
    },
    async pause(name) {
      const job = jobOf(name);
      const now = clock();
      job.passOver(now);
      await pauses.set(name, pauses.since(name) ?? new Date(now).toISOString());
    },
    async resume(name) {
      jobOf(name).passOver(clock());
      await pauses.set(name, undefined);
    },
    tick() {
      const now = clock();
      // What another process has run meanwhile is looked up once the folder is ours.
      if (!mayRun()) jobs.clear();
      else followSources(now);
      let wait = LOOK_EVERY_MS;
      for (const [name, job] of jobs) {
        if (pauses.since(name) !== undefined) {
          job.passOver(now);
          continue;
        }
        const due = job.takeDue(now);
        if (due !== undefined) begin(name, job, due);
        wait = Math.min(wait, Math.max(0, (job.next(now) ?? Infinity) - now));
      }
      return wait;
    },
    ended(run) {
      // A person who begins a run looks at how it ends.
      if (run.trigger === 'manual' || isOpen(run)) return;
      jobs.get(run.dataset)?.ended(run, clock());
    },
  };
}

function tooLate(name: string, lateMs: number, why: 'startDeadline' | 'catchUp'): HalftoneError {
  const late = `${Math.round(lateMs / 1000)} seconds`;
  return new HalftoneError('RUN_SKIPPED', `The time of this run of "${name}" was ${late} ago.`, {
    hint: `It was missed, and "${why}" does not have it made up for.`,
  });
}
