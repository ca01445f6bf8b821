import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Query } from '../../../protocol/query.js';
import type { Frame } from '../../../server/engine/engine.js';
import { orderedPyramidOf, orderOf } from '../../../server/indexes/order.js';
import { IndexDamaged } from '../../../server/memory/lease.js';
import type { Snapshot } from '../../../server/snapshots/manifest.js';
import type { SnapshotStore } from '../../../server/snapshots/store.js';
import { publishOrdered } from '../../helpers/ordered-snapshot.js';
import { storeFixture, type StoreFixture } from '../../helpers/stored-snapshot.js';
import { DAMAGES, start, type IndexedProcess } from './indexed-process.js';

/** Columns are t, y and k. */
const ORDER = orderOf(2, 0);
const PYRAMID = orderedPyramidOf(2, 0, 1);
const FILES = {
  order: 'segment-0.order-2-0.index',
  pyramid: 'segment-0.ordered-pyramid-2-0-1.index',
};
const BATCHES = [900_000, 900_000, 500_000];

let fixture: StoreFixture;
let disk: SnapshotStore;
let snapshot: Snapshot;
beforeEach(async () => {
  fixture = storeFixture();
  disk = await fixture.open();
});
afterEach(() => {
  disk.close();
  fixture.remove();
});

const LINE: Query = {
  dataset: 'numbers',
  mark: 'line',
  method: 'm4',
  x: 't',
  y: 'y',
  width: 20,
  filters: [{ op: 'in', column: 'k', values: [2, 5] }],
};

function ask({ engine }: IndexedProcess, query: Partial<Query> = {}): Promise<Frame> {
  return engine.frame(snapshot, { ...LINE, ...query });
}

async function build({ indexes }: IndexedProcess): Promise<void> {
  await Promise.all([indexes.build(snapshot, ORDER), indexes.build(snapshot, PYRAMID)]);
}

describe('a line of some categories', () => {
  test('is scanned at first, and looked up in the order that is built behind it', async () => {
    snapshot = await publishOrdered(disk, fixture, BATCHES);
    const parts = start();
    const first = await ask(parts);
    expect(first.plan.tier).toBe('scan');
    expect(first.plan.reason).toContain('rows are filtered; no sub-index: it is not built yet');
    await build(parts);
    const second = await ask(parts);
    expect(second.plan.tier).toBe('sub-index');
    expect(second.plan.reason).toBe(
      '20 pixel columns of about 2 of 7 categories looked up in the order by "k" and "t"',
    );
    expect(second.plan.bytesTouched).toBeLessThan(first.plan.bytesTouched / 20);
    expect(Buffer.from(second.bytes).equals(first.bytes)).toBe(true);
    const found = readdirSync(snapshot.dir).filter((name) => name.endsWith('.index'));
    expect(found.sort()).toEqual([FILES.order, FILES.pyramid]);
  });

  test('has its order built before the pyramid in it, whichever is asked for', async () => {
    snapshot = await publishOrdered(disk, fixture, BATCHES);
    const parts = start();
    await parts.indexes.build(snapshot, PYRAMID);
    for (const index of [ORDER, PYRAMID]) {
      expect(await parts.indexes.find(snapshot, index)).toHaveProperty('parts');
    }
    await parts.indexes.close();
  });

  test('in series, of all categories, or of none is the line of a scan', async () => {
    snapshot = await publishOrdered(disk, fixture, [3000, 2000]);
    const [scanning, looking] = [start({ tier: 'scan' }), start({ tier: 'sub-index' })];
    for (const query of [
      { color: 'k' },
      { color: 'k', filters: [], top: 2 },
      { filters: [] },
      { filters: [{ op: 'in', column: 'k', values: [] }] },
      { filters: [{ op: 'in', column: 'k', values: [1], exclude: true }], domain: { x: [3, 40] } },
    ] as const) {
      const [expected, found] = [
        await ask(scanning, query as object),
        await ask(looking, query as object),
      ];
      expect(found.plan.tier).toBe('sub-index');
      expect(Buffer.from(found.bytes).equals(expected.bytes)).toBe(true);
    }
  });

  test('is scanned, with the reason, where an order would not give the same line', async () => {
    snapshot = await publishOrdered(disk, fixture, [1000]);
    const parts = start({ tier: 'sub-index' });
    const reasonOf = async (query: object): Promise<string> =>
      (await ask(parts, query)).plan.reason;
    const inK = LINE.filters![0]!;
    const onY = { op: 'range', column: 'y', min: 0 };
    expect(await reasonOf({ filters: [inK, onY] })).toContain(
      'rows are filtered by more than the values of "k"',
    );
    expect(await reasonOf({ filters: [onY] })).toContain(
      'rows are filtered by a column of the line',
    );
    expect(await reasonOf({ filters: [inK, onY], color: 'k' })).toContain(
      'by more than the values of "k"',
    );
    expect(await reasonOf({ method: 'lttb' })).toContain('lttb looks at every row');
    expect(await reasonOf({ scale: { y: 'log' } })).toContain('"y" is not positive everywhere');
    expect(await reasonOf({ y: 't' })).toContain('"t" is both x and y');
  });

  test('is scanned where it would take longer to look up', async () => {
    snapshot = await publishOrdered(disk, fixture, [50_000]);
    const { plan } = await ask(start(), { width: 1000 });
    expect(plan.reason).toContain(
      '1000 pixel columns of about 2 of 7 categories would take longer',
    );
  });

  test('is scanned where the indexes do not fit into memory beside the columns', async () => {
    snapshot = await publishOrdered(disk, fixture, BATCHES);
    await build(start());
    const { plan } = await ask(start({ budgetBytes: 41e6 }));
    expect(plan.reason).toContain('no sub-index: it does not fit into memory');
    expect((await ask(start())).plan.tier).toBe('sub-index');
  });
});

