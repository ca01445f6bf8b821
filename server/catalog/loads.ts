import type { DatasetInfo } from '../../protocol/dataset.js';
import type { RunTrigger } from '../../protocol/run.js';
import type { Progress } from '../../protocol/progress.js';
import type { EventHub } from '../events/hub.js';
import { changesBetween } from '../jobs/changes.js';
import { checkGuards } from '../jobs/guards.js';
import type { Runs } from '../jobs/runs.js';
import { isPulled, isScheduled, type DatasetSource } from '../loader/source.js';
import type { Snapshot, SourceFingerprint } from '../snapshots/manifest.js';
import { fingerprintText } from '../snapshots/fingerprint.js';
import { announce, announceSnapshot } from './announce.js';
import { type Dataset, describeDataset, type Load } from './dataset.js';
import type { LoadCause, LoadHow } from './load-cause.js';
import { createLoadLanes } from './load-lanes.js';
import type { CatalogParts } from './parts.js';
import { createRestoring } from './restoring.js';
import { cancelled, interrupted, outOfDate } from './refusals.js';

/** Snapshots that answer those who name them, where the disk cannot be asked. */
const KEPT_SNAPSHOTS = 2;
/** A bound on what is remembered of many kept snapshots. */
const MAX_KEPT = 1000;
/** Progress is told at most so often. */
const PROGRESS_EVERY_MS = 200;

/** A new snapshot is not held back for longer than this. */
const MAX_WARM_MS = 30_000;

const WAITING: Progress = { stage: 'waiting', fraction: null, rows: 0, bytes: 0, rowsPerSecond: 0 };

/** Stands for the fingerprint of what is computed from datasets without rows. */
const NO_INPUTS = 'no inputs';

/** The loads of datasets: one at a time for each, a few at a time for all, small ones beside them. */
export interface Loads {
  /**
   * Begins a load of a dataset that has none under way. `open` looks on the disk first, and loads only what differs
   * from the source; `load` always reads the source.
   */
  start(dataset: Dataset, how: 'open' | 'load', cause: LoadCause): void;
  /** What the source is made of now, as a text; undefined where it cannot be looked at. */
  fingerprint(dataset: Dataset): Promise<string | undefined>;
}

export interface LoadsOptions {
  /** Puts the snapshots that answer now into a source that is computed from other datasets; throws where one has none. */
  bind: (source: DatasetSource) => DatasetSource;
  /** Settles when the datasets that a source is computed from are not being loaded any more. */
  inputsSettled: (source: DatasetSource) => Promise<void>;
  parts: CatalogParts;
  events: Pick<EventHub, 'publish'>;
  runs: Pick<Runs, 'plan'>;
  /** True once the server is being stopped: a load that ends then was interrupted. */
  isClosing: () => boolean;
  /** Milliseconds. */
  now: () => number;
  /** Loads that run at the same time, beside a small one. */
  loadsAtOnce: number;
  /** Told when a load ended, for the terminal and the log. */
  onSettled: (info: DatasetInfo, error?: Error) => void;
  onProgress: (name: string, progress: Progress) => void;
  /** Told of a snapshot that an earlier run or another process has written. */
  onReopened: (snapshot: Snapshot) => void;
  /** Given a new snapshot before it answers, and the one before it, if any; what it does is waited for. */
  warm: (snapshot: Snapshot, signal: AbortSignal, previous?: Snapshot) => Promise<void>;
}

