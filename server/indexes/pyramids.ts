import { readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { IndexPart } from '../memory/buffers.js';
import type { ColumnStore } from '../memory/lease.js';
import type { Pool } from '../pool.js';
import type { Snapshot } from '../snapshots/manifest.js';
import {
  batchRowsOf,
  createPyramid,
  openPyramid,
  pyramidFile,
  removePyramid,
} from './pyramid-file.js';

/** The pyramid of a column, or why there is none now. */
export type FoundPyramid = { parts: IndexPart[] } | { missing: string };

/** The min/max pyramids of columns, kept on disk with their snapshot. Any of them can be deleted at any time. */
export interface Pyramids {
  /** Looks for the pyramid of a column. What is wrong with a file is noticed here, or by who reads it: see `drop`. */
  find(snapshot: Snapshot, column: number): Promise<FoundPyramid>;
  /** Builds the pyramid of a column in the background; resolves when that has ended, well or not. Never rejects. */
  build(snapshot: Snapshot, column: number): Promise<void>;
  /** Deletes a pyramid that is not what was written. */
  drop(snapshot: Snapshot, column: number): Promise<void>;
  /** Stops building; what was begun is removed. */
  close(): Promise<void>;
}

export interface PyramidsOptions {
  store: ColumnStore;
  pool: Pool;
  /** Whether files may be put into this snapshot's folder. */
  mayWrite: (snapshot: Snapshot) => boolean;
}

/** A disk that is full stays so for a while: a pyramid is tried so often at most. */
const MAX_ATTEMPTS = 3;

/** What is known of a column's pyramid. */
interface Entry {
  parts?: IndexPart[];
  building?: Promise<void>;
  attempts: number;
  failure?: string;
}

/** More columns than this are not remembered: a file that was forgotten is opened again. */
const MAX_ENTRIES = 1000;

export function createPyramids({ store, pool, mayWrite }: PyramidsOptions): Pyramids {
  const entries = new Map<string, Entry>();
  const closing = new AbortController();
  const { signal } = closing;

  function entryOf({ dir }: Snapshot, column: number): Entry {
    const key = `${dir}/${column}`;
    let entry = entries.get(key);
    if (entry === undefined) {
      entry = { attempts: 0 };
      entries.set(key, entry);
      for (const [old, { building }] of entries) {
        if (entries.size <= MAX_ENTRIES) break;
        if (building === undefined) entries.delete(old);
      }
    }
    return entry;
  }

  async function find(snapshot: Snapshot, column: number): Promise<FoundPyramid> {
    const entry = entryOf(snapshot, column);
    if (entry.parts !== undefined) return { parts: entry.parts };
    if (entry.building !== undefined) return { missing: 'it is being built' };
    const opened = await openPyramid(snapshot, column);
    if (opened !== undefined && 'parts' in opened) {
      entry.parts = opened.parts;
      return opened;
    }
    if (opened !== undefined && mayWrite(snapshot)) await removePyramid(snapshot, column);
    if (!mayWrite(snapshot)) return { missing: 'the cache folder is not ours to write' };
    return { missing: opened?.damage ?? entry.failure ?? 'it is not built yet' };
  }

  function build(snapshot: Snapshot, column: number): Promise<void> {
    const entry = entryOf(snapshot, column);
    if (entry.building !== undefined) return entry.building;
    if (signal.aborted || entry.parts !== undefined || entry.attempts >= MAX_ATTEMPTS) return DONE;
    if (!mayWrite(snapshot)) return DONE;
    entry.attempts++;
    entry.building = buildAnew(snapshot, column)
      .then(async () => {
        const opened = await openPyramid(snapshot, column);
        if (opened !== undefined && 'parts' in opened) entry.parts = opened.parts;
      })
      .catch((error: unknown) => {
        entry.failure = (error as Error).message;
      })
      .finally(() => {
        delete entry.building;
      });
    return entry.building;
  }

  async function buildAnew(snapshot: Snapshot, column: number): Promise<void> {
    await removeRemains(snapshot, column);
    const { name } = snapshot.manifest.columns[column]!.info;
    const writer = await createPyramid(snapshot, column);
    const batches = batchRowsOf(snapshot).keys();
    // Each of the workers takes the next batch when it is done with one.
    async function work(): Promise<void> {
      for (const batch of batches) {
        signal.throwIfAborted();
        const lease = await store.lease(snapshot, [name], { batches: [batch], signal });
        try {
          const task = { table: lease.table, column: 0, batch };
          const built = await pool.run('buildPyramid', task, { isBulk: true });
          if (!built.withdrawn) await writer.write(batch, built.bytes, built.crc32);
        } finally {
          lease.release();
        }
      }
    }
    try {
      const workers = await Promise.allSettled(Array.from({ length: pool.threads }, work));
      const failed = workers.find(({ status }) => status === 'rejected');
      if (failed !== undefined) throw (failed as PromiseRejectedResult).reason;
      await writer.publish();
    } catch (error) {
      await writer.discard();
      throw error;
    }
  }

  return {
    find,
    build,
    async drop(snapshot, column) {
      delete entryOf(snapshot, column).parts;
      if (mayWrite(snapshot)) await removePyramid(snapshot, column).catch(() => undefined);
    },
    async close() {
      closing.abort(new Error('The server ends.'));
      await Promise.all([...entries.values()].flatMap(({ building }) => building ?? []));
    },
  };
}

const DONE = Promise.resolve();

/** Removes what builders left that did not come to their end. */
async function removeRemains({ dir }: Snapshot, column: number): Promise<void> {
  const start = `${pyramidFile(column)}.partial-`;
  for (const name of await readdir(dir)) {
    if (name.startsWith(start)) await rm(join(dir, name), { force: true });
  }
}
