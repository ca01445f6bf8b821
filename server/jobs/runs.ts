import { isOpen, type Changes, type Run, type RunTrigger } from '../../protocol/run.js';
import { HalftoneError, toProblem } from '../errors.js';
import type { EventHub } from '../events/hub.js';
import type { DatasetSource } from '../loader/source.js';
import type { Snapshot } from '../snapshots/manifest.js';
import { openRunFile, runFileOf, type RunFile } from './run-file.js';
import { createUlids } from './ulid.js';

/** Why and when a run is to be. */
export interface RunPlan {
  trigger: RunTrigger;
  /** The time that a schedule names, in milliseconds since 1970; now, where none does. */
  plannedAt?: number;
  attempt?: number;
}

/** A run that has not ended, for who carries it out. */
export interface OpenRun {
  readonly id: string;
  /** As it is now, without its log. */
  readonly run: Run;
  start(): void;
  /** Adds a line to its log, of which the end is kept. */
  log(line: string): void;
  /** Ends it well, with the snapshot that answers from now on. */
  done(snapshot: Snapshot, changes: Changes | undefined): void;
  /** Ends it otherwise; the error says how: refused, cancelled or failed. */
  fail(error: Error): void;
}

/** The loads of all datasets, under way and past, kept on disk where this process may write. */
export interface Runs {
  /** Reads what is on disk of a dataset. A run that was open when its process ended is told as interrupted. */
  adopt(source: DatasetSource): void;
  plan(source: DatasetSource, plan: RunPlan): OpenRun;
  /** Records that a run was not begun, and why. Several in a row are one. */
  skip(source: DatasetSource, plan: RunPlan, reason: HalftoneError): Run;
  /** Of one dataset, or of all, the newest first, without their logs. */
  list(dataset?: string): Run[];
  /** One run with its log; throws RUN_UNKNOWN. */
  get(id: string): Run;
  /** Settles when all is on the disk. */
  flushed(): Promise<void>;
}

export interface RunsOptions {
  /** The cache folder; without one nothing is kept. */
  dir?: string;
  /** Whether the folder is ours to write: another process may hold it. */
  mayWrite?: () => boolean;
  events: Pick<EventHub, 'publish'>;
  /** Milliseconds since 1970. */
  clock: () => number;
  /** Numbers in [0, 1). */
  random?: () => number;
  /** Told when a run has ended. */
  onEnded?: (run: Run) => void;
}

/** Runs of a dataset that are remembered. */
export const KEPT_RUNS = 200;
const MAX_LOG_LINES = 200;
const MAX_LOG_LINE = 500;

interface History {
  source: DatasetSource;
  /** Oldest first. */
  runs: Run[];
  /** Present once this process may write. */
  file?: RunFile;
}

