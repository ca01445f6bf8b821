import { readdirSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Frame } from '../../../server/engine/engine.js';
import { openIndex } from '../../../server/indexes/index-file.js';
import { pyramidOf } from '../../../server/indexes/pyramid.js';
import { IndexDamaged } from '../../../server/memory/lease.js';
import type { Pool } from '../../../server/pool.js';
import type { Snapshot } from '../../../server/snapshots/manifest.js';
import type { SnapshotStore } from '../../../server/snapshots/store.js';
import { inlinePool } from '../../helpers/inline-pool.js';
import { appendRising, publishRising } from '../../helpers/rising-snapshot.js';
import { storeFixture, type StoreFixture } from '../../helpers/stored-snapshot.js';
import { DAMAGES, start, type IndexedProcess } from './indexed-process.js';

/** The pyramid of y. */
const Y = pyramidOf(1);
const FILE = 'segment-0.pyramid-1.index';
const BATCHES = [300_000, 300_000, 123_457];

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

async function publish(batchRows: readonly number[] = BATCHES): Promise<void> {
  snapshot = await publishRising(disk, fixture, batchRows);
  path = join(snapshot.dir, FILE);
}

function ask({ engine }: IndexedProcess, domain?: [number, number]): Promise<Frame> {
  return engine.frame(snapshot, {
    dataset: 'numbers',
    mark: 'line',
    method: 'm4',
    x: 't',
    y: 'y',
    width: 40,
    ...(domain && { domain: { x: domain } }),
  });
}

const filesNow = (): string[] =>
  readdirSync(snapshot.dir).filter((name) => name.includes('pyramid'));

describe('a line over many rows', () => {
  test('is scanned at first, and answered from its pyramid once that is built', async () => {
    await publish();
    const parts = start();
    const first = await ask(parts);
    expect(first.plan).toMatchObject({ tier: 'scan', rowsTouched: 723_457 });
    expect(first.plan.reason).toContain('no pyramid: it is not built yet');
    // It joins what is under way.
    await parts.indexes.build(snapshot, Y);
    const second = await ask(parts);
    expect(second.plan.tier).toBe('pyramid');
    expect(second.plan.reason).toBe('40 pixel columns looked up in the pyramid of "y"');
    expect(second.plan.rowsTouched).toBeLessThan(20_000);
    expect(second.plan.bytesTouched).toBeLessThan(400_000);
    expect(Buffer.from(second.bytes).equals(first.bytes)).toBe(true);
    expect(filesNow()).toEqual([FILE]);
  });

  test('has its pyramid built once, however many ask', async () => {
    await publish();
    const parts = start();
    await Promise.all([ask(parts), ask(parts), ask(parts, [5, 700_000])]);
    await Promise.all([0, 1, 2].map(() => parts.indexes.build(snapshot, Y)));
    expect(parts.tasks.filter((name) => name === 'buildPyramid')).toHaveLength(BATCHES.length);
  });

  test('finds the pyramid that an earlier process built', async () => {
    await publish();
    const earlier = start();
    await earlier.indexes.build(snapshot, Y);
    const later = start({ mayWrite: false });
    expect((await ask(later)).plan.tier).toBe('pyramid');
  });

  test('reads a small window from its own rows alone, and not from all batches', async () => {
    await publish([100_000, 100_000, 100_000, 100_000, 100_000]);
    const parts = start();
    const { plan } = await ask(parts, [250_000, 250_100]);
    expect(plan.tier).toBe('scan');
    expect(plan.reason).toBe('the rows of the domain alone, found by their x');
    expect(plan.rowsTouched).toBeLessThan(30_000);
    // Of both columns; y has gaps, and the nearest rows that have one may stand in the next batches.
    expect(parts.store.stats().units).toBe(6);
    expect(parts.tasks).not.toContain('scan');
  });

  test('is scanned where the folder is not ours to write, and nothing is put there', async () => {
    await publish();
    const parts = start({ mayWrite: false });
    const { plan } = await ask(parts);
    expect(plan).toMatchObject({ tier: 'scan' });
    expect(plan.reason).toContain('no pyramid: the cache folder is not ours to write');
    await parts.indexes.build(snapshot, Y);
    expect(filesNow()).toEqual([]);
  });

  test('is scanned, with the reason, where a pyramid would not give the same line', async () => {
    await publish([1000]);
    const { engine } = start({ tier: 'pyramid' });
    const line = { dataset: 'numbers', mark: 'line', x: 't', y: 'y' } as const;
    const reasonOf = async (query: object): Promise<string> =>
      (await engine.frame(snapshot, { ...line, ...query })).plan.reason;
    expect(await reasonOf({ filters: [{ op: 'range', column: 'y', min: 0 }] })).toContain(
      'rows are filtered',
    );
    expect(await reasonOf({ x: 'y', y: 't' })).toContain('"y" does not ascend');
    expect(await reasonOf({ scale: { x: 'log' } })).toContain('x is on a log scale');
    expect(await reasonOf({ scale: { y: 'log' } })).toContain(
      '"y" is not positive everywhere on its log scale',
    );
    expect(await reasonOf({})).toContain('looked up in the pyramid');
  });
});