export function createLoads({
  bind,
  inputsSettled,
  parts,
  events,
  runs,
  isClosing,
  now,
  loadsAtOnce,
  onSettled,
  onProgress,
  onReopened,
  warm,
}: LoadsOptions): Loads {
  const lanes = createLoadLanes(loadsAtOnce);
  const restoreLost = createRestoring({ parts, runs, events, load });

  function start(dataset: Dataset, how: 'open' | 'load', cause: LoadCause): void {
    const { trigger, run, force = false } = cause;
    const controller = new AbortController();
    const { signal } = controller;
    let attempted: string | undefined;
    // Begun in the next turn, so that `load` is in place before anything can settle.
    const settled = Promise.resolve()
      .then(async () => {
        await Promise.race([inputsSettled(dataset.source), aborted(signal)]);
        if (how === 'open') await restoreLost(dataset, cause, signal);
        if (how === 'open' && (await open(dataset)) && under.mustRead !== true) {
          under.run?.start();
          under.run?.done(dataset.snapshots[0]!, undefined);
          return;
        }
        under.isReading = true;
        under.run ??= runs.plan(dataset.source, { trigger });
        if (how === 'open' && dataset.snapshots.length > 0) announce(dataset, events);
        attempted = await fingerprintOf(dataset);
        await load(dataset, { signal, run: under.run, force });
      })
      .then(
        () => settle(dataset, trigger),
        async (error: unknown) => {
          // A file that changed under its load is tried again; one whose load was stopped is not.
          const failedOn = signal.aborted ? await fingerprintOf(dataset) : attempted;
          if (failedOn !== undefined) dataset.failedOn = failedOn;
          settle(dataset, trigger, signal.aborted ? cancelled(dataset) : asError(error));
        },
      );
    const under: Load = { controller, settled, progress: WAITING, isReading: how === 'load' };
    if (run !== undefined) under.run = run;
    dataset.load = under;
    announce(dataset, events);
  }

  function settle(dataset: Dataset, trigger: RunTrigger, error?: Error): void {
    const { load: ended, next } = dataset;
    delete dataset.load;
    delete dataset.next;
    if (error === undefined) {
      delete dataset.error;
      delete dataset.failedOn;
    } else dataset.error = error;
    announce(dataset, events);
    if (error !== undefined) {
      const run = ended?.run ?? runs.plan(dataset.source, { trigger });
      run.fail(isClosing() ? interrupted(dataset) : error);
    }
    onSettled(describeDataset(dataset), dataset.error);
    if (next === undefined) return;
    if (isClosing()) next.run.fail(interrupted(dataset));
    else start(dataset, howToRefresh(dataset), { trigger: next.run.run.trigger, ...next });
  }

  /** Answers with what is on disk; false where the source has to be read. Rejects where it cannot be looked at. */
  async function open(dataset: Dataset): Promise<boolean> {
    const { source, snapshots, damage } = dataset;
    const onDisk = await parts.reopen(source).catch(() => undefined);
    const [before] = snapshots;
    if (onDisk === undefined) return false;
    if (onDisk.manifest.id !== before?.manifest.id) {
      await keep(dataset, onDisk);
      onReopened(onDisk);
      // Another process that shares the cache was faster.
      if (before !== undefined) announceSnapshot(onDisk, events);
    } else if (damage !== undefined) return false;
    // A schedule says when it is looked at; a server that starts is no reason.
    if (isScheduled(source) && dataset.load?.run === undefined && damage === undefined) return true;
    const current = await fingerprintNow(source).catch((error: unknown) => {
      throw outOfDate(dataset, onDisk, error);
    });
    return fingerprintText(current) === fingerprintText(onDisk.manifest.source);
  }

  async function load(dataset: Dataset, { signal, run, force, copy }: LoadHow): Promise<void> {
    const { source } = dataset;
    let toldAt = -Infinity;
    const tell = (progress: Progress): void => {
      if (dataset.load === undefined) return;
      dataset.load.progress = progress;
      onProgress(source.name, progress);
      if (now() - toldAt < PROGRESS_EVERY_MS) return;
      toldAt = now();
      announce(dataset, events);
    };
    const isSound = dataset.damage === undefined && copy === undefined;
    const previous = isSound ? dataset.snapshots[0] : undefined;
    const work = (isSmall: boolean): Promise<Snapshot> => {
      run.start();
      const { timeoutMs = null, guards } = source.schedule ?? {};
      return parts.load(bind(source), {
        signal,
        previous,
        copy,
        isSmall,
        onProgress: tell,
        onLog: (line) => run.log(line),
        accept: (manifest) => {
          if (guards !== undefined && !force) checkGuards(guards, previous?.manifest, manifest);
        },
        ...(timeoutMs === null ? {} : { deadlineMs: timeoutMs }),
      });
    };
    // What is computed may be small, but its inputs are in memory as a whole.
    const last = source.sql === undefined ? previous : undefined;
    const snapshot = await lanes.run(last, work, signal);
    if (snapshot !== previous) {
      await warm(snapshot, AbortSignal.any([signal, AbortSignal.timeout(MAX_WARM_MS)]), previous);
    }
    const [damaged] = dataset.damage === undefined ? [] : dataset.snapshots;
    await keep(dataset, snapshot);
    // Its rows answer from here on, though the load is not at its end: nothing is out of date, and no failure counts.
    if (dataset.load !== undefined) dataset.load.isReading = false;
    delete dataset.error;
    if (snapshot !== previous) announceSnapshot(snapshot, events);
    const isOther = previous !== undefined && snapshot !== previous;
    run.done(snapshot, isOther ? changesBetween(previous.manifest, snapshot.manifest) : undefined);
    if (damaged !== undefined) await parts.remove(damaged).catch(() => undefined);
  }

  /** Makes a snapshot the one that answers; those that are kept beside it answer who names them. A damaged one answers nobody any more. */
  async function keep(dataset: Dataset, snapshot: Snapshot): Promise<void> {
    const { id } = snapshot.manifest;
    const onDisk = await parts.kept(dataset.source).catch(() => []);
    // A list without the newest is none to go by.
    const isSure = onDisk.some(({ manifest }) => manifest.id === id);
    const { damage, snapshots } = dataset;
    const lost = damage === undefined ? undefined : snapshots[0]?.manifest.id;
    const others = (isSure ? onDisk : snapshots).filter(
      ({ manifest }) => manifest.id !== id && manifest.id !== lost,
    );
    dataset.snapshots = [snapshot, ...others.slice(0, isSure ? MAX_KEPT : KEPT_SNAPSHOTS - 1)];
    delete dataset.damage;
  }

  async function fingerprintNow(source: DatasetSource): Promise<SourceFingerprint> {
    return parts.fingerprint(bind(source));
  }

  async function fingerprintOf({ source, snapshots }: Dataset): Promise<string | undefined> {
    // Inputs that have no rows yet: once they have some, that is news.
    const otherwise =
      source.sql?.over !== undefined && snapshots.length === 0 ? NO_INPUTS : undefined;
    return fingerprintNow(source).then(fingerprintText, () => otherwise);
  }

  return { start, fingerprint: fingerprintOf };
}

/** How a run that was asked for begins: what a look tells of is read only where it has changed. */
export function howToRefresh({ source, error }: Dataset): 'open' | 'load' {
  return isPulled(source) || error !== undefined ? 'load' : 'open';
}

/** Settles when a load is stopped. */
function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener('abort', () => resolve(), { once: true });
  });
}

function asError(error: unknown): Error {
  return error instanceof Error ? error : new Error(String(error));
}
