import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Query } from '../../../../protocol/query.js';
import { createEngine } from '../../../../server/engine/create-engine.js';
import type { Engine } from '../../../../server/engine/engine.js';
import { createIndexes, type Indexes } from '../../../../server/indexes/indexes.js';
import { pyramidOf } from '../../../../server/indexes/pyramid.js';
import { createColumnStore } from '../../../../server/memory/columns.js';
import type { Pool } from '../../../../server/pool.js';
import type { Snapshot } from '../../../../server/snapshots/manifest.js';
import type { SnapshotStore } from '../../../../server/snapshots/store.js';
import { readSpans } from '../../../../workers/read-spans.js';
import { inlinePool } from '../../../helpers/inline-pool.js';
import { publishRising } from '../../../helpers/rising-snapshot.js';
import { storeFixture } from '../../../helpers/stored-snapshot.js';

const BATCHES = [40_000, 40_000, 20_000];
const ROWS = 100_000;

const fixture = storeFixture();
let disk: SnapshotStore;
let snapshot: Snapshot;
beforeAll(async () => {
  disk = await fixture.open();
  snapshot = await publishRising(disk, fixture, BATCHES);
});
afterAll(() => {
  disk.close();
  fixture.remove();
});

/** An engine, and the tasks that it has given to its workers. */
function start(): { engine: Engine; indexes: Indexes; tasks: string[] } {
  const tasks: string[] = [];
  const pool = inlinePool(1);
  const watched: Pool = {
    ...pool,
    run: (name, task, options) => {
      tasks.push(name);
      return pool.run(name, task, options);
    },
  };
  const store = createColumnStore({
    read: async (task) => {
      tasks.push('readSpans');
      return readSpans(task);
    },
    budgetBytes: 2 ** 26,
    waitMs: 1,
  });
  const indexes = createIndexes({ store, pool: watched, mayWrite: () => true });
  const parts = { store, pool: watched, indexes, leastZonedRows: 0 };
  return { engine: createEngine(parts), indexes, tasks };
}

function ask(query: Partial<Query>): Query {
  return { dataset: 'numbers', mark: 'line', x: 't', y: 'y', width: 100, ...query };
}

const QUERIES: readonly [string, Query][] = [
  ['a histogram', ask({ mark: 'histogram', x: 'y' })],
  [
    'a histogram of a few batches',
    ask({ mark: 'histogram', x: 'y', filters: [{ op: 'range', column: 't', min: 90_000 }] }),
  ],
  ['a line of all rows', ask({})],
  ['a line of a narrow domain', ask({ domain: { x: [40_000, 40_100] } })],
  ['a line of some rows', ask({ filters: [{ op: 'range', column: 'y', min: 5 }] })],
];

describe('a plan', () => {
  test.each(QUERIES)('of %s is the way that its frame goes', async (_, query) => {
    const { engine, tasks } = start();
    const { plan } = await engine.plan(snapshot, query);
    expect(tasks).toEqual([]);
    const frame = await engine.frame(snapshot, query);
    expect(plan.tier).toBe(frame.plan.tier);
    expect(plan.rows).toBeGreaterThan(0);
    expect(plan.bytes).toBeGreaterThan(0);
    // What the zones of blocks tell is known once a frame has asked for it.
    const again = await engine.plan(snapshot, query);
    if (frame.plan.reason.includes('scan')) {
      expect(again.plan.rows).toBe(frame.plan.rowsTouched);
      expect(again.plan.bytes).toBe(frame.plan.bytesTouched);
    }
  });

  test('tells why no index answers, and what the other ways would read', async () => {
    const { engine } = start();
    const { plan } = await engine.plan(snapshot, ask({ width: 10, domain: { x: [0, 50_000] } }));
    expect(plan.reason).toContain('no pyramid: it is not built yet');
    expect(plan.others).toMatchObject([
      { tier: 'scan', rows: ROWS },
      { tier: 'pyramid', reason: 'it is not built yet' },
    ]);
    expect(plan.indexes).toEqual([
      {
        kind: 'pyramid',
        columns: ['y'],
        state: 'missing',
        reason: 'it is not built yet',
        wanted: false,
      },
    ]);
    const filtered = await engine.plan(snapshot, ask({ filters: [{ op: 'null', column: 'y' }] }));
    expect(filtered.plan.others).toEqual([
      { tier: 'pyramid', reason: 'rows are filtered' },
      { tier: 'sub-index', reason: 'rows are filtered by a column of the line' },
    ]);
  });

  test('is a pyramid once that is built', async () => {
    const { engine, indexes } = start();
    await indexes.build(snapshot, pyramidOf(1));
    const query = ask({ width: 10 });
    const { plan } = await engine.plan(snapshot, query);
    const frame = await engine.frame(snapshot, query);
    expect(plan).toMatchObject({ tier: 'pyramid', reason: frame.plan.reason });
    expect(plan.indexes).toEqual([{ kind: 'pyramid', columns: ['y'], state: 'ready' }]);
    expect(plan.bytes).toBeLessThan(plan.others[0]!.bytes!);
    await indexes.drop(snapshot, pyramidOf(1));
  });

  test('of a choice of rows tells that it is not exact', async () => {
    const { engine } = start();
    const exact = async (query: Query) => (await engine.plan(snapshot, query)).exact;
    expect(await exact(ask({ method: 'lttb' }))).toBe(false);
    expect(await exact(ask({ method: 'm4' }))).toBe(true);
  });

  test('refuses what its frame refuses', async () => {
    const { engine } = start();
    await expect(engine.plan(snapshot, ask({ y: 'nothing' }))).rejects.toMatchObject({
      code: 'COLUMN_UNKNOWN',
    });
  });
});
