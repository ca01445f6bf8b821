import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Query } from '../../../protocol/query.js';
import { createEngine } from '../../../server/engine/create-engine.js';
import type { Engine, Frame } from '../../../server/engine/engine.js';
import { createColumnStore, type ResidentColumns } from '../../../server/memory/columns.js';
import type { Snapshot } from '../../../server/snapshots/manifest.js';
import type { SnapshotStore } from '../../../server/snapshots/store.js';
import { readSpans } from '../../../workers/read-spans.js';
import { inlinePool } from '../../helpers/inline-pool.js';
import { publishSnapshot, storeFixture, type StoreFixture } from '../../helpers/stored-snapshot.js';

/** What a column takes in a batch, and a dictionary. */
const PAGE = 64 * 1024;
/** Whoever waits for good fails by the time limit of its test. */
const FOR_EVER = 2 ** 30;

let fixture: StoreFixture;
let disk: SnapshotStore;
beforeEach(async () => {
  fixture = storeFixture();
  disk = await fixture.open();
});
afterEach(() => {
  disk.close();
  fixture.remove();
});

function open(budgetBytes: number, waitMs = FOR_EVER): { store: ResidentColumns; engine: Engine } {
  const store = createColumnStore({ read: async (task) => readSpans(task), budgetBytes, waitMs });
  return { store, engine: createEngine({ store, pool: inlinePool() }) };
}

const publish = (batches: number, name = 'numbers'): Promise<Snapshot> =>
  publishSnapshot(disk, { ...fixture.source, name }, batches);

const SUMS: Query = {
  dataset: 'numbers',
  mark: 'bar',
  x: 'word',
  aggregate: { op: 'sum', column: 'n' },
};
const medians = (p: number): Query => ({
  ...SUMS,
  aggregate: { op: 'quantile', p, column: 'n' },
});

/** The frames of an engine with room for all. */
function alone(asked: readonly (readonly [Snapshot, Query])[]): Promise<Frame[]> {
  const { engine } = open(2 ** 30);
  return Promise.all(asked.map(([snapshot, query]) => engine.frame(snapshot, query)));
}

function expectSame(found: readonly Frame[], expected: readonly Frame[]): void {
  expect(found.map(({ bytes }) => Buffer.from(bytes).toString('hex'))).toEqual(
    expected.map(({ bytes }) => Buffer.from(bytes).toString('hex')),
  );
}

describe('queries that do not fit into memory beside each other', () => {
  test('are answered one after the other where each reads its columns piece by piece', async () => {
    const snapshots = [await publish(6), await publish(6, 'others'), await publish(6, 'more')];
    const expected = await alone(snapshots.map((snapshot) => [snapshot, SUMS]));
    // A dictionary and one batch of both columns: two dictionaries would leave none of them a batch.
    const { store, engine } = open(3 * PAGE);
    const found = await Promise.all(snapshots.map((snapshot) => engine.frame(snapshot, SUMS)));
    expectSame(found, expected);
    expect(found[0]!.plan.reason).toContain('in 6 pieces');
    expect(store.stats()).toMatchObject({ pinnedBytes: 0, scratchBytes: 0 });
    expect(store.stats().peakBytes).toBeLessThanOrEqual(3 * PAGE);
  });

  test('pass by one that is withdrawn while it waits, and one that is withdrawn at work', async () => {
    const snapshot = await publish(6);
    const expected = await alone([[snapshot, SUMS]]);
    const { store, engine } = open(3 * PAGE);
    const gone = new AbortController();
    const first = engine.frame(snapshot, SUMS, gone.signal);
    const second = engine.frame(snapshot, SUMS, gone.signal);
    const third = engine.frame(snapshot, SUMS);
    gone.abort(new Error('gone'));
    await expect(first).rejects.toThrow();
    await expect(second).rejects.toThrow('gone');
    expectSame([await third], expected);
    expect(store.stats()).toMatchObject({ pinnedBytes: 0, scratchBytes: 0 });
  });

  test('are answered where the values of their groups have room one after the other', async () => {
    const batches = 400;
    const snapshot = await publish(batches);
    const quarters = [0.25, 0.75].map(medians);
    const expected = await alone(quarters.map((query) => [snapshot, query]));
    // Each keeps 24 bytes a row, 8 MiB of which are not counted.
    const kept = batches * 1000 * 24 - 8 * 2 ** 20;
    const columns = (2 * batches + 1) * PAGE;
    const { store, engine } = open(columns + kept * 1.5);
    const found = await Promise.all(quarters.map((query) => engine.frame(snapshot, query)));
    expectSame(found, expected);
    const { pinnedBytes, scratchBytes, peakBytes } = store.stats();
    expect([pinnedBytes, scratchBytes]).toEqual([0, 0]);
    expect(peakBytes).toBe(columns + kept);
  });

  test('are refused with the numbers where one alone has no room, and leave nothing behind', async () => {
    const batches = 400;
    const snapshot = await publish(batches);
    const columns = (2 * batches + 1) * PAGE;
    const { store, engine } = open(columns + PAGE);
    const asked = [0.25, 0.5].map((p) => engine.frame(snapshot, medians(p)));
    for (const outcome of await Promise.allSettled(asked)) {
      expect(outcome).toMatchObject({
        reason: {
          code: 'MEMORY_EXHAUSTED',
          message:
            'Every value of the matching rows would take 10 MB of memory beside the columns. The limit of this server is 53 MB; columns have 53 MB of it.',
        },
      });
    }
    expect(store.stats()).toMatchObject({ pinnedBytes: 0, scratchBytes: 0, bookedBytes: columns });
  });
});
