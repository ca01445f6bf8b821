import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { Query } from '../../../protocol/query.js';
import type { Frame } from '../../../server/engine/engine.js';
import { tilesOf } from '../../../server/indexes/tiles.js';
import type { Snapshot } from '../../../server/snapshots/manifest.js';
import type { SnapshotStore } from '../../../server/snapshots/store.js';
import { appendRising, publishRising } from '../../helpers/rising-snapshot.js';
import { storeFixture, type StoreFixture } from '../../helpers/stored-snapshot.js';
import { DAMAGES, start, type IndexedProcess } from './indexed-process.js';

/** Those of t, which ascends, and y, which goes up and down and has NaN. */
const TILES = tilesOf(0, 1);
const FILE = 'segment-0.tiles-0-1.index';

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

const queryOf = (query: Partial<Query> = {}): Query => ({
  dataset: 'numbers',
  mark: 'scatter',
  method: 'density',
  x: 't',
  y: 'y',
  width: 200,
  height: 100,
  domain: { x: [1000, 9000], y: [-10, 10] },
  ...query,
});
const ask = ({ engine }: IndexedProcess, query: Partial<Query> = {}): Promise<Frame> =>
  engine.frame(snapshot, queryOf(query));
const WHOLE = { domain: {} };

test('a part of a scatter is scanned at first, and counted by its tiles from then on', async () => {
  await publish([150_000, 150_000, 23_457]);
  const parts = start();
  const first = await ask(parts);
  expect(first.plan.tier).toBe('scan');
  expect(first.plan.reason).toContain('no tiles: it is not built yet');
  // It joins what is under way.
  await parts.indexes.build(snapshot, TILES);
  const second = await ask(parts);
  expect(second.plan).toMatchObject({ tier: 'tiles', reason: 'the tiles of "t" and "y"' });
  expect(second.plan.rowsTouched).toBeLessThan(20_000);
  expect(Buffer.from(second.bytes).equals(first.bytes)).toBe(true);
  expect((await ask(parts, WHOLE)).plan.reason).toContain('no tiles: a scan is as quick');
  const whole = await ask(start({ tier: 'tiles' }), WHOLE);
  expect(whole.plan.reason).toBe('the tiles of "t" and "y"; the extent by a scan');
  expect(Buffer.from(whole.bytes).equals((await ask(parts, WHOLE)).bytes)).toBe(true);
});

test('a part that holds more rows than it seems to is scanned once its tiles have told', async () => {
  await publish([150_000, 150_000]);
  const parts = start();
  await parts.indexes.build(snapshot, TILES);
  // Most values of a sine are near its ends: of 45 % of the extent, 48 % of the rows.
  const much = { domain: { x: [-1, 4e5], y: [-41, 0.8] } } satisfies Partial<Query>;
  expect((await parts.engine.plan(snapshot, queryOf(much))).plan.tier).toBe('tiles');
  const frame = await ask(parts, much);
  expect(frame.plan.tier).toBe('scan');
  expect(frame.plan.reason).toContain('no tiles: a scan is as quick');
  const tiled = await ask(start({ tier: 'tiles' }), much);
  expect(tiled.plan.tier).toBe('tiles');
  expect(Buffer.from(tiled.bytes).equals(frame.bytes)).toBe(true);
});

test('a small table is scanned without a word, and colors are', async () => {
  await publish([3000]);
  expect((await ask(start())).plan.reason).not.toContain('tiles');
  expect((await ask(start(), { color: 'y' })).plan.reason).toContain('no tiles: rows have colors');
  await start().indexes.build(snapshot, TILES);
});

test('tiles with any one bit flipped are not used', async () => {
  await publish([200, 65, 1]);
  await start().indexes.build(snapshot, TILES);
  const whole = readFileSync(path);
  const expected = await ask(start({ tier: 'scan' }));
  for (let at = 0; at < whole.length; at += 3) {
    const flipped = Buffer.from(whole);
    flipped[at]! ^= 1 << (at % 8);
    writeFileSync(path, flipped);
    const frame = await ask(start({ tier: 'tiles', mayWrite: false }));
    expect(frame.plan.tier, `byte ${at}`).toBe('scan');
    expect(Buffer.from(frame.bytes).equals(expected.bytes)).toBe(true);
  }
});

test.each(DAMAGES)(
  'tiles that are %s are built anew, and the scatter is scanned meanwhile',
  async (_, damage) => {
    await publish([150_000, 150_000]);
    await start().indexes.build(snapshot, TILES);
    const whole = readFileSync(path);
    damage(path);
    const parts = start();
    const first = await ask(parts);
    expect(first.plan.tier).toBe('scan');
    await parts.indexes.build(snapshot, TILES);
    expect(readFileSync(path).equals(whole)).toBe(true);
    const second = await ask(parts);
    expect(second.plan.tier).toBe('tiles');
    expect(Buffer.from(second.bytes).equals(first.bytes)).toBe(true);
  },
);

test('tiles that are damaged under a running server are noticed when they are read', async () => {
  await publish([150_000, 150_000]);
  const parts = start();
  await parts.indexes.build(snapshot, TILES);
  await parts.indexes.find(snapshot, TILES);
  const bytes = readFileSync(path);
  bytes[bytes.length - 5]! ^= 4;
  writeFileSync(path, bytes);
  const first = await ask(parts);
  expect(first.plan.reason).toContain(`The index "${FILE}" is damaged`);
  await parts.indexes.build(snapshot, TILES);
  expect((await ask(parts)).plan.tier).toBe('tiles');
});

test('an append builds the tiles of what is new alone', async () => {
  await publish([3000, 500]);
  await start().indexes.build(snapshot, TILES);
  const whole = readFileSync(path);
  snapshot = await appendRising(disk, fixture, snapshot, [700]);
  const parts = start({ tier: 'tiles' });
  await parts.indexes.build(snapshot, TILES);
  expect(readFileSync(join(snapshot.dir, FILE)).equals(whole)).toBe(true);
  const frame = await ask(parts);
  expect(frame.plan.tier).toBe('tiles');
  expect(Buffer.from(frame.bytes).equals((await ask(start({ tier: 'scan' }))).bytes)).toBe(true);
});
