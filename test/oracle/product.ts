import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { FramePlan } from '../../protocol/frame.js';
import type { ColumnValues } from '../../protocol/options.js';
import { createEngine } from '../../server/engine/create-engine.js';
import type { Engine, Frame, ValuesRequest } from '../../server/engine/engine.js';
import { checkQuery } from '../../server/engine/check-query.js';
import type { Tier } from '../../server/engine/plan/route-options.js';
import { createIndexes } from '../../server/indexes/indexes.js';
import { createLoader } from '../../server/loader/loader.js';
import { createColumnStore } from '../../server/memory/columns.js';
import { createPool } from '../../server/pool.js';
import type { Snapshot } from '../../server/snapshots/manifest.js';
import { openStore } from '../../server/snapshots/store.js';

const DIST = new URL('../../dist/', import.meta.url);

/** The least that the product gives: tables of some hundred thousand rows have several batches. */
const LOADER_BYTES = 2 ** 30;

/** Halftone without its HTTP: a file is loaded as the product loads it, and queries go the whole way to bytes. */
export interface Product {
  load(path: string): Promise<Snapshot>;
  /** The bytes of a frame; by `tier` where the query can be had by it. */
  frame(snapshot: Snapshot, query: unknown, tier?: Tier): Promise<Uint8Array>;
  /** How a query is answered. */
  plan(snapshot: Snapshot, query: unknown, tier?: Tier): Promise<FramePlan>;
  /** The bytes of a frame for which every filter is run anew over every row. */
  plainFrame(snapshot: Snapshot, query: unknown): Promise<Uint8Array>;
  /** The bytes of a frame whose columns are brought into memory one batch after the other. */
  piecewiseFrame(snapshot: Snapshot, query: unknown): Promise<Uint8Array>;
  /** The options of a dropdown. */
  values(snapshot: Snapshot, request: ValuesRequest): Promise<ColumnValues>;
  close(): Promise<void>;
}

export interface ProductOptions {
  /** Other workers than the built ones. */
  tasks?: string;
  threads?: number;
  /** For columns in memory. */
  budgetBytes?: number;
  /** Keeps which rows pass a filter, and looks at the zones of blocks, in small tables too. */
  keepsFilters?: boolean;
}

/** Starts the loader, the worker threads and an empty cache. */
export async function startProduct({
  tasks = new URL('workers/tasks.js', DIST).href,
  threads = 2,
  budgetBytes = 1e9,
  keepsFilters = false,
}: ProductOptions = {}): Promise<Product> {
  const dir = await mkdtemp(join(tmpdir(), 'halftone-oracle-cache-'));
  const store = await openStore({ dir, now: () => new Date() });
  const childFile = fileURLToPath(new URL('server/loader/child.js', DIST));
  const loader = createLoader({
    memoryBytes: LOADER_BYTES,
    deadlineMs: 120_000,
    threads: 2,
    childFile,
  });
  const pool = createPool({ threads, filename: tasks });
  const columns = createColumnStore({
    read: (task) => pool.run('readSpans', task),
    budgetBytes,
  });
  const indexes = createIndexes({ store: columns, pool, mayWrite: () => true });
  const engine = createEngine({
    store: columns,
    pool,
    indexes,
    ...(keepsFilters && { isWorthKeeping: () => true, leastZonedRows: 0 }),
  });
  const plain = createEngine({ store: { lease: (...asked) => columns.lease(...asked) }, pool });
  const narrow = createEngine({
    store: {
      lease: (...asked) => columns.lease(...asked),
      sizeOf: (...asked) => ({ bytes: columns.sizeOf!(...asked).bytes, maxBytes: 1 }),
    },
    pool,
  });
  const forced = (tier: Tier): Engine => createEngine({ store: columns, pool, indexes, tier });
  const engines = {
    scan: forced('scan'),
    range: forced('range'),
    pyramid: forced('pyramid'),
    'sub-index': forced('sub-index'),
    tiles: forced('tiles'),
  };
  const answer = (snapshot: Snapshot, query: unknown, tier?: Tier): Promise<Frame> =>
    (tier === undefined ? engine : engines[tier]).frame(snapshot, checkQuery(query));
  return {
    async load(path) {
      const source = {
        name: 'zoo',
        kind: 'parquet',
        files: [path],
        united: false,
        csv: {},
        strict: false,
      } as const;
      const draft = await store.begin(source);
      return draft.publish(await loader.load(source, { ...draft, dataset: 'zoo' }));
    },
    frame: async (snapshot, query, tier) => (await answer(snapshot, query, tier)).bytes,
    plan: async (snapshot, query, tier) => (await answer(snapshot, query, tier)).plan,
    plainFrame: async (snapshot, query) => (await plain.frame(snapshot, checkQuery(query))).bytes,
    piecewiseFrame: async (snapshot, query) =>
      (await narrow.frame(snapshot, checkQuery(query))).bytes,
    values: (snapshot, request) => engine.values(snapshot, request),
    async close() {
      await loader.close();
      await indexes.close();
      await pool.close();
      store.close();
      await rm(dir, { recursive: true, force: true });
    },
  };
}

/** How each column is stored: by the widest of its segments. */
export function storagesOf({ manifest }: Snapshot): Map<string, string> {
  return new Map(
    manifest.columns.map(({ info }, at) => [
      info.name,
      manifest.segments.at(-1)?.columns[at]?.storage ?? 'null',
    ]),
  );
}
