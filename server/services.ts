import { availableParallelism } from 'node:os';
import { createHolds, holdingEngine } from './catalog/holding-engine.js';
import { createLoading } from './catalog/loading.js';
import type { CatalogParts } from './catalog/parts.js';
import type { CompareFrames } from './catalog/comparing-engine.js';
import { sweepUploads } from './files/upload-folder.js';
import { createEngine } from './engine/create-engine.js';
import type { Engine } from './engine/engine.js';
import type { WriteParquet } from './frames/parquet-file.js';
import type { WriteText } from './frames/text-frame.js';
import { createLoader } from './loader/loader.js';
import type { DescribeFiles } from './loader/sources/resolve-sources.js';
import { createIndexes, type Indexes } from './indexes/indexes.js';
import type { Account } from './memory/account.js';
import { createColumnStore } from './memory/columns.js';
import type { Pool } from './pool.js';
import type { MemoryUse } from './routes/parts.js';
import { createAside } from './snapshots/aside.js';
import type { Snapshot } from './snapshots/manifest.js';
import { openStore } from './snapshots/store.js';
import { createVerifier, type Verifier } from './verify/verifier.js';

/** What works under the server: worker threads, columns in memory, snapshots on disk, the loader. */
export interface Services {
  engine: Engine;
  writeText: WriteText;
  writeParquet: WriteParquet;
  catalogParts: CatalogParts;
  verifier: Verifier;
  compare: CompareFrames;
  describe: DescribeFiles;
  columnUse: () => MemoryUse;
  /** Where all that is in memory for long is counted. */
  account: Account;
  /** Gives up what is in memory of the snapshots of a source: `kept` are all that are left of it. */
  keepOnly: (kept: readonly Snapshot[]) => void;
  /** Brings the indexes of a snapshot to the one that was appended to it. */
  extendIndexes: Indexes['extend'];
  /** False while another process holds the cache folder, and where it cannot be written. */
  mayWriteCache: () => boolean;
  /** Ends the loads that run, at once; what they wrote is removed by who began them. No other can be begun. */
  endLoads: () => Promise<void>;
  close: () => Promise<void>;
}

export interface ServicesOptions {
  cacheDir: string;
  /** Bytes of columns, indexes, requests and frames in memory. */
  memoryLimit: number;
  /** Bytes that one load may take. */
  loadMemory: number;
  /** The worker threads; closed with the services. */
  pool: Pool;
  /** Takes what the operator should know. */
  warn: (message: string) => void;
}

/** A file that takes longer than this is not going to be loaded. */
const LOAD_DEADLINE_MS = 6 * 60 * 60 * 1000;

/** Of the memory, what columns leave to requests: groups, values to be sorted and pictures in the making. */
const SCRATCH_SHARE = 1 / 5;

/** Starts everything; it lives until `close`. */
export async function openServices(options: ServicesOptions): Promise<Services> {
  const { cacheDir, memoryLimit, loadMemory, pool, warn } = options;
  const now = () => new Date();
  const holds = createHolds();
  const isInUse = (dir: string) => holds.has(dir);
  const shared = await openStore({ dir: cacheDir, now, isInUse });
  const aside = createAside({ dir: cacheDir, now, isInUse, warn });
  await aside.sweep();
  if (shared.writable) await sweepUploads(cacheDir, Date.now()).catch(() => undefined);
  const loader = createLoader({
    memoryBytes: loadMemory,
    deadlineMs: LOAD_DEADLINE_MS,
    threads: availableParallelism(),
    log: warn,
  });
  const columns = createColumnStore({
    budgetBytes: memoryLimit,
    scratchShare: SCRATCH_SHARE,
    read: (task) => pool.run('readSpans', task),
  });
  const indexes = createIndexes({
    store: columns,
    pool,
    // What this process keeps beside the cache folder is its own; the rest is whose turn it is.
    mayWrite: ({ dir }) =>
      (aside.opened !== undefined && dir.startsWith(aside.opened.dir)) || shared.writable,
  });
  const catalogParts = createLoading(loader, { shared, aside });
  return {
    engine: holdingEngine(createEngine({ store: columns, pool, indexes }), holds),
    // A frame as text is cut short, and somebody waits for it; else it is a piece of an export.
    writeText: (task) => pool.run('writeText', task, { isBulk: task.limit === undefined }),
    writeParquet: {
      rowGroups: (task) => pool.run('writeRowGroups', task, { isBulk: true }),
      footer: (task) => pool.run('writeFooter', task, { isBulk: true }),
    },
    catalogParts,
    compare: (task, options) => pool.run('compareFrames', task, options),
    verifier: createVerifier({
      loader,
      fingerprint: (source) => catalogParts.fingerprint(source),
      now: () => performance.now(),
    }),
    describe: (files) => loader.describe(files),
    columnUse: () => columns.stats(),
    account: columns.account,
    keepOnly(kept) {
      columns.keepOnly(kept);
      indexes.keepOnly(kept);
    },
    extendIndexes: (before, after, signal) => indexes.extend(before, after, signal),
    mayWriteCache: () => shared.writable,
    endLoads: () => loader.close(),
    async close() {
      await Promise.all([loader.close(), indexes.close()]);
      await pool.close();
      await aside.close();
      shared.close();
    },
  };
}
