import { HalftoneError } from '../errors.js';
import type { Snapshot } from '../snapshots/manifest.js';
import type { Dataset } from './dataset.js';
import { splitName } from '../../protocol/parameter-names.js';
import { instanceSource } from './instance-source.js';

/** Datasets that are computed with parameters, one for each combination that was asked for. */
export interface Instances {
  /** The dataset that a name with parameters means, begun where it is new; undefined for other names. Throws what is wrong with them. */
  find(name: string): Dataset | undefined;
  /** Tells whether a dataset is one, and was not asked for in a while: it is not worth computing anew. */
  isIdle(dataset: Dataset): boolean;
  /** Takes away all that were made of a dataset, which changes or goes. */
  drop(base: string): void;
  /** Takes one away, with its snapshots. */
  remove(name: string): void;
}

export interface InstancesOptions {
  datasets: Map<string, Dataset>;
  start: (dataset: Dataset) => void;
  /** Deletes a snapshot from the disk. */
  discard: (snapshot: Snapshot) => Promise<void>;
  /** Called with the name of one that was taken away. */
  onRemoved: (name: string) => void;
  /** Milliseconds. */
  now: () => number;
  /** Bytes of snapshots, of all combinations together. */
  maxBytes?: number;
}

/** A gibibyte of combinations is what a person goes through in a day; each can be computed again. */
const MAX_BYTES = 2 ** 30;
const MAX_INSTANCES = 200;
/** So many wait for their turn; more are sent away. */
const MAX_LOADING = 16;
/** What was asked for within this time is probably on somebody's screen. */
const IDLE_MS = 60_000;

export function createInstances({
  datasets,
  start,
  discard,
  onRemoved,
  now,
  maxBytes = MAX_BYTES,
}: InstancesOptions): Instances {
  /** When each was asked for last, the longest ago first. */
  const usedAt = new Map<string, number>();

  function touch(name: string): void {
    usedAt.delete(name);
    usedAt.set(name, now());
  }

  function remove(name: string): void {
    const dataset = datasets.get(name);
    usedAt.delete(name);
    if (dataset === undefined) return;
    datasets.delete(name);
    dataset.load?.controller.abort();
    for (const snapshot of dataset.snapshots) void discard(snapshot).catch(() => undefined);
    onRemoved(name);
  }

  const isIdle = (name: string): boolean => now() - usedAt.get(name)! > IDLE_MS;

  function makeRoom(): void {
    const all = [...usedAt.keys()].flatMap((name) => datasets.get(name) ?? []);
    let bytes = all.reduce((sum, dataset) => sum + bytesOf(dataset), 0);
    let count = all.length;
    for (const dataset of all) {
      if (bytes <= maxBytes && count < MAX_INSTANCES) return;
      const { name } = dataset.source;
      if (dataset.load !== undefined || !isIdle(name)) continue;
      remove(name);
      bytes -= bytesOf(dataset);
      count--;
    }
  }

  return {
    find(name) {
      if (usedAt.has(name)) {
        touch(name);
        return datasets.get(name);
      }
      const parts = splitName(name);
      const base = parts === undefined ? undefined : datasets.get(parts.base);
      if (base?.source.sql?.parameters === undefined) return undefined;
      const source = instanceSource(base.source, parts!.query);
      if (source.name === base.source.name) return base;
      const known = datasets.get(source.name);
      if (known !== undefined) {
        touch(source.name);
        return known;
      }
      makeRoom();
      const loading = [...usedAt.keys()].filter((each) => datasets.get(each)?.load !== undefined);
      if (loading.length >= MAX_LOADING) {
        throw new HalftoneError(
          'OVERLOADED',
          `${loading.length} combinations of parameters are being computed already.`,
          {
            hint: 'Ask again in a while.',
          },
        );
      }
      const dataset: Dataset = { source, snapshots: [] };
      datasets.set(source.name, dataset);
      touch(source.name);
      start(dataset);
      return dataset;
    },
    isIdle: ({ source: { name } }) => usedAt.has(name) && isIdle(name),
    drop(base) {
      for (const name of usedAt.keys()) if (name.startsWith(`${base}?`)) remove(name);
    },
    remove,
  };
}

function bytesOf({ snapshots }: Dataset): number {
  return snapshots
    .flatMap(({ manifest }) => manifest.segments)
    .reduce((sum, { bytes }) => sum + bytes, 0);
}