describe('a pyramid on disk', () => {
  test('with any one bit flipped is not used, but found and built anew', async () => {
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
    }
    const parts = start({ tier: 'pyramid' });
    await parts.indexes.find(snapshot, Y);
    const frame = await ask(parts);
    expect(Buffer.from(frame.bytes).equals(expected.bytes)).toBe(true);
    await parts.indexes.build(snapshot, Y);
    expect(readFileSync(path).equals(whole)).toBe(true);
  });

  test.each(DAMAGES)(
    'that is %s is built anew, and the line is scanned meanwhile',
    async (_, damage) => {
      await publish();
      await start().indexes.build(snapshot, Y);
      const whole = readFileSync(path);
      const expected = await ask(start({ tier: 'scan' }));
      damage(path);
      const parts = start();
      const first = await ask(parts);
      expect(first.plan.tier).toBe('scan');
      expect(Buffer.from(first.bytes).equals(expected.bytes)).toBe(true);
      await parts.indexes.build(snapshot, Y);
      expect(readFileSync(path).equals(whole)).toBe(true);
      expect((await ask(parts)).plan.tier).toBe('pyramid');
    },
  );

  test('that is damaged under a running server is noticed when it is read', async () => {
    await publish();
    const parts = start();
    await parts.indexes.build(snapshot, Y);
    await parts.indexes.find(snapshot, Y);
    const bytes = readFileSync(path);
    bytes[bytes.length - 5]! ^= 4;
    writeFileSync(path, bytes);
    const first = await ask(parts);
    expect(first.plan.reason).toContain('The index "segment-0.pyramid-1.index" is damaged');
    await parts.indexes.build(snapshot, Y);
    expect((await ask(parts)).plan.tier).toBe('pyramid');
  });

  test('that is deleted under a running server does no harm', async () => {
    await publish();
    const parts = start();
    await parts.indexes.build(snapshot, Y);
    rmSync(path);
    expect((await ask(parts)).plan.tier).toBe('scan');
    await parts.indexes.build(snapshot, Y);
    expect((await ask(parts)).plan.tier).toBe('pyramid');
  });

  test('of another snapshot is not taken for this one', async () => {
    await publish([300]);
    await start().indexes.build(snapshot, Y);
    const bytes = readFileSync(path);
    await publish([301]);
    writeFileSync(path, bytes);
    expect(await openIndex(snapshot, snapshot.manifest.segments[0]!, Y)).toEqual({
      damage: 'It is of other columns.',
    });
  });
});

