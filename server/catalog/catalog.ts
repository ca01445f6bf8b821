import type { DatasetInfo } from '../../protocol/dataset.js';
import type { Run, RunTrigger } from '../../protocol/run.js';
import type { HalftoneError } from '../errors.js';
import { createRuns, type RunPlan, type Runs } from '../jobs/runs.js';
import { isPulled, isScheduled, type DatasetSource } from '../loader/source.js';
import type { Snapshot } from '../snapshots/manifest.js';
import { announce } from './announce.js';
import { createInstances } from './instances.js';
import { bindInputs } from './bind-inputs.js';
import { type Dataset, describeDataset, isNews } from './dataset.js';
import { createSettling, type Changed } from './settling.js';
import type { LoadCause } from './load-cause.js';
import { createLoads, howToRefresh, type LoadsOptions } from './loads.js';
import {
  alreadyLoading,
  cancelled,
  gone,
  isBusy,
  lost,
  rebuilding,
  stillLoading,
  unknown,
} from './refusals.js';

/** A load that is asked for. */
export interface RefreshRequest extends RunPlan {
  /** What becomes of it while another load is under way; a person's joins that. */
  overlap?: 'join' | 'skip' | 'queue' | 'replace';
  /** Takes the new version even where a guard speaks against it. */
  force?: boolean;
}

/** The datasets of this server: what they are, how far they are loaded, which snapshot answers. */
export interface Catalog {
  list(): DatasetInfo[];
  /** One dataset, as one of its snapshots has it where that is named; throws DATASET_UNKNOWN, and what `snapshot` throws. */
  get(name: string, snapshot?: string): DatasetInfo;
  /** What a dataset is loaded from; throws DATASET_UNKNOWN. */
  source(name: string): DatasetSource;
  /** What every dataset is loaded from. */
  sources(): DatasetSource[];
  /** The same with the snapshots that it is computed from, if it is; throws where there are none. */
  boundSource(name: string): DatasetSource;
  /** The snapshot that answers a query; throws what the asker has to know: unknown, loading, failed, gone. */
  snapshot(name: string, id?: string): Snapshot;
  /** All that answer, newest first; throws DATASET_UNKNOWN. */
  snapshots(name: string): readonly Snapshot[];
  /** Takes sources in and begins to load them, or opens what is on disk. Gives the names they got. */
  add(sources: readonly DatasetSource[]): string[];
  /** Takes in a source that was refused before it could be loaded, so that people see why. Gives the name it got. */
  addRefused(source: DatasetSource, error: Error): string;
  /** Gives a dataset another source under its name, and loads it; what is there goes on answering meanwhile. */
  replace(source: DatasetSource, trigger?: RunTrigger): void;
  /** Takes a dataset away, and stops its load. Its snapshots stay on disk. */
  remove(name: string): void;
  /** Loads a dataset anew, with other options where they are given; what is there goes on answering. */
  reload(name: string, change?: Partial<Pick<DatasetSource, 'csv' | 'strict'>>): void;
  /**
   * Looks at the source of a dataset, and loads it anew where it changed. Settles when that is done; who asks while a load is under
   * way waits for that one. Rejects with what went wrong: what was there before goes on answering.
   */
  revalidate(name: string): Promise<void>;
  /** Begins or plans a run, or joins the one that is under way. Gives its record, which may say that it was skipped. */
  refresh(name: string, request: RefreshRequest): Run;
  /** Stops a load that is under way; tells whether there was one. */
  cancel(name: string): boolean;
  /** Stops the run of this id, if it is open; settles when it has ended. */
  cancelRun(id: string): Promise<void>;
  /** Called when the bytes of a snapshot turned out to be damaged: it is built anew. Gives what the asker is told. */
  rebuild(snapshot: Snapshot, damage: HalftoneError): HalftoneError;
  /**
   * Looks at the files of every dataset and loads those anew that changed. Who asks meanwhile joins: looks at a disk that
   * does not answer would pile up, and take the threads that everything else on a disk needs.
   */
  checkSources(): Promise<void>;
  /** Settles when no load is under way. */
  idle(): Promise<void>;
  /** Stops every load; the catalog takes no more. */
  close(): Promise<void>;
}

export type CatalogOptions = Pick<LoadsOptions, 'parts' | 'events' | 'now'> &
  Partial<
    Pick<
      LoadsOptions,
      'loadsAtOnce' | 'isClosing' | 'onSettled' | 'onProgress' | 'onReopened' | 'warm'
    >
  > & {
    /** Whether the files of a dataset are looked at by `checkSources`. */
    isWatched?: (name: string) => boolean;
    /** How long changed files have to stay as they are before they are read, in milliseconds; default 500. */
    settleMs?: number;
    /** The records of loads; absent, they are kept in memory. */
    runs?: Runs;
    /** Bytes of snapshots that combinations of parameters may take on the disk. */
    parameterBytes?: number;
  };

