import { canonicalJson } from '../../protocol/canonical.js';
import type { DatasetInfo } from '../../protocol/dataset.js';
import type { Progress } from '../../protocol/progress.js';
import { HalftoneError } from '../errors.js';
import type { EventHub } from '../events/hub.js';
import type { DatasetSource } from '../loader/source.js';
import type { Snapshot } from '../snapshots/manifest.js';
import { type Dataset, describeDataset } from './dataset.js';
import { createGate } from './gate.js';
import { nearest } from '../nearest.js';
import type { CatalogParts } from './parts.js';

/** Old snapshots that still answer those who named them, beside the newest. */
const KEPT_SNAPSHOTS = 2;
/** Progress is told at most so often. */
const PROGRESS_EVERY_MS = 200;

/** The datasets of this server: what they are, how far they are loaded, which snapshot answers. */
export interface Catalog {
  list(): DatasetInfo[];
  /** One dataset; throws DATASET_UNKNOWN. */
  get(name: string): DatasetInfo;
  /** The snapshot that answers a query; throws what the asker has to know: unknown, loading, failed, gone. */
  snapshot(name: string, id?: string): Snapshot;
  /** Takes sources in and begins to load them, or opens what is on disk. Gives the names they got. */
  add(sources: readonly DatasetSource[]): string[];
  /** Takes in a source that was refused before it could be loaded, so that people see why. */
  addRefused(name: string, source: DatasetSource, error: Error): void;
  /** Loads a dataset anew, with other options where they are given; what is there goes on answering. */
  reload(name: string, change?: Partial<Pick<DatasetSource, 'csv' | 'strict'>>): void;
  /** Stops a load that is under way; tells whether there was one. */
  cancel(name: string): boolean;
  /** Called when the bytes of a snapshot turned out to be damaged: it is built anew. */
  rebuild(snapshot: Snapshot): void;
  /** Looks at the files of every dataset and loads those anew that changed. */
  checkSources(): Promise<void>;
  /** Settles when no load is under way. */
  idle(): Promise<void>;
  /** Stops every load; the catalog takes no more. */
  close(): Promise<void>;
}

export interface CatalogOptions {
  parts: CatalogParts;
  events: Pick<EventHub, 'publish'>;
  /** Milliseconds. */
  now: () => number;
  /** Loads that run at the same time. */
  loadsAtOnce?: number;
  /** Told when a load ended, for the terminal and the log. */
  onSettled?: (info: DatasetInfo, error?: Error) => void;
  onProgress?: (name: string, progress: Progress) => void;
}

