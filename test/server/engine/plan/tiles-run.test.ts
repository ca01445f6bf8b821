import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Filter, Query } from '../../../../protocol/query.js';
import { createEngine } from '../../../../server/engine/create-engine.js';
import { createIndexes, type Indexes } from '../../../../server/indexes/indexes.js';
import { createColumnStore } from '../../../../server/memory/columns.js';
import type { ColumnStore } from '../../../../server/memory/lease.js';
import type { Pool } from '../../../../server/pool.js';
import type { Snapshot } from '../../../../server/snapshots/manifest.js';
import type { SnapshotStore } from '../../../../server/snapshots/store.js';
import { readSpans } from '../../../../workers/read-spans.js';
import { inlinePool } from '../../../helpers/inline-pool.js';
import { publishRising } from '../../../helpers/rising-snapshot.js';
import { storeFixture } from '../../../helpers/stored-snapshot.js';

const BATCHES = [40_000, 40_000, 20_000];
const LOW: Filter = { op: 'range', column: 'y', max: 5 };

const fixture = storeFixture();
const tasks: string[] = [];
let disk: SnapshotStore;
let snapshot: Snapshot;
let pool: Pool;
let store: ColumnStore;
let indexes: Indexes;
beforeAll(async () => {
  disk = await fixture.open();
  snapshot = await publishRising(disk, fixture, BATCHES);
  const threads = inlinePool(2);
  pool = {
    ...threads,
    run: (name, task, options) => {
      tasks.push(name);
      return threads.run(name, task, options);
    },
  };
  store = createColumnStore({ read: async (task) => readSpans(task), budgetBytes: 2 ** 26 });
  indexes = createIndexes({ store, pool, mayWrite: () => true });
});
afterAll(async () => {
  await indexes.close();
  disk.close();
  fixture.remove();
});

/** A scatter by tiles, by a scan, and the tasks that the threads got for the tiles. */
async function ask(query: Partial<Query>) {
  const asked: Query = { dataset: 'numbers', mark: 'scatter', x: 't', y: 'y', width: 100, height: 60, ...query }; // prettier-ignore
  const parts = { store, pool, indexes };
  const scanned = await createEngine({ ...parts, tier: 'scan' }).frame(snapshot, asked);
  const engine = createEngine({ ...parts, tier: 'tiles' });
  await engine.frame(snapshot, asked);
  tasks.length = 0;
  const frame = await engine.frame(snapshot, asked);
  expect(frame.plan.tier).toBe('tiles');
  expect(Buffer.from(frame.bytes).equals(scanned.bytes)).toBe(true);
  return { frame, tasks: tasks.filter((name) => name === 'scatterByTiles' || name === 'merge') };
}

const WINDOW = { x: [30_000, 30_500], y: [-1e9, 1e9] } satisfies Query['domain'];

test('a picture of few rows is made where it is planned', async () => {
  const { frame, tasks } = await ask({ domain: WINDOW });
  expect(frame.metadata.rows.drawn).toBeGreaterThan(100);
  expect(tasks).toEqual([]);
});

test('a picture of many rows is made by the threads', async () => {
  expect((await ask({ domain: { ...WINDOW, x: [0, 8000] } })).tasks).toEqual(['scatterByTiles']);
  const all = await ask({ domain: { ...WINDOW, x: [0, 99_999] } });
  expect(all.tasks).toEqual(['scatterByTiles', 'scatterByTiles', 'merge']);
});

test('where filters ask which rows pass a thread is told, however few they are', async () => {
  expect((await ask({ domain: WINDOW, filters: [LOW] })).tasks).toEqual(['scatterByTiles']);
});
