import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Query } from '../../../../protocol/query.js';
import { createLoading } from '../../../../server/catalog/loading.js';
import { createEngine } from '../../../../server/engine/create-engine.js';
import type { DatasetSource } from '../../../../server/loader/source.js';
import { createColumnStore } from '../../../../server/memory/columns.js';
import { createPool } from '../../../../server/pool.js';
import { createAside } from '../../../../server/snapshots/aside.js';
import type { Snapshot } from '../../../../server/snapshots/manifest.js';
import type { PulledCopy } from '../../../../server/snapshots/pulled-copy.js';
import { openStore, type SnapshotStore } from '../../../../server/snapshots/store.js';
import { createTestLoader } from '../load-file.js';

/** A load as the catalog does it, and what its run was told. */
export interface Loaded {
  snapshot: Snapshot;
  log: string[];
}

/** Loads sources one behind the other, and whole, and tells where the two differ. */
export interface Appends {
  /** A folder for files. */
  dir: string;
  store: SnapshotStore;
  /** The newest snapshot of the source, behind `previous`. */
  load(source: DatasetSource, previous?: Snapshot, copy?: PulledCopy): Promise<Loaded>;
  /** What a load of everything says otherwise than this snapshot: the columns, the report, and the bytes of the frames. */
  differences(
    source: DatasetSource,
    snapshot: Snapshot,
    queries: readonly Query[],
  ): Promise<string[]>;
  frame(snapshot: Snapshot, query: Query): Promise<Uint8Array>;
  /** Columns of batches that were brought into memory so far. */
  unitsRead(): number;
  close(): Promise<void>;
}

/** Of a table with a time `at`, a number `y` and a text `word`. */
export const QUERIES: readonly Query[] = [
  { dataset: 'a', mark: 'rows', limit: 100_000 },
  { dataset: 'a', mark: 'bar', x: 'word' },
  { dataset: 'a', mark: 'line', method: 'm4', x: 'at', y: 'y', width: 200 },
  { dataset: 'a', mark: 'value', aggregate: { op: 'sum', column: 'y' } },
];

export async function startAppends(): Promise<Appends> {
  const dir = await mkdtemp(join(tmpdir(), 'halftone-append-'));
  const dist = new URL('../../../../dist/', import.meta.url);
  const now = (): Date => new Date();
  const store = await openStore({ dir: join(dir, 'cache'), now });
  const other = await openStore({ dir: join(dir, 'whole'), now });
  const aside = createAside({ dir, now, warn: () => {} });
  const loader = createTestLoader();
  const pool = createPool({ threads: 1, filename: new URL('workers/tasks.js', dist).href });
  const columns = createColumnStore({ read: (task) => pool.run('readSpans', task), budgetBytes: 5e8 }); // prettier-ignore
  const engine = createEngine({ store: columns, pool });

  async function loadInto(
    shared: SnapshotStore,
    source: DatasetSource,
    previous?: Snapshot,
    copy?: PulledCopy,
  ): Promise<Loaded> {
    const log: string[] = [];
    const snapshot = await createLoading(loader, { shared, aside }).load(source, {
      signal: new AbortController().signal,
      previous,
      copy,
      onProgress: () => {},
      onLog: (line) => log.push(line),
    });
    return { snapshot, log };
  }

  async function frame(snapshot: Snapshot, query: Query): Promise<Uint8Array> {
    return (await engine.frame(snapshot, query)).bytes;
  }

  return {
    dir,
    store,
    load: (source, previous, copy) => loadInto(store, source, previous, copy),
    async differences(source, snapshot, queries) {
      const { snapshot: loaded } = await loadInto(other, source);
      const whole = { ...loaded, manifest: { ...loaded.manifest, id: snapshot.manifest.id } };
      const found: string[] = [];
      const compare = (what: string, is: unknown, was: unknown): void => {
        if (JSON.stringify(is) !== JSON.stringify(was))
          found.push(`${what}: ${JSON.stringify(is)} instead of ${JSON.stringify(was)}`);
      };
      const { manifest } = snapshot;
      compare('rows', manifest.rows, whole.manifest.rows);
      compare('columns', manifest.columns, whole.manifest.columns);
      compare('report', { ...manifest.report, elapsedMs: 0 }, { ...whole.manifest.report, elapsedMs: 0 }); // prettier-ignore
      for (const query of queries) {
        const [is, was] = [await frame(snapshot, query), await frame(whole, query)];
        if (!Buffer.from(is).equals(was)) found.push(JSON.stringify(query));
      }
      return found;
    },
    frame,
    unitsRead: () => columns.stats().loads,
    async close() {
      await loader.close();
      await pool.close();
      await aside.close();
      store.close();
      other.close();
      await rm(dir, { recursive: true, force: true });
    },
  };
}