export function createCatalog({
  parts,
  events,
  now,
  loadsAtOnce = 1,
  onSettled = () => {},
  onProgress = () => {},
}: CatalogOptions): Catalog {
  const datasets = new Map<string, Dataset>();
  const gate = createGate(loadsAtOnce);
  let closed = false;

  function find(name: string): Dataset {
    const dataset = datasets.get(name);
    if (dataset !== undefined) return dataset;
    const near = nearest(name, datasets.keys());
    throw new HalftoneError('DATASET_UNKNOWN', `There is no dataset named "${name}".`, {
      hint: near === undefined ? 'GET api/v1/datasets lists them.' : `Did you mean "${near}"?`,
      field: 'dataset',
    });
  }

  /** Runs one load to its end; whatever happens is written into the dataset and never thrown. */
  async function runLoad(dataset: Dataset, reopenFirst: boolean, controller: AbortController) {
    const { source } = dataset;
    const { signal } = controller;
    const onDisk = reopenFirst ? await parts.reopen(source).catch(() => undefined) : undefined;
    if (onDisk !== undefined) {
      keep(dataset, onDisk);
      const current = await fingerprintOf(source);
      // A source that cannot be looked at any more still has its rows on disk.
      if (current === undefined || current === canonicalJson(onDisk.manifest.source)) return;
      announce(dataset);
    }
    let toldAt = -Infinity;
    const snapshot = await gate.run(
      () =>
        parts.load(source, {
          signal,
          onProgress(progress) {
            if (dataset.load === undefined) return;
            dataset.load.progress = progress;
            onProgress(source.name, progress);
            if (now() - toldAt < PROGRESS_EVERY_MS) return;
            toldAt = now();
            announce(dataset);
          },
        }),
      signal,
    );
    keep(dataset, snapshot);
    const { id, sequence, rows } = snapshot.manifest;
    events.publish({
      name: 'snapshot',
      data: { dataset: source.name, snapshot: id, sequence, rows },
    });
  }

  function startLoad(dataset: Dataset, reopenFirst: boolean): void {
    if (closed) return;
    const controller = new AbortController();
    const settle = (error?: unknown) => {
      delete dataset.load;
      if (error === undefined) {
        delete dataset.error;
        delete dataset.failedOn;
      } else {
        dataset.error = controller.signal.aborted ? cancelled(dataset) : asError(error);
      }
      announce(dataset);
      onSettled(describeDataset(dataset), dataset.error);
    };
    // Begun in the next turn, so that `load` is in place before anything can settle.
    const settled = Promise.resolve()
      .then(() => runLoad(dataset, reopenFirst, controller))
      .then(
        () => settle(),
        async (error: unknown) => {
          const fingerprint = await fingerprintOf(dataset.source);
          if (fingerprint !== undefined) dataset.failedOn = fingerprint;
          settle(error);
        },
      );
    dataset.load = { controller, settled, progress: WAITING };
    announce(dataset);
  }

  async function fingerprintOf(source: DatasetSource): Promise<string | undefined> {
    return parts.fingerprint(source).then(canonicalJson, () => undefined);
  }

  function keep(dataset: Dataset, snapshot: Snapshot): void {
    const others = dataset.snapshots.filter(({ manifest }) => manifest.id !== snapshot.manifest.id);
    dataset.snapshots = [snapshot, ...others].slice(0, KEPT_SNAPSHOTS);
  }

  function announce(dataset: Dataset): void {
    const { name, status, snapshot, rows, progress, problem, stale } = describeDataset(dataset);
    events.publish({
      name: 'dataset',
      data: {
        dataset: name,
        status,
        snapshot,
        rows,
        ...(stale === undefined ? {} : { stale }),
        ...(progress === undefined ? {} : { progress }),
        ...(problem === undefined ? {} : { problem }),
      },
    });
  }

  function freeName(name: string): string {
    let free = name;
    for (let n = 2; datasets.has(free); n++) free = `${name}-${n}`;
    return free;
  }

  return {
    list: () => [...datasets.values()].map(describeDataset),
    get: (name) => describeDataset(find(name)),
    snapshot(name, id) {
      const dataset = find(name);
      const { snapshots, load, error } = dataset;
      const found =
        id === undefined ? snapshots[0] : snapshots.find(({ manifest }) => manifest.id === id);
      if (found !== undefined) return found;
      if (snapshots.length > 0) {
        throw new HalftoneError('SNAPSHOT_GONE', `"${name}" has no snapshot "${id}" any more.`, {
          hint: `Its newest is ${snapshots[0]!.manifest.id}.`,
          field: 'snapshot',
        });
      }
      if (load === undefined)
        throw error ?? new Error(`"${name}" has neither a snapshot nor an error.`);
      throw new HalftoneError('DATASET_LOADING', `"${name}" is still being loaded.`, {
        hint: 'Ask again in a moment, or follow api/v1/events.',
        progress: load.progress,
      });
    },
    add(sources) {
      return sources.map((source) => {
        const name = freeName(source.name);
        const dataset: Dataset = { source: { ...source, name }, snapshots: [] };
        datasets.set(name, dataset);
        startLoad(dataset, true);
        return name;
      });
    },
    addRefused(name, source, error) {
      const free = freeName(name);
      const dataset: Dataset = { source: { ...source, name: free }, snapshots: [], error };
      datasets.set(free, dataset);
      announce(dataset);
      onSettled(describeDataset(dataset), error);
    },
    reload(name, change = {}) {
      const dataset = find(name);
      if (dataset.load !== undefined) {
        throw new HalftoneError('DATASET_LOADING', `"${name}" is being loaded already.`, {
          hint: 'Cancel that load first.',
          progress: dataset.load.progress,
        });
      }
      dataset.source = { ...dataset.source, ...change };
      startLoad(dataset, false);
    },
    cancel(name) {
      const { load } = find(name);
      load?.controller.abort();
      return load !== undefined;
    },
    rebuild(snapshot) {
      const dataset = datasets.get(snapshot.manifest.dataset);
      if (dataset === undefined || dataset.load !== undefined) return;
      if (dataset.snapshots[0]?.manifest.id !== snapshot.manifest.id) return;
      startLoad(dataset, false);
    },
    async checkSources() {
      for (const dataset of datasets.values()) {
        if (dataset.load !== undefined || dataset.snapshots.length === 0) continue;
        const fingerprint = await fingerprintOf(dataset.source);
        const known = canonicalJson(dataset.snapshots[0]!.manifest.source);
        const isNews = fingerprint !== known && fingerprint !== dataset.failedOn;
        if (fingerprint === undefined || !isNews || dataset.load !== undefined) continue;
        startLoad(dataset, false);
      }
    },
    async idle() {
      for (;;) {
        const loads = [...datasets.values()].flatMap(({ load }) => load?.settled ?? []);
        if (loads.length === 0) return;
        await Promise.all(loads);
      }
    },
    async close() {
      closed = true;
      const loads = [...datasets.values()].flatMap(({ load }) => load ?? []);
      for (const { controller } of loads) controller.abort();
      await Promise.all(loads.map(({ settled }) => settled));
    },
  };
}

const WAITING: Progress = { stage: 'waiting', fraction: null, rows: 0, bytes: 0, rowsPerSecond: 0 };

function cancelled({ source }: Dataset): HalftoneError {
  return new HalftoneError('LOAD_CANCELLED', `Loading "${source.name}" was cancelled.`, {
    hint: 'Load it again when you like.',
  });
}

function asError(error: unknown): Error {
  return error instanceof Error ? error : new Error(String(error));
}
