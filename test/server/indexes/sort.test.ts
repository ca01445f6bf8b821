import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { Frame } from '../../../server/engine/engine.js';
import { sortOf } from '../../../server/indexes/sort.js';
import { IndexDamaged } from '../../../server/memory/lease.js';
import type { Snapshot } from '../../../server/snapshots/manifest.js';
import type { SnapshotStore } from '../../../server/snapshots/store.js';
import { appendRising, publishRising } from '../../helpers/rising-snapshot.js';
import { storeFixture, type StoreFixture } from '../../helpers/stored-snapshot.js';
import { DAMAGES, start, type IndexedProcess } from './indexed-process.js';

/** The order by y, a column of doubles that goes up and down and has NaN. */
const Y = sortOf(1);
const FILE = 'segment-0.sort-1.index';

let fixture: StoreFixture;
let disk: SnapshotStore;
let snapshot: Snapshot;
let path: string;
beforeEach(async () => {
  fixture = storeFixture();
  disk = await fixture.open();
});
afterEach(() => {
  disk.close();
  fixture.remove();
});

async function publish(batchRows: readonly number[]): Promise<void> {
  snapshot = await publishRising(disk, fixture, batchRows);
  path = join(snapshot.dir, FILE);
}

const ask = ({ engine }: IndexedProcess, offset = 150): Promise<Frame> =>
  engine.frame(snapshot, {
    dataset: 'numbers',
    mark: 'rows',
    sort: [{ column: 'y', order: 'desc' }],
    offset,
    limit: 40,
  });

test('a table is scanned for its first sorted page, and looked up from then on', async () => {
  await publish([150_000, 150_000, 23_457]);
  const parts = start();
  const first = await ask(parts);
  expect(first.plan).toMatchObject({ tier: 'scan', rowsTouched: 323_457 });
  expect(first.plan.reason).toContain('no order of "y": it is not built yet');
  // It joins what is under way.
  await parts.indexes.build(snapshot, Y);
  for (const offset of [150, 200_000, 323_450]) {
    const frame = await ask(parts, offset);
    expect(frame.plan).toMatchObject({ tier: 'sub-index', reason: 'the order of "y"' });
    expect(frame.plan.rowsTouched).toBeLessThan(3_000);
    const scanned = await ask(start({ tier: 'scan' }), offset);
    expect(Buffer.from(frame.bytes).equals(scanned.bytes)).toBe(true);
  }
});

test('a small table is scanned, and no order of it is kept', async () => {
  await publish([3000]);
  const parts = start();
  expect((await ask(parts)).plan.reason).toBe('one scan of the rows; few rows');
  expect(await parts.indexes.find(snapshot, Y)).toEqual({ missing: 'it is not built yet' });
});

test('an order with any one bit flipped is not used, but found and built anew', async () => {
  await publish([200, 65, 1]);
  await start().indexes.build(snapshot, Y);
  const whole = readFileSync(path);
  const expected = await ask(start({ tier: 'scan' }));
  for (let at = 0; at < whole.length; at++) {
    const flipped = Buffer.from(whole);
    flipped[at]! ^= 1 << (at % 8);
    writeFileSync(path, flipped);
    const parts = start({ mayWrite: false });
    const found = await parts.indexes.find(snapshot, Y);
    if ('parts' in found) {
      const leased = parts.store.lease(snapshot, [], { parts: found.parts });
      await expect(leased, `byte ${at}`).rejects.toThrow(IndexDamaged);
    }
    if (at % 97 === 0) {
      expect(Buffer.from((await ask(parts)).bytes).equals(expected.bytes)).toBe(true);
    }
  }
});

test.each(DAMAGES)(
  'an order that is %s is built anew, and the page is scanned meanwhile',
  async (_, damage) => {
    await publish([150_000, 150_000]);
    await start().indexes.build(snapshot, Y);
    const whole = readFileSync(path);
    damage(path);
    const parts = start();
    const first = await ask(parts);
    expect(first.plan.tier).toBe('scan');
    await parts.indexes.build(snapshot, Y);
    expect(readFileSync(path).equals(whole)).toBe(true);
    const second = await ask(parts);
    expect(second.plan.tier).toBe('sub-index');
    expect(Buffer.from(second.bytes).equals(first.bytes)).toBe(true);
  },
);

test('an order that is damaged under a running server is noticed when it is read', async () => {
  await publish([150_000, 150_000]);
  const parts = start();
  await parts.indexes.build(snapshot, Y);
  await parts.indexes.find(snapshot, Y);
  const bytes = readFileSync(path);
  bytes[bytes.length - 5]! ^= 4;
  writeFileSync(path, bytes);
  const first = await ask(parts);
  expect(first.plan.reason).toContain(`The index "${FILE}" is damaged`);
  await parts.indexes.build(snapshot, Y);
  expect((await ask(parts)).plan.tier).toBe('sub-index');
});

test('an order that does not fit into memory beside the columns is done without', async () => {
  await publish([150_000, 150_000]);
  await start().indexes.build(snapshot, Y);
  // Two columns of 2.4 MB, and no room for 1.2 MB more.
  const frame = await ask(start({ budgetBytes: 5.3e6 }));
  expect(frame.plan.reason).toContain('no order of "y": it does not fit into memory');
});

test('an append builds the order of what is new alone', async () => {
  await publish([3000, 500]);
  await start().indexes.build(snapshot, Y);
  const whole = readFileSync(path);
  snapshot = await appendRising(disk, fixture, snapshot, [700]);
  const parts = start();
  await parts.indexes.build(snapshot, Y);
  expect(readFileSync(join(snapshot.dir, FILE)).equals(whole)).toBe(true);
  const frame = await ask(parts, 3300);
  expect(frame.plan.tier).toBe('sub-index');
  expect(Buffer.from(frame.bytes).equals((await ask(start({ tier: 'scan' }), 3300)).bytes)).toBe(
    true,
  );
});
