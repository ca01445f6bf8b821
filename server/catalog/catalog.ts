import { canonicalJson } from '../../protocol/canonical.js';
import type { DatasetInfo } from '../../protocol/dataset.js';
import { HalftoneError } from '../errors.js';
import type { DatasetSource } from '../loader/source.js';
import { nearest } from '../nearest.js';
import type { Snapshot } from '../snapshots/manifest.js';
import { announce } from './announce.js';
import { type Dataset, describeDataset } from './dataset.js';
import { createLoads, type LoadsOptions } from './loads.js';

/** The datasets of this server: what they are, how far they are loaded, which snapshot answers. */
export interface Catalog {
  list(): DatasetInfo[];
  /** One dataset; throws DATASET_UNKNOWN. */
  get(name: string): DatasetInfo;
  /** The snapshot that answers a query; throws what the asker has to know: unknown, loading, failed, gone. */
  snapshot(name: string, id?: string): Snapshot;
  /** Takes sources in and begins to load them, or opens what is on disk. Gives the names they got. */
  add(sources: readonly DatasetSource[]): string[];
  /** Takes in a source that was refused before it could be loaded, so that people see why. Gives the name it got. */
  addRefused(source: DatasetSource, error: Error): string;
  /** Loads a dataset anew, with other options where they are given; what is there goes on answering. */
  reload(name: string, change?: Partial<Pick<DatasetSource, 'csv' | 'strict'>>): void;
  /** Stops a load that is under way; tells whether there was one. */
  cancel(name: string): boolean;
  /** Called when the bytes of a snapshot turned out to be damaged: it is built anew. Gives what the asker is told. */
  rebuild(snapshot: Snapshot, damage: HalftoneError): HalftoneError;
  /** Looks at the files of every dataset and loads those anew that changed. */
  checkSources(): Promise<void>;
  /** Settles when no load is under way. */
  idle(): Promise<void>;
  /** Stops every load; the catalog takes no more. */
  close(): Promise<void>;
}

export type CatalogOptions = Pick<LoadsOptions, 'parts' | 'events' | 'now'> &
  Partial<Pick<LoadsOptions, 'loadsAtOnce' | 'onSettled' | 'onProgress'>>;

export function createCatalog({
  parts,
  events,
  now,
  loadsAtOnce = 1,
  onSettled = () => {},
  onProgress = () => {},
}: CatalogOptions): Catalog {
  const datasets = new Map<string, Dataset>();
  const loads = createLoads({ parts, events, now, loadsAtOnce, onSettled, onProgress });
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

  function start(dataset: Dataset, how: 'open' | 'load'): void {
    if (!closed) loads.start(dataset, how);
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
      if (snapshots.length > 0) throw gone(dataset, id!);
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
    reload(name, change = {}) {
      const dataset = find(name);
      if (dataset.load !== undefined) {
        throw new HalftoneError('DATASET_LOADING', `"${name}" is being loaded already.`, {
          hint: 'Cancel that load first.',
          progress: dataset.load.progress,
        });
      }
      dataset.source = { ...dataset.source, ...change };
      start(dataset, 'load');
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
        return gone(dataset, id);
      }
      if (dataset.damage === undefined && dataset.load === undefined) {
        dataset.damage = damage;
        start(dataset, 'open');
      }
      dataset.damage ??= damage;
      return dataset.load === undefined ? lost(dataset, damage) : rebuilding(dataset, damage);
    },
    async checkSources() {
      for (const dataset of datasets.values()) {
        if (dataset.load !== undefined) continue;
        const fingerprint = await loads.fingerprint(dataset);
        if (dataset.load === undefined && isNews(dataset, fingerprint)) start(dataset, 'open');
      }
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
      await Promise.all(pending.map(({ settled }) => settled));
    },
  };
}

/** Whether a dataset has to be opened again, now that its source is `fingerprint`; undefined where it cannot be seen. */
function isNews(dataset: Dataset, fingerprint: string | undefined): boolean {
  const { snapshots, error, failedOn, damage } = dataset;
  const [newest] = snapshots;
  // Without a snapshot only what was tried and failed is tried again, and not what a person stopped.
  if (newest === undefined) {
    const isStopped = error instanceof HalftoneError && error.code === 'LOAD_CANCELLED';
    return (
      failedOn !== undefined && fingerprint !== undefined && fingerprint !== failedOn && !isStopped
    );
  }
  // Told once, as the error that it leads to.
  if (fingerprint === undefined) return error === undefined;
  if (fingerprint === failedOn) return false;
  const isSame = fingerprint === canonicalJson(newest.manifest.source);
  return !isSame || damage !== undefined || error !== undefined;
}

function gone({ source, snapshots }: Dataset, id: string): HalftoneError {
  const [newest] = snapshots;
  return new HalftoneError('SNAPSHOT_GONE', `"${source.name}" has no snapshot "${id}" any more.`, {
    ...(newest === undefined ? {} : { hint: `Its newest is ${newest.manifest.id}.` }),
    field: 'snapshot',
  });
}

function rebuilding({ source, load }: Dataset, damage: HalftoneError): HalftoneError {
  return new HalftoneError(
    'DATASET_LOADING',
    `The cache of "${source.name}" was damaged and is being built anew.`,
    { hint: 'Ask again in a moment.', progress: load?.progress, cause: damage },
  );
}

/** What is damaged stays so, because the source cannot be read. */
function lost({ error }: Dataset, damage: HalftoneError): HalftoneError {
  return new HalftoneError(
    'CACHE_DAMAGED',
    `${damage.message} It cannot be built anew: ${error?.message ?? 'the server is being stopped.'}`,
    { ...damage.details, hint: 'It is loaded again once its source is there.', cause: damage },
  );
}