describe.each([
  ['order', ORDER],
  ['pyramid', PYRAMID],
] as const)('an index on disk, the %s,', (name, index) => {
  const path = (): string => join(snapshot.dir, FILES[name]);

  test('with any one bit flipped is not used, but found and built anew', async () => {
    snapshot = await publishOrdered(disk, fixture, [60, 33, 1]);
    await build(start());
    const whole = readFileSync(path());
    const expected = await ask(start({ tier: 'scan' }));
    for (let at = 0; at < whole.length; at++) {
      const flipped = Buffer.from(whole);
      flipped[at]! ^= 1 << (at % 8);
      writeFileSync(path(), flipped);
      const { indexes, store } = start({ mayWrite: false });
      const found = await indexes.find(snapshot, index);
      if ('parts' in found) {
        const leased = store.lease(snapshot, [], { parts: found.parts });
        await expect(leased, `byte ${at}`).rejects.toThrow(IndexDamaged);
      }
    }
    const parts = start({ tier: 'sub-index' });
    const frame = await ask(parts);
    expect(Buffer.from(frame.bytes).equals(expected.bytes)).toBe(true);
    await build(parts);
    expect(readFileSync(path()).equals(whole)).toBe(true);
  });

  test.each(DAMAGES)(
    'that is %s is built anew, and the line is scanned meanwhile',
    async (_, damage) => {
      snapshot = await publishOrdered(disk, fixture, BATCHES);
      await build(start());
      const whole = readFileSync(path());
      const expected = await ask(start({ tier: 'scan' }));
      damage(path());
      const parts = start();
      const first = await ask(parts);
      expect(first.plan.tier).toBe('scan');
      expect(Buffer.from(first.bytes).equals(expected.bytes)).toBe(true);
      await build(parts);
      expect(readFileSync(path()).equals(whole)).toBe(true);
      expect((await ask(parts)).plan.tier).toBe('sub-index');
    },
  );

  test('that is damaged or deleted under a running server is noticed when it is read', async () => {
    snapshot = await publishOrdered(disk, fixture, BATCHES);
    const parts = start();
    await build(parts);
    const bytes = readFileSync(path());
    bytes[bytes.length - 5]! ^= 4;
    writeFileSync(path(), bytes);
    // The order has been read already, for the pyramid in it.
    parts.store.drop();
    expect((await ask(parts)).plan.reason).toContain(`The index "${FILES[name]}" is damaged`);
    await build(parts);
    parts.store.drop();
    rmSync(path());
    expect((await ask(parts)).plan.tier).toBe('scan');
    await build(parts);
    expect((await ask(parts)).plan.tier).toBe('sub-index');
  });
});