const SETTLE_MS = 500;

export function createCatalog({
  parts,
  events,
  now,
  runs = createRuns({ events, clock: Date.now }),
  loadsAtOnce = 1,
  isClosing = () => false,
  onSettled = () => {},
  onProgress = () => {},
  onReopened = () => {},
  warm = async () => {},
  isWatched = () => true,
  settleMs = SETTLE_MS,
  parameterBytes,
}: CatalogOptions): Catalog {
  const datasets = new Map<string, Dataset>();
  const loads = createLoads({
    bind,
    inputsSettled,
    parts,
    events,
    runs,
    isClosing: () => closed || isClosing(),
    now,
    loadsAtOnce,
    onSettled,
    onProgress,
    onReopened,
    warm,
  });
  const instances = createInstances({
    datasets,
    start: (dataset) => start(dataset, 'open', { trigger: 'start' }),
    discard: (snapshot) => parts.remove(snapshot),
    onRemoved: announceRemoval,
    now,
    ...(parameterBytes === undefined ? {} : { maxBytes: parameterBytes }),
  });
  /** Loads of datasets that were taken away, until they have ended. */
  const leaving = new Set<Promise<void>>();
  let closed = false;
  let checking: Promise<void> | undefined;

  function find(name: string): Dataset {
    const dataset = instances.find(name) ?? datasets.get(name);
    if (dataset !== undefined) return dataset;
    throw unknown(name, datasets.keys());
  }

  function start(dataset: Dataset, how: 'open' | 'load', cause: LoadCause): void {
    if (!closed) loads.start(dataset, how, cause);
  }

  function refresh(dataset: Dataset, request: RefreshRequest): Run {
    const { overlap = 'join', force = false, ...plan } = request;
    const { source, load, next } = dataset;
    if (load === undefined) {
      const run = runs.plan(source, plan);
      start(dataset, force ? 'load' : howToRefresh(dataset), { ...plan, run, force });
      return run.run;
    }
    if (load.run === undefined && overlap !== 'replace') {
      // The disk is still being looked at.
      load.run = runs.plan(source, plan);
      load.mustRead = howToRefresh(dataset) === 'load';
      return load.run.run;
    }
    const joined = next?.run ?? load.run;
    if (overlap === 'join' && joined !== undefined && !force) return joined.run;
    if (overlap === 'skip' || (overlap === 'queue' && next !== undefined)) {
      return runs.skip(source, plan, isBusy(dataset));
    }
    next?.run.fail(cancelled(dataset));
    const run = runs.plan(source, plan);
    dataset.next = { run, force };
    if (overlap === 'replace') load.controller.abort();
    return run.run;
  }

  function unplan(dataset: Dataset): void {
    dataset.next?.run.fail(cancelled(dataset));
    delete dataset.next;
  }

  function bind(source: DatasetSource): DatasetSource {
    return bindInputs(source, (name) => datasets.get(name)?.snapshots[0]);
  }

  /** Settles when the datasets that a source is computed from are not being loaded any more. */
  async function inputsSettled({ sql }: DatasetSource): Promise<void> {
    await Promise.all((sql?.over ?? []).flatMap((name) => datasets.get(name)?.load?.settled ?? []));
  }

  const atRest = createSettling({ settleMs, look: (dataset) => loads.fingerprint(dataset) });

  async function check(): Promise<void> {
    const changed: Changed[] = [];
    for (const dataset of datasets.values()) {
      const { load, source } = dataset;
      if (load !== undefined || isScheduled(source) || !isWatched(source.name)) continue;
      const fingerprint = await loads.fingerprint(dataset);
      if (dataset.load !== undefined || !isNews(dataset, fingerprint)) continue;
      // Nobody looks at it: it is computed when somebody does.
      if (instances.isIdle(dataset)) instances.remove(dataset.source.name);
      else if (fingerprint !== undefined && source.files.length > 0)
        changed.push({ dataset, fingerprint });
      else start(dataset, 'open', { trigger: 'change' });
    }
    for (const dataset of await atRest(changed)) {
      const isThere = datasets.get(dataset.source.name) === dataset;
      if (isThere && dataset.load === undefined) start(dataset, 'open', { trigger: 'change' });
    }
  }

  function announceRemoval(name: string): void {
    events.publish({ name: 'dataset', data: { dataset: name, status: 'removed' } });
  }

  function freeName(name: string): string {
    let free = name;
    for (let n = 2; datasets.has(free); n++) free = `${name}-${n}`;
    return free;
  }

  function snapshotOf(name: string, id?: string): Snapshot {
    const dataset = find(name);
    const { snapshots, load, error } = dataset;
    const found =
      id === undefined ? snapshots[0] : snapshots.find(({ manifest }) => manifest.id === id);
    if (found !== undefined) return found;
    if (snapshots.length > 0) throw gone(dataset, id!);
    if (load === undefined)
      throw error ?? new Error(`"${name}" has neither a snapshot nor an error.`);
    throw stillLoading(dataset);
  }

  return {
    list: () => [...datasets.values()].map((dataset) => describeDataset(dataset)),
    get: (name, id) =>
      describeDataset(find(name), id === undefined ? undefined : snapshotOf(name, id)),
    source: (name) => find(name).source,
    sources: () => [...datasets.values()].map(({ source }) => source),
    boundSource: (name) => bind(find(name).source),
    snapshot: snapshotOf,
    snapshots: (name) => find(name).snapshots,
    add(sources) {
      return sources.map((source) => {
        const name = freeName(source.name);
        const dataset: Dataset = { source: { ...source, name }, snapshots: [] };
        datasets.set(name, dataset);
        runs.adopt(dataset.source);
        start(dataset, 'open', { trigger: 'start' });
        return name;
      });
    },
    addRefused(source, error) {
      const name = freeName(source.name);
      const dataset: Dataset = { source: { ...source, name }, snapshots: [], error };
      datasets.set(name, dataset);
      announce(dataset, events);
      onSettled(describeDataset(dataset), error);
      return name;
    },
    replace(source, trigger = 'config') {
      const dataset = find(source.name);
      dataset.source = source;
      instances.drop(source.name);
      const { load } = dataset;
      if (load === undefined) {
        start(dataset, 'open', { trigger });
        return;
      }
      load.controller.abort();
      void load.settled.then(() => {
        if (datasets.get(source.name) === dataset && dataset.load === undefined) {
          start(dataset, 'open', { trigger });
        }
      });
    },
    remove(name) {
      const dataset = find(name);
      const { load } = dataset;
      unplan(dataset);
      datasets.delete(name);
      if (load !== undefined) {
        load.controller.abort();
        leaving.add(load.settled);
        void load.settled.finally(() => leaving.delete(load.settled));
      }
      instances.drop(name);
      announceRemoval(name);
    },
    reload(name, change = {}) {
      const dataset = find(name);
      if (dataset.load !== undefined) throw alreadyLoading(dataset);
      dataset.source = { ...dataset.source, ...change };
      start(dataset, 'load', { trigger: 'manual' });
    },
    async revalidate(name) {
      const dataset = find(name);
      const { load, source } = dataset;
      // A look tells nothing of a pulled source, and where there is a schedule the disk is not compared with it.
      if (load === undefined && (isPulled(source) || isScheduled(source)))
        refresh(dataset, { trigger: 'change' });
      else if (load === undefined) start(dataset, 'open', { trigger: 'change' });
      await dataset.load?.settled;
      if (dataset.error !== undefined) throw dataset.error;
    },
    refresh: (name, request) => refresh(find(name), request),
    cancel(name) {
      const { load } = find(name);
      load?.controller.abort();
      return load !== undefined;
    },
    async cancelRun(id) {
      for (const dataset of datasets.values()) {
        const { load, next } = dataset;
        if (next?.run.id === id) unplan(dataset);
        const isOne = [load?.run?.id, load?.restoring?.id].includes(id);
        if (load === undefined || !isOne) continue;
        load.controller.abort();
        await load.settled;
      }
    },
    rebuild(snapshot, damage) {
      const { dataset: name, id } = snapshot.manifest;
      const dataset = datasets.get(name);
      if (dataset === undefined) return damage;
      const isNewest = dataset.snapshots[0]?.manifest.id === id;
      if (!isNewest) {
        dataset.snapshots = dataset.snapshots.filter(({ manifest }) => manifest.id !== id);
        // Who asked for the newest gets the new one next time; who named this one hears that it is gone.
        return rebuilding(dataset, damage);
      }
      if (dataset.damage === undefined && dataset.load === undefined) {
        dataset.damage = damage;
        start(dataset, 'open', { trigger: 'change' });
      }
      dataset.damage ??= damage;
      return dataset.load === undefined ? lost(dataset, damage) : rebuilding(dataset, damage);
    },
    checkSources() {
      checking ??= check().finally(() => (checking = undefined));
      return checking;
    },
    async idle() {
      for (;;) {
        const pending = [...datasets.values()].flatMap(({ load }) => load?.settled ?? []);
        if (pending.length === 0) return;
        await Promise.all(pending);
      }
    },
    async close() {
      closed = true;
      const pending = [...datasets.values()].flatMap(({ load }) => load ?? []);
      for (const { controller } of pending) controller.abort();
      await Promise.all([...leaving, ...pending.map(({ settled }) => settled)]);
    },
  };
}
