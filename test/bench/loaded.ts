import { mkdtempSync, rmSync } from 'node:fs';
import { basename, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { createIndexes, type Indexes } from '../../server/indexes/indexes.js';
import { createLoader } from '../../server/loader/loader.js';
import { createColumnStore } from '../../server/memory/columns.js';
import type { ColumnStore } from '../../server/memory/lease.js';
import { createPool, type Pool } from '../../server/pool.js';
import type { Snapshot } from '../../server/snapshots/manifest.js';
import { openStore, type SnapshotStore } from '../../server/snapshots/store.js';
import { BENCH_FOLDER } from './tables.js';

/** A cache of its own, and what an engine is made of. */
export interface Bench {
  store: ColumnStore;
  indexes: Indexes;
  pool: Pool;
  disk: SnapshotStore;
  /** Loads a Parquet file as a server does. */
  load: (file: string) => Promise<Snapshot>;
  close: () => Promise<void>;
}

export interface Loaded extends Bench {
  snapshot: Snapshot;
  /** The position of a column. */
  positionOf: (name: string) => number;
}

/** The source of a Parquet file, named after it. */
export const parquetSource = (file: string, name = basename(file, '.parquet')) =>
  ({ name, kind: 'parquet', files: [file], united: false, csv: {}, strict: false }) as const;

/** Two threads, and room for all of a table. */
export async function openBench(): Promise<Bench> {
  const dir = mkdtempSync(join(BENCH_FOLDER, 'cache-'));
  const dist = pathToFileURL(join(process.cwd(), 'dist')).href;
  const disk = await openStore({ dir, now: () => new Date() });
  const childFile = fileURLToPath(`${dist}/server/loader/child.js`);
  const loader = createLoader({ memoryBytes: 4e9, deadlineMs: 600_000, threads: 2, childFile });
  const pool = createPool({ threads: 2, filename: `${dist}/workers/tasks.js` });
  const store = createColumnStore({
    read: (task) => pool.run('readSpans', task),
    budgetBytes: 4e9,
  });
  const indexes = createIndexes({ store, pool, mayWrite: () => true });
  return {
    store,
    indexes,
    pool,
    disk,
    async load(file) {
      const source = parquetSource(file);
      const draft = await disk.begin(source);
      return draft.publish(await loader.load(source, { ...draft, dataset: source.name }));
    },
    async close() {
      await indexes.close();
      await loader.close();
      await pool.close();
      disk.close();
      rmSync(dir, { recursive: true, force: true });
    },
  };
}

/** Loads one Parquet file into a cache of its own. */
export async function loadTable(file: string): Promise<Loaded> {
  const bench = await openBench();
  try {
    const snapshot = await bench.load(file);
    const positionOf = (column: string): number =>
      snapshot.manifest.columns.findIndex(({ info }) => info.name === column);
    return { ...bench, snapshot, positionOf };
  } catch (error) {
    await bench.close();
    throw error;
  }
}