describe('building', () => {
  test('leaves alone what a snapshot has in common with an earlier one', async () => {
    await publish([3000, 3000, 500]);
    await start().indexes.build(snapshot, Y);
    const whole = readFileSync(path);
    snapshot = await appendRising(disk, fixture, snapshot, [700]);
    const parts = start({ tier: 'pyramid' });
    const frame = await ask(parts);
    expect(frame.plan.tier).toBe('pyramid');
    expect(parts.tasks.filter((name) => name === 'buildPyramid')).toHaveLength(1);
    expect(filesNow()).toEqual([FILE, 'segment-1.pyramid-1.index']);
    expect(readFileSync(join(snapshot.dir, FILE)).equals(whole)).toBe(true);
    const scanned = await ask(start({ tier: 'scan' }));
    expect(Buffer.from(frame.bytes).equals(scanned.bytes)).toBe(true);
  });

  test('of what was damaged leaves the sound segments alone', async () => {
    await publish([3000]);
    snapshot = await appendRising(disk, fixture, snapshot, [700]);
    await start().indexes.build(snapshot, Y);
    truncateSync(join(snapshot.dir, FILE), 100);
    const parts = start();
    expect(await parts.indexes.find(snapshot, Y)).toEqual({ missing: 'It ends after 100 bytes.' });
    await parts.indexes.build(snapshot, Y);
    expect(parts.tasks.filter((name) => name === 'buildPyramid')).toHaveLength(1);
    expect(await parts.indexes.find(snapshot, Y)).toHaveProperty('parts.length', 2);
  });

  test('for appended rows is that of every index the snapshot before has, of the new segments alone', async () => {
    await publish([3000]);
    const before = snapshot;
    const parts = start();
    await parts.indexes.build(before, Y);
    snapshot = await appendRising(disk, fixture, before, [700]);
    const never = new AbortController().signal;
    await parts.indexes.extend(before, snapshot, never);
    expect(parts.tasks.filter((name) => name === 'buildPyramid')).toHaveLength(2);
    expect(await parts.indexes.find(snapshot, Y)).toHaveProperty('parts.length', 2);
    parts.indexes.keepOnly([snapshot]);
    rmSync(join(before.dir, FILE));
    expect(await parts.indexes.find(before, Y)).toHaveProperty('missing');
    expect(await parts.indexes.find(snapshot, Y)).toHaveProperty('parts.length', 2);
  });

  test('for appended rows begins no other once that is not waited for any more', async () => {
    await publish([3000]);
    const before = snapshot;
    const parts = start();
    await parts.indexes.build(before, Y);
    snapshot = await appendRising(disk, fixture, before, [700]);
    await parts.indexes.extend(before, snapshot, AbortSignal.abort());
    expect(parts.tasks.filter((name) => name === 'buildPyramid')).toHaveLength(1);
  });

  test('that is broken off by the end of the server leaves nothing behind', async () => {
    await publish();
    const inline = inlinePool();
    let release = (): void => {};
    const held = new Promise<void>((resolve) => (release = resolve));
    const pool: Pool = {
      ...inline,
      run: (name, task, options) =>
        name === 'buildPyramid'
          ? held.then(() => inline.run(name, task, options))
          : inline.run(name, task, options),
    };
    const parts = start({ pool });
    const building = parts.indexes.build(snapshot, Y);
    await expect.poll(filesNow).toEqual([`${FILE}.partial-${process.pid}`]);
    expect(await openIndex(snapshot, snapshot.manifest.segments[0]!, Y)).toBeUndefined();
    expect((await ask(parts)).plan.reason).toContain('it is being built');
    const closed = parts.indexes.close();
    release();
    await Promise.all([closed, building]);
    expect(filesNow()).toEqual([]);
    await parts.indexes.build(snapshot, Y);
    expect(filesNow()).toEqual([]);
  });

  test('removes what an earlier process did not finish', async () => {
    await publish([300]);
    writeFileSync(`${path}.partial-1`, 'half');
    await start().indexes.build(snapshot, Y);
    expect(filesNow()).toEqual([FILE]);
  });

  test('that fails is told in the plan, and given up after three attempts', async () => {
    await publish();
    const inline = inlinePool();
    const pool: Pool = {
      ...inline,
      run: (name, task, options) =>
        name === 'buildPyramid'
          ? Promise.reject(new Error('The disk is full.'))
          : inline.run(name, task, options),
    };
    const parts = start({ pool });
    for (let attempt = 0; attempt < 5; attempt++) await parts.indexes.build(snapshot, Y);
    expect(parts.tasks.filter((name) => name === 'buildPyramid').length).toBeLessThanOrEqual(6);
    expect((await ask(parts)).plan.reason).toContain('no pyramid: The disk is full.');
    expect(filesNow()).toEqual([]);
  });

  test('that leaves no room for a pyramid beside the columns of a line is done without', async () => {
    await publish();
    await start().indexes.build(snapshot, Y);
    // The columns take 180 pages, the pyramid would take 5 more.
    const parts = start({ budgetBytes: 182 * 65_536 });
    const { plan } = await ask(parts);
    expect(plan.reason).toContain('no pyramid: it does not fit into memory');
    expect((await ask(start())).plan.tier).toBe('pyramid');
  });

  test('counts in the budget of columns, and gives way as they do', async () => {
    await publish();
    const parts = start({ tier: 'pyramid' });
    await ask(parts);
    const { bytes, units } = parts.store.stats();
    // Two columns and a pyramid of three batches.
    expect(units).toBe(9);
    expect(bytes).toBeGreaterThan(723_457 * 16.35);
    parts.store.drop();
    expect(parts.store.stats().bytes).toBe(0);
    expect((await ask(parts)).plan.tier).toBe('pyramid');
  });
});
