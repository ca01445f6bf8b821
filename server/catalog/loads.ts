import { canonicalJson } from '../../protocol/canonical.js';
import type { DatasetInfo } from '../../protocol/dataset.js';
import type { Progress } from '../../protocol/progress.js';
import type { EventHub } from '../events/hub.js';
import type { Snapshot } from '../snapshots/manifest.js';
import { announce, announceSnapshot } from './announce.js';
import { type Dataset, describeDataset } from './dataset.js';
import { createGate } from './gate.js';
import type { CatalogParts } from './parts.js';
import { cancelled, outOfDate } from './refusals.js';

/** Old snapshots that still answer those who named them, beside the newest. */
const KEPT_SNAPSHOTS = 2;
/** Progress is told at most so often. */
const PROGRESS_EVERY_MS = 200;

/** A new snapshot is not held back for longer than this. */
const MAX_WARM_MS = 30_000;

const WAITING: Progress = { stage: 'waiting', fraction: null, rows: 0, bytes: 0, rowsPerSecond: 0 };

/** The loads of datasets: one at a time for each, a few at a time for all. */
export interface Loads {
  /**
   * Begins a load of a dataset that has none under way. `open` looks on the disk first, and loads only what differs
   * from the source; `load` always reads the source.
   */
  start(dataset: Dataset, how: 'open' | 'load'): void;
  /** What the source is made of now, in canonical JSON; undefined where it cannot be looked at. */
  fingerprint(dataset: Dataset): Promise<string | undefined>;
}

export interface LoadsOptions {
  parts: CatalogParts;
  events: Pick<EventHub, 'publish'>;
  /** Milliseconds. */
  now: () => number;
  /** Loads that run at the same time. */
  loadsAtOnce: number;
  /** Told when a load ended, for the terminal and the log. */
  onSettled: (info: DatasetInfo, error?: Error) => void;
  onProgress: (name: string, progress: Progress) => void;
  /** Told of a snapshot that an earlier run or another process has written. */
  onReopened: (snapshot: Snapshot) => void;
  /** Given a new snapshot before it answers; what it does is waited for. */
  warm: (snapshot: Snapshot, signal: AbortSignal) => Promise<void>;
}

export function createLoads({
  parts,
  events,
  now,
  loadsAtOnce,
  onSettled,
  onProgress,
  onReopened,
  warm,
}: LoadsOptions): Loads {
  const gate = createGate(loadsAtOnce);

  function start(dataset: Dataset, how: 'open' | 'load'): void {
    const controller = new AbortController();
    const { signal } = controller;
    let attempted: string | undefined;
    // Begun in the next turn, so that `load` is in place before anything can settle.
    const settled = Promise.resolve()
      .then(async () => {
        if (how === 'open' && (await open(dataset))) return;
        if (dataset.load !== undefined) dataset.load.isReading = true;
        if (how === 'open' && dataset.snapshots.length > 0) announce(dataset, events);
        attempted = await fingerprintOf(dataset);
        await load(dataset, signal);
      })
      .then(
        () => settle(dataset, undefined),
        async (error: unknown) => {
          // A file that changed under its load is tried again; one whose load was stopped is not.
          const failedOn = signal.aborted ? await fingerprintOf(dataset) : attempted;
          if (failedOn !== undefined) dataset.failedOn = failedOn;
          settle(dataset, signal.aborted ? cancelled(dataset) : asError(error));
        },
      );
    dataset.load = { controller, settled, progress: WAITING, isReading: how === 'load' };
    announce(dataset, events);
  }

  function settle(dataset: Dataset, error: Error | undefined): void {
    delete dataset.load;
    if (error === undefined) {
      delete dataset.error;
      delete dataset.failedOn;
    } else dataset.error = error;
    announce(dataset, events);
    onSettled(describeDataset(dataset), dataset.error);
  }

  /** Answers with what is on disk; false where the source has to be read. Rejects where it cannot be looked at. */
  async function open(dataset: Dataset): Promise<boolean> {
    const { source, snapshots, damage } = dataset;
    const onDisk = await parts.reopen(source).catch(() => undefined);
    const [before] = snapshots;
    if (onDisk === undefined) return false;
    if (onDisk.manifest.id !== before?.manifest.id) {
      keep(dataset, onDisk);
      onReopened(onDisk);
      // Another process that shares the cache was faster.
      if (before !== undefined) announceSnapshot(onDisk, events);
    } else if (damage !== undefined) return false;
    const current = await parts.fingerprint(source).catch((error: unknown) => {
      throw outOfDate(dataset, onDisk, error);
    });
    return canonicalJson(current) === canonicalJson(onDisk.manifest.source);
  }

  async function load(dataset: Dataset, signal: AbortSignal): Promise<void> {
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
    const previous = dataset.damage === undefined ? dataset.snapshots[0] : undefined;
    const snapshot = await gate.run(
      () => parts.load(source, { signal, previous, onProgress: tell }),
      signal,
    );
    if (snapshot !== previous) {
      await warm(snapshot, AbortSignal.any([signal, AbortSignal.timeout(MAX_WARM_MS)]));
    }
    const [damaged] = dataset.damage === undefined ? [] : dataset.snapshots;
    keep(dataset, snapshot);
    // Its rows answer from here on, though the load is not at its end: nothing is out of date, and no failure counts.
    if (dataset.load !== undefined) dataset.load.isReading = false;
    delete dataset.error;
    if (snapshot !== previous) announceSnapshot(snapshot, events);
    if (damaged !== undefined) await parts.remove(damaged).catch(() => undefined);
  }

  /** Makes a snapshot the one that answers. A damaged one answers nobody any more. */
  function keep(dataset: Dataset, snapshot: Snapshot): void {
    const { damage, snapshots } = dataset;
    const sound = damage === undefined ? snapshots : snapshots.slice(1);
    const others = sound.filter(({ manifest }) => manifest.id !== snapshot.manifest.id);
    dataset.snapshots = [snapshot, ...others].slice(0, KEPT_SNAPSHOTS);
    delete dataset.damage;
  }

  async function fingerprintOf({ source }: Dataset): Promise<string | undefined> {
    return parts.fingerprint(source).then(canonicalJson, () => undefined);
  }

  return { start, fingerprint: fingerprintOf };
}

function asError(error: unknown): Error {
  return error instanceof Error ? error : new Error(String(error));
}
