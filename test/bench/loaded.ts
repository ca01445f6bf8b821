import { mkdtempSync, rmSync } from 'node:fs';
import { basename, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { createIndexes, type Indexes } from '../../server/indexes/indexes.js';
import { createLoader } from '../../server/loader/loader.js';
import { createColumnStore } from '../../server/memory/columns.js';
import type { ColumnStore } from '../../server/memory/lease.js';
import { createPool, type Pool } from '../../server/pool.js';
import type { Snapshot } from '../../server/snapshots/manifest.js';
import { openStore } from '../../server/snapshots/store.js';
import { BENCH_FOLDER } from './tables.js';

/** A table in a cache of its own, and what an engine is made of. */
export interface Loaded {
  snapshot: Snapshot;
  store: ColumnStore;
  indexes: Indexes;
  pool: Pool;
  /** The position of a column. */
  positionOf: (name: string) => number;
  close: () => Promise<void>;
}

/** Loads a Parquet file as a server does, with two threads and room for all of it. */
export async function loadTable(file: string): Promise<Loaded> {
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
  const close = async (): Promise<void> => {
    await indexes.close();
    await loader.close();
    await pool.close();
    disk.close();
    rmSync(dir, { recursive: true, force: true });
  };
  try {
    const name = basename(file, '.parquet');
    const source = {
      name,
      kind: 'parquet',
      files: [file],
      united: false,
      csv: {},
      strict: false,
    } as const;
    const draft = await disk.begin(source);
    const snapshot = await draft.publish(await loader.load(source, { ...draft, dataset: name }));
    const positionOf = (column: string): number =>
      snapshot.manifest.columns.findIndex(({ info }) => info.name === column);
    return { snapshot, store, indexes, pool, positionOf, close };
  } catch (error) {
    await close();
    throw error;
  }
}
