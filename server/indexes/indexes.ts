import { readdir, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { batchPlaces, type IndexPart } from '../memory/buffers.js';
import { IndexDamaged, type ColumnStore, type Lease } from '../memory/lease.js';
import type { Pool } from '../pool.js';
import type { ManifestSegment, Snapshot } from '../snapshots/manifest.js';
import { createIndex, indexFile, openIndex, removeIndex, type IndexWriter } from './index-file.js';
import type { IndexOf } from './index-kind.js';

/** The parts of an index, one a batch of the snapshot in order, or why there is none now. */
export type FoundIndex = { parts: IndexPart[] } | { missing: string };

/**
 * The indexes over columns, kept on disk with their snapshot, a file a segment: of a snapshot that shares segments with
 * another only what is new has to be built. Any of them can be deleted at any time.
 */
export interface Indexes {
  /** Looks for an index. What is wrong with a file is noticed here, or by who reads it: see `drop`. */
  find(snapshot: Snapshot, index: IndexOf): Promise<FoundIndex>;
  /** Builds what is missing of an index in the background; resolves when that has ended, well or not. Never rejects. */
  build(snapshot: Snapshot, index: IndexOf): Promise<void>;
  /**
   * Builds for a snapshot that `before` was appended to what is there of `before`, so that nobody has to scan meanwhile: of each
   * index only the new segments. Resolves when all of it has ended, well or not; after an abort the one at hand ends, and no other is begun.
   */
  extend(before: Snapshot, after: Snapshot, signal: AbortSignal): Promise<void>;
  /** Forgets the snapshots of a source that are gone: `kept` are all that are left of it. */
  keepOnly(kept: readonly Snapshot[]): void;
  /** Deletes an index that is not what was written. */
  drop(snapshot: Snapshot, index: IndexOf): Promise<void>;
  /** Stops building; what was begun is removed. */
  close(): Promise<void>;
}

export interface IndexesOptions {
  store: ColumnStore;
  pool: Pool;
  /** Whether files may be put into this snapshot's folder. */
  mayWrite: (snapshot: Snapshot) => boolean;
}

/** A row takes so much while it is sorted: two sets of keys of 8 bytes and positions of 4, and its place in the part. */
const BUILD_BYTES = 32;

/** A disk that is full stays so for a while: an index is tried so often at most. */
const MAX_ATTEMPTS = 3;

/** What is known of an index. */
interface Entry {
  dir: string;
  index: IndexOf;
  parts?: IndexPart[];
  building?: Promise<void>;
  attempts: number;
  failure?: string;
}

/** More indexes than this are not remembered: a file that was forgotten is opened again. */
const MAX_ENTRIES = 1000;

export function createIndexes({ store, pool, mayWrite }: IndexesOptions): Indexes {
  const entries = new Map<string, Entry>();
  const closing = new AbortController();
  const { signal } = closing;

  function entryOf({ dir }: Snapshot, index: IndexOf): Entry {
    const key = `${dir}/${index.kind.name}-${index.columns.join('-')}`;
    let entry = entries.get(key);
    if (entry === undefined) {
      entry = { dir, index, attempts: 0 };
      entries.set(key, entry);
      for (const [old, { building }] of entries) {
        if (entries.size <= MAX_ENTRIES) break;
        if (building === undefined) entries.delete(old);
      }
    }
    return entry;
  }

  async function find(snapshot: Snapshot, index: IndexOf): Promise<FoundIndex> {
    const entry = entryOf(snapshot, index);
    if (entry.parts !== undefined) return { parts: entry.parts };
    if (entry.building !== undefined) return { missing: 'it is being built' };
    const found = await openAll(snapshot, index);
    if ('parts' in found) {
      entry.parts = found.parts;
      return { parts: found.parts };
    }
    const { damaged } = found;
    if (!mayWrite(snapshot)) return { missing: 'the cache folder is not ours to write' };
    for (const { segment } of damaged) await removeIndex(snapshot, segment, index);
    return { missing: damaged[0]?.damage ?? entry.failure ?? 'it is not built yet' };
  }

  function build(snapshot: Snapshot, index: IndexOf): Promise<void> {
    const entry = entryOf(snapshot, index);
    if (entry.building !== undefined) return entry.building;
    if (signal.aborted || entry.parts !== undefined || entry.attempts >= MAX_ATTEMPTS) return DONE;
    if (!mayWrite(snapshot)) return DONE;
    entry.attempts++;
    entry.building = buildMissing(snapshot, index)
      .then((parts) => {
        if (parts !== undefined) entry.parts = parts;
      })
      .catch((error: unknown) => {
        entry.failure = (error as Error).message;
      })
      .finally(() => {
        delete entry.building;
      });
    return entry.building;
  }

  async function buildMissing(
    snapshot: Snapshot,
    index: IndexOf,
  ): Promise<IndexPart[] | undefined> {
    const before = await openAll(snapshot, index);
    if ('parts' in before) return before.parts;
    const below = await partsBelow(snapshot, index);
    const names = index.columns.map((column) => snapshot.manifest.columns[column]!.info.name);
    const jobs: Job[] = [];
    const writers: IndexWriter[] = [];
    try {
      for (const { segment, firstBatch } of before.missing) {
        await removeRemains(snapshot, segment, index);
        const writer = await createIndex(snapshot, segment, index);
        writers.push(writer);
        jobs.push(
          ...segment.batches.map((_, batch) => ({ writer, batch, at: firstBatch + batch })),
        );
      }
      const left = jobs.values();
      const workers = await Promise.allSettled(
        Array.from({ length: pool.threads }, () => work(left, snapshot, index, names, below)),
      );
      const failed = workers.find(({ status }) => status === 'rejected');
      if (failed !== undefined) throw (failed as PromiseRejectedResult).reason;
      for (const writer of writers) await writer.publish();
    } catch (error) {
      for (const writer of writers) await writer.discard();
      throw error;
    }
    const after = await openAll(snapshot, index);
    return 'parts' in after ? after.parts : undefined;
  }

  /** One of the builders, each of which takes the next batch when it is done with one. */
  async function work(
    jobs: IterableIterator<Job>,
    snapshot: Snapshot,
    { kind }: IndexOf,
    names: readonly string[],
    below: readonly IndexPart[] | undefined,
  ): Promise<void> {
    for (const { writer, batch, at } of jobs) {
      signal.throwIfAborted();
      const lease = await leaseBatch(snapshot, names, at, below?.[at]);
      try {
        const over = lease.parts?.[0];
        const task = { table: lease.table, batch: at, ...(over && { over }) };
        const part = await kind.build(pool, task);
        if (!part.withdrawn) await writer.write(batch, part);
      } finally {
        lease.release();
      }
    }
  }

  /** Builds the index that another is built over, if any. Without it the other is built all the same, in more time. */
  async function partsBelow(
    snapshot: Snapshot,
    { kind, columns }: IndexOf,
  ): Promise<readonly IndexPart[] | undefined> {
    const below = kind.over?.(columns);
    if (below === undefined) return undefined;
    await build(snapshot, below);
    const found = await find(snapshot, below);
    return 'parts' in found ? found.parts : undefined;
  }

  async function leaseBatch(
    snapshot: Snapshot,
    names: readonly string[],
    at: number,
    below: IndexPart | undefined,
  ): Promise<Lease> {
    const { segment, batch } = batchPlaces(snapshot.manifest)[at]!;
    const bytes = BUILD_BYTES * segment.batches[batch]!.rows;
    const scratch = { bytes, what: 'A batch of an index in the making' };
    const options = { batches: [at], scratch, signal };
    if (below === undefined) return store.lease(snapshot, names, options);
    try {
      return await store.lease(snapshot, names, { ...options, parts: [below] });
    } catch (error) {
      if (error instanceof IndexDamaged) return store.lease(snapshot, names, options);
      throw error;
    }
  }

  async function extend(before: Snapshot, after: Snapshot, aborted: AbortSignal): Promise<void> {
    const whole = [...entries.values()].filter(
      ({ dir, parts }) => dir === before.dir && parts !== undefined,
    );
    for (const { index } of whole) {
      if (aborted.aborted) return;
      await build(after, index);
    }
  }

  return {
    find,
    build,
    extend,
    keepOnly(kept) {
      const dirs = new Set(kept.map(({ dir }) => dir));
      const folders = new Set(kept.map(({ dir }) => dirname(dir)));
      for (const [key, { dir, building }] of entries) {
        const isGone = folders.has(dirname(dir)) && !dirs.has(dir);
        if (isGone && building === undefined) entries.delete(key);
      }
    },
    async drop(snapshot, index) {
      delete entryOf(snapshot, index).parts;
      if (!mayWrite(snapshot)) return;
      for (const segment of snapshot.manifest.segments) {
        await removeIndex(snapshot, segment, index).catch(() => undefined);
      }
    },
    async close() {
      closing.abort(new Error('The server ends.'));
      await Promise.all([...entries.values()].flatMap(({ building }) => building ?? []));
    },
  };
}

/** A batch of the snapshot, `at`, that is `batch` of the segment whose index is written. */
interface Job {
  writer: IndexWriter;
  batch: number;
  at: number;
}

/** A segment without a sound index, and its first batch among those of the snapshot. */
interface MissingIndex {
  segment: ManifestSegment;
  firstBatch: number;
}

/** Opens the index of every segment; or tells those of which there is none, and those of which it is damaged. */
async function openAll(
  snapshot: Snapshot,
  index: IndexOf,
): Promise<
  | { parts: IndexPart[] }
  | { missing: MissingIndex[]; damaged: (MissingIndex & { damage: string })[] }
> {
  const parts: IndexPart[] = [];
  const missing: MissingIndex[] = [];
  const damaged: (MissingIndex & { damage: string })[] = [];
  let firstBatch = 0;
  for (const segment of snapshot.manifest.segments) {
    const opened = await openIndex(snapshot, segment, index);
    if (opened !== undefined && 'parts' in opened) {
      const file = indexFile(index, segment);
      for (const [batch, ref] of opened.parts.entries()) {
        const { writtenBy } = segment;
        const own = writtenBy === undefined ? {} : { writtenBy };
        parts.push({ file, column: index.columns[0]!, batch: firstBatch + batch, ref, ...own });
      }
    } else {
      missing.push({ segment, firstBatch });
      if (opened !== undefined) damaged.push({ segment, firstBatch, ...opened });
    }
    firstBatch += segment.batches.length;
  }
  return missing.length === 0 ? { parts } : { missing, damaged };
}

const DONE = Promise.resolve();

/** Removes what builders left that did not come to their end. */
async function removeRemains(
  { dir }: Snapshot,
  segment: ManifestSegment,
  index: IndexOf,
): Promise<void> {
  const start = `${indexFile(index, segment)}.partial-`;
  for (const name of await readdir(dir)) {
    if (name.startsWith(start)) await rm(join(dir, name), { force: true });
  }
}