export function createRuns({
  dir,
  mayWrite = () => false,
  events,
  clock,
  random = Math.random,
  onEnded = () => {},
}: RunsOptions): Runs {
  const histories = new Map<string, History>();
  const ids = createUlids(clock, random);
  const now = (): string => new Date(clock()).toISOString();

  function historyOf(source: DatasetSource): History {
    let history = histories.get(source.name);
    if (history === undefined || pathOf(history.source) !== pathOf(source)) {
      const path = pathOf(source);
      history = {
        source,
        runs: path === undefined ? [] : openRunFile(path).found.slice(-KEPT_RUNS),
      };
      histories.set(source.name, history);
      followIds(history);
    }
    takeFile(history);
    return history;
  }

  const pathOf = (source: DatasetSource): string | undefined =>
    dir === undefined ? undefined : runFileOf(dir, source);

  /** New runs are listed as the newest, also where the clock was set back before this process began. */
  function followIds({ runs }: History): void {
    for (const { id } of runs) ids.startAfter(id);
  }

  /** Takes the file over from a process that is gone, as soon as the folder is ours. */
  function takeFile(history: History): void {
    const path = pathOf(history.source);
    if (path === undefined || history.file !== undefined || !mayWrite()) return;
    const file = openRunFile(path);
    history.file = file;
    const runs = new Map(history.runs.map((run) => [run.id, run]));
    const unsaved = new Set(history.runs);
    for (const run of file.found) {
      const isInterrupted = isOpen(run);
      if (isInterrupted) interrupt(run);
      unsaved.delete(runs.get(run.id)!);
      runs.set(run.id, run);
      if (isInterrupted) unsaved.add(run);
    }
    const sorted = [...runs.values()].sort((a, b) => (a.id < b.id ? -1 : 1));
    history.runs = sorted.slice(-KEPT_RUNS);
    followIds(history);
    for (const run of unsaved) save(history, run);
  }

  function save(history: History, run: Run): void {
    takeFile(history);
    history.runs = history.runs.slice(-KEPT_RUNS);
    history.file?.write(run, history.runs);
  }

  function tell(history: History, run: Run): void {
    save(history, run);
    events.publish({ name: 'run', data: withoutLog(run) });
    if (!isOpen(run)) onEnded(run);
  }

  function begin(source: DatasetSource, { trigger, plannedAt, attempt = 1 }: RunPlan): Run {
    return {
      id: ids.next(),
      dataset: source.name,
      trigger,
      state: 'planned',
      plannedAt: plannedAt === undefined ? now() : new Date(plannedAt).toISOString(),
      startedAt: null,
      endedAt: null,
      attempt,
      rows: null,
      bytes: null,
      snapshot: null,
    };
  }

  return {
    adopt(source) {
      historyOf(source);
    },
    plan(source, plan) {
      const history = historyOf(source);
      const run = begin(source, plan);
      history.runs.push(run);
      tell(history, run);
      const end = (how: Partial<Run>): void => {
        if (!isOpen(run)) return;
        Object.assign(run, how, { endedAt: now() });
        tell(history, run);
      };
      return {
        id: run.id,
        get run() {
          return withoutLog(run);
        },
        start() {
          if (run.state !== 'planned') return;
          Object.assign(run, { state: 'running', startedAt: now() });
          tell(history, run);
        },
        log(line) {
          run.log = [...(run.log ?? []), line.slice(0, MAX_LOG_LINE)].slice(-MAX_LOG_LINES);
        },
        done({ manifest }, changes) {
          const bytes = manifest.segments.reduce((sum, segment) => sum + segment.bytes, 0);
          const { id: snapshot, rows } = manifest;
          end({ state: 'done', rows, bytes, snapshot, ...(changes && { changes }) });
        },
        fail(error) {
          end({ state: stateOf(error), problem: toProblem(error) });
        },
      };
    },
    skip(source, plan, reason) {
      const history = historyOf(source);
      const run = begin(source, plan);
      const last = history.runs.at(-1);
      const problem = toProblem(reason);
      const isSame = last?.state === 'skipped' && last.problem?.code === problem.code;
      if (isSame) {
        const { plannedAt } = run;
        Object.assign(last, { plannedAt, endedAt: now(), problem, times: (last.times ?? 1) + 1 });
      } else history.runs.push(Object.assign(run, { state: 'skipped', endedAt: now(), problem }));
      const told = isSame ? last : run;
      tell(history, told);
      return told;
    },
    list(dataset) {
      const some =
        dataset === undefined ? [...histories.values()] : [histories.get(dataset) ?? { runs: [] }];
      return some
        .flatMap(({ runs }) => runs)
        .sort((a, b) => (a.id < b.id ? 1 : -1))
        .map(withoutLog);
    },
    get(id) {
      for (const { runs } of histories.values()) {
        const found = runs.find((run) => run.id === id);
        if (found !== undefined) return { ...found };
      }
      throw new HalftoneError('RUN_UNKNOWN', `There is no run "${id}".`, {
        hint: `GET api/v1/runs lists them; the last ${KEPT_RUNS} of a dataset are kept.`,
        field: 'id',
      });
    },
    async flushed() {
      await Promise.all([...histories.values()].flatMap(({ file }) => file?.flushed() ?? []));
    },
  };
}

function withoutLog({ log: _log, ...run }: Run): Run {
  return run;
}

/** When it ended, nobody knows. */
function interrupt(run: Run): void {
  const error = new HalftoneError(
    'RUN_INTERRUPTED',
    'The server ended while the run was under way.',
    { hint: 'Nothing of it was published. Run it again.' },
  );
  Object.assign(run, { state: 'failed', problem: toProblem(error) });
}

function stateOf(error: Error): Run['state'] {
  const code = error instanceof HalftoneError ? error.code : undefined;
  if (code === 'LOAD_CANCELLED') return 'cancelled';
  return code === 'REFRESH_REFUSED' ? 'refused' : 'failed';
}
