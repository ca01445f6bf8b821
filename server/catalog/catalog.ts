import type { DatasetInfo } from '../../protocol/dataset.js';
import type { HalftoneError } from '../errors.js';
import type { DatasetSource } from '../loader/source.js';
import type { Snapshot } from '../snapshots/manifest.js';
import { announce } from './announce.js';
import { type Dataset, describeDataset, isNews } from './dataset.js';
import { createLoads, type LoadsOptions } from './loads.js';
import { alreadyLoading, gone, lost, rebuilding, stillLoading, unknown } from './refusals.js';

/** The datasets of this server: what they are, how far they are loaded, which snapshot answers. */
export interface Catalog {
  list(): DatasetInfo[];
  /** One dataset; throws DATASET_UNKNOWN. */
  get(name: string): DatasetInfo;
  /** What a dataset is loaded from; throws DATASET_UNKNOWN. */
  source(name: string): DatasetSource;
  /** The snapshot that answers a query; throws what the asker has to know: unknown, loading, failed, gone. */
  snapshot(name: string, id?: string): Snapshot;
  /** Takes sources in and begins to load them, or opens what is on disk. Gives the names they got. */
  add(sources: readonly DatasetSource[]): string[];
  /** Takes in a source that was refused before it could be loaded, so that people see why. Gives the name it got. */
  addRefused(source: DatasetSource, error: Error): string;
  /** Gives a dataset another source under its name, and loads it; what is there goes on answering meanwhile. */
  replace(source: DatasetSource): void;
  /** Takes a dataset away, and stops its load. Its snapshots stay on disk. */
  remove(name: string): void;
  /** Loads a dataset anew, with other options where they are given; what is there goes on answering. */
  reload(name: string, change?: Partial<Pick<DatasetSource, 'csv' | 'strict'>>): void;
  /**
   * Looks at the source of a dataset, and loads it anew where it changed. Settles when that is done; who asks while a load is under
   * way waits for that one. Rejects with what went wrong: what was there before goes on answering.
   */
  revalidate(name: string): Promise<void>;
  /** Stops a load that is under way; tells whether there was one. */
  cancel(name: string): boolean;
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
    Pick<LoadsOptions, 'loadsAtOnce' | 'onSettled' | 'onProgress' | 'onReopened' | 'warm'>
  > & {
    /** Whether the files of a dataset are looked at by `checkSources`. */
    isWatched?: (name: string) => boolean;
  };

export function createCatalog({
  parts,
  events,
  now,
  loadsAtOnce = 1,
  onSettled = () => {},
  onProgress = () => {},
  onReopened = () => {},
  warm = async () => {},
  isWatched = () => true,
}: CatalogOptions): Catalog {
  const datasets = new Map<string, Dataset>();
  const loads = createLoads({
    parts,
    events,
    now,
    loadsAtOnce,
    onSettled,
    onProgress,
    onReopened,
    warm,
  });
  /** Loads of datasets that were taken away, until they have ended. */
  const leaving = new Set<Promise<void>>();
  let closed = false;
  let checking: Promise<void> | undefined;

  function find(name: string): Dataset {
    const dataset = datasets.get(name);
    if (dataset !== undefined) return dataset;
    throw unknown(name, datasets.keys());
  }

  function start(dataset: Dataset, how: 'open' | 'load'): void {
    if (!closed) loads.start(dataset, how);
  }

  async function check(): Promise<void> {
    for (const dataset of datasets.values()) {
      if (dataset.load !== undefined || !isWatched(dataset.source.name)) continue;
      const fingerprint = await loads.fingerprint(dataset);
      if (dataset.load === undefined && isNews(dataset, fingerprint)) start(dataset, 'open');
    }
  }

  function freeName(name: string): string {
    let free = name;
    for (let n = 2; datasets.has(free); n++) free = `${name}-${n}`;
    return free;
  }

  return {
    list: () => [...datasets.values()].map(describeDataset),
    get: (name) => describeDataset(find(name)),
    source: (name) => find(name).source,
    snapshot(name, id) {
      const dataset = find(name);
      const { snapshots, load, error } = dataset;
      const found =
        id === undefined ? snapshots[0] : snapshots.find(({ manifest }) => manifest.id === id);
      if (found !== undefined) return found;
      if (snapshots.length > 0) throw gone(dataset, id!);
      if (load === undefined)
        throw error ?? new Error(`"${name}" has neither a snapshot nor an error.`);
      throw stillLoading(dataset);
    },
    add(sources) {
      return sources.map((source) => {
        const name = freeName(source.name);
        const dataset: Dataset = { source: { ...source, name }, snapshots: [] };
        datasets.set(name, dataset);
        start(dataset, 'open');
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
    replace(source) {
      const dataset = find(source.name);
      dataset.source = source;
      const { load } = dataset;
      if (load === undefined) {
        start(dataset, 'open');
        return;
      }
      load.controller.abort();
      void load.settled.then(() => {
        if (datasets.get(source.name) === dataset && dataset.load === undefined) {
          start(dataset, 'open');
        }
      });
    },
    remove(name) {
      const { load } = find(name);
      datasets.delete(name);
      if (load !== undefined) {
        load.controller.abort();
        leaving.add(load.settled);
        void load.settled.finally(() => leaving.delete(load.settled));
      }
      events.publish({ name: 'dataset', data: { dataset: name, status: 'removed' } });
    },
    reload(name, change = {}) {
      const dataset = find(name);
      if (dataset.load !== undefined) throw alreadyLoading(dataset);
      dataset.source = { ...dataset.source, ...change };
      start(dataset, 'load');
    },
    async revalidate(name) {
      const dataset = find(name);
      if (dataset.load === undefined) start(dataset, 'open');
      await dataset.load?.settled;
      if (dataset.error !== undefined) throw dataset.error;
    },
    cancel(name) {
      const { load } = find(name);
      load?.controller.abort();
      return load !== undefined;
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
        start(dataset, 'open');
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
