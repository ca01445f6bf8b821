import { Table, Vector, makeData, tableFromIPC, Int32, Uint8, type Data } from 'apache-arrow';
import fc from 'fast-check';
import { mkdirSync, readFileSync, rmSync, rmdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { createColumnStore, type ResidentColumns } from '../../../server/memory/columns.js';
import type { Lease } from '../../../server/memory/lease.js';
import type { Snapshot } from '../../../server/snapshots/manifest.js';
import type { SnapshotStore } from '../../../server/snapshots/store.js';
import type { Span } from '../../../workers/columns.js';
import { readSpans } from '../../../workers/read-spans.js';
import { publishSnapshot, storeFixture, type StoreFixture } from '../../helpers/stored-snapshot.js';

const KIB = 1024;

let fixture: StoreFixture;
let disk: SnapshotStore;
let snapshot: Snapshot;
beforeEach(async () => {
  fixture = storeFixture();
  disk = await fixture.open();
  snapshot = await publishSnapshot(disk, fixture.source);
});
afterEach(() => {
  disk.close();
  fixture.remove();
});

function columnStore(
  options: Partial<Parameters<typeof createColumnStore>[0]> = {},
): ResidentColumns {
  return createColumnStore({
    read: async (task) => readSpans(task),
    budgetBytes: 64 * 64 * KIB,
    ...options,
  });
}

const bytesAt = ({ table }: Lease, { slab, offset, length }: Span): Uint8Array =>
  new Uint8Array(table.slabs[slab]!, offset, length).slice();

test('what is left of a source stays in memory, with what it shares, and what is gone goes when no lease holds it', async () => {
  const store = columnStore();
  const held = await store.lease(snapshot, ['n']);
  const shared = await publishSnapshot(disk, fixture.source);
  const newest = await publishSnapshot(disk, fixture.source);
  for (const one of [shared, newest]) (await store.lease(one, ['n'])).release();
  const { units } = store.stats();
  // The newest has taken its segments over from another.
  const writtenBy = shared.manifest.id;
  const segments = newest.manifest.segments.map((segment) => ({ ...segment, writtenBy }));
  const kept = { ...newest, manifest: { ...newest.manifest, segments } };
  store.keepOnly([kept]);
  expect(store.stats().units).toBe(units);
  held.release();
  store.keepOnly([kept]);
  expect(store.stats().units).toBe((units * 2) / 3);
  store.keepOnly([newest]);
  expect(store.stats().units).toBe(units / 3);
  expect((await store.lease(newest, ['n'])).bytesRead).toBe(0);
  expect((await store.lease(shared, ['n'])).bytesRead).toBeGreaterThan(0);
});

describe('leased columns', () => {
  test('equal the segments on disk, as an Arrow table over the shared pages', async () => {
    const lease = await columnStore().lease(snapshot, ['n', 'word']);
    const disk = tableFromIPC(readFileSync(join(snapshot.dir, 'segment-0.arrow')));
    const [n, word] = lease.table.columns;
    const numbers = n!.batches.map((batch, at): Data<Int32> =>
      makeData({
        type: new Int32(),
        length: lease.table.batchRows[at]!,
        nullCount: batch.nulls,
        nullBitmap: new Uint8Array(
          lease.table.slabs[batch.validity!.slab]!,
          batch.validity!.offset,
          batch.validity!.length,
        ),
        data: new Int32Array(lease.table.slabs[batch.data!.slab]!, batch.data!.offset, 1000),
      }),
    );
    const codes = word!.batches.map((batch): Data<Uint8> =>
      makeData({
        type: new Uint8(),
        length: 1000,
        nullCount: 0,
        data: bytesAt(lease, batch.data!),
      }),
    );
    const memory = new Table({ n: new Vector(numbers), codes: new Vector(codes) });
    expect(memory.getChild('n')!.toJSON()).toEqual(disk.getChild('n')!.toJSON());
    const { offsets, bytes } = word!.dictionary!;
    const starts = new Int32Array(bytesAt(lease, offsets).buffer);
    const text = new TextDecoder().decode(bytesAt(lease, bytes));
    const words = [...memory.getChild('codes')!].map((code) =>
      text.slice(starts[code as number], starts[(code as number) + 1]),
    );
    expect(words).toEqual([...disk.getChild('word')!]);
    lease.release();
  });

  test('are read once, and again only after they had to make room', async () => {
    const store = columnStore();
    (await store.lease(snapshot, ['n'])).release();
    expect((await store.lease(snapshot, ['n'])).bytesRead).toBe(0);
    expect(store.stats().loads).toBe(3);
  });

  test('are read by one reader for all who ask at once', async () => {
    const store = columnStore();
    await Promise.all([1, 2, 3].map(() => store.lease(snapshot, ['n', 'word'])));
    expect(store.stats().loads).toBe(7);
  });

  test('hold only the batches that were asked for', async () => {
    const { table } = await columnStore().lease(snapshot, ['n'], { batches: [1] });
    expect(table.columns[0]!.batches.map(({ data }) => data !== undefined)).toEqual([
      false,
      true,
      false,
    ]);
    expect(table.columns[0]!.batches.map(({ min }) => min)).toEqual([1n, 1001n, 2001n]);
  });

  test('are the same objects as long as they stay where they are', async () => {
    const store = columnStore();
    const view = async (): Promise<Lease> => {
      const lease = await store.lease(snapshot, ['n', 'word']);
      lease.release();
      return lease;
    };
    const first = await view();
    expect((await view()).table.columns).toBe(first.table.columns);
    store.drop();
    const again = await view();
    expect(again.table.columns).not.toBe(first.table.columns);
    expect(again.table.columns).toEqual(first.table.columns);
  });

  test('wait for room, and say what is missing when none comes', async () => {
    const store = columnStore({ budgetBytes: 3 * 64 * KIB, waitMs: 1 });
    const first = await store.lease(snapshot, ['n']);
    await expect(store.lease(snapshot, ['word'])).rejects.toMatchObject({
      code: 'MEMORY_EXHAUSTED',
    });
    const patient = columnStore({ budgetBytes: 4 * 64 * KIB });
    const held = await patient.lease(snapshot, ['n']);
    const later = patient.lease(snapshot, ['word']);
    held.release();
    first.release();
    expect((await later).table.columns[0]!.name).toBe('word');
  });

  test('that need much are not passed by those who need little', async () => {
    const store = columnStore({ budgetBytes: 5 * 64 * KIB });
    const first = await store.lease(snapshot, ['n'], { batches: [0] });
    const order: string[] = [];
    const ask = async (name: string, columns: string[], batches?: number[]) => {
      const lease = await store.lease(snapshot, columns, batches === undefined ? {} : { batches });
      order.push(name);
      return lease;
    };
    // Two batches of each and the dictionary: five units where four are free.
    const wide = ask('wide', ['n', 'word'], [1, 2]);
    const narrow = ask('narrow', ['n'], [2]);
    await Promise.resolve();
    expect(order).toEqual([]);
    first.release();
    (await wide).release();
    (await narrow).release();
    expect(order).toEqual(['wide', 'narrow']);
    expect(store.stats().pinnedBytes).toBe(0);
  });

  test('come to all who waited for the same ones and to who asks for them in that moment', async () => {
    const store = columnStore({ budgetBytes: 4 * 64 * KIB });
    const first = await store.lease(snapshot, ['n']);
    const waiting = [1, 2].map(() => store.lease(snapshot, ['word']));
    first.release();
    const late = store.lease(snapshot, ['word'], { batches: [0] });
    for (const lease of await Promise.all([...waiting, late])) lease.release();
    expect(store.stats()).toMatchObject({ pinnedBytes: 0, loads: 3 + 4 });
  });

  test('are not given up in vain for a lease that has to wait', async () => {
    const store = columnStore({ budgetBytes: 4 * 64 * KIB, waitMs: 0 });
    (await store.lease(snapshot, ['n'], { batches: [1] })).release();
    const held = await store.lease(snapshot, ['n'], { batches: [0] });
    await expect(store.lease(snapshot, ['word'])).rejects.toMatchObject({
      code: 'MEMORY_EXHAUSTED',
    });
    expect(store.stats()).toMatchObject({ evictions: 0, units: 2 });
    held.release();
  });

  test('never move or change while they are pinned, whatever else is leased', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(
          fc.record({
            columns: fc.subarray(['n', 'word'], { minLength: 1 }),
            batches: fc.subarray([0, 1, 2], { minLength: 1 }),
            release: fc.nat(5),
          }),
          { maxLength: 40 },
        ),
        async (steps) => {
          const store = columnStore({ budgetBytes: 6 * 64 * KIB, waitMs: 0 });
          const held: Lease[] = [];
          for (const { columns, batches, release } of steps) {
            const lease = await store.lease(snapshot, columns, { batches }).catch(() => undefined);
            if (lease !== undefined) held.push(lease);
            if (release < held.length) held.splice(release, 1)[0]!.release();
            for (const { table } of held) checkNumbers(table);
            expect(store.stats().bytes).toBeLessThanOrEqual(store.stats().maxBytes);
          }
          for (const lease of held) lease.release();
          expect(store.stats().pinnedBytes).toBe(0);
        },
      ),
      { numRuns: 50 },
    );
  });

  test('are refused where a byte on disk has changed, for every byte of every buffer', async () => {
    const path = join(snapshot.dir, 'segment-0.arrow');
    const intact = readFileSync(path);
    const { segments } = snapshot.manifest;
    const refs = segments[0]!.batches
      .flatMap(({ columns }) => columns.flatMap(({ validity, data }) => [validity, data]))
      .filter((ref) => ref !== undefined);
    for (let flip = 0; flip < 1000; flip++) {
      const ref = refs[flip % refs.length]!;
      const file = Buffer.from(intact);
      file[ref.offset + ((flip * 7919) % ref.length)]! ^= 1 << (flip % 8);
      writeFileSync(path, file);
      const store = columnStore();
      await expect(store.lease(snapshot, ['n', 'word'])).rejects.toMatchObject({
        code: 'CACHE_DAMAGED',
      });
      expect(store.stats()).toMatchObject({ pinnedBytes: 0 });
    }
    writeFileSync(path, intact);
    expect((await columnStore().lease(snapshot, ['n'])).table.rows).toBe(3000);
  });

  test('are refused where their file is gone, or is none', async () => {
    const path = join(snapshot.dir, 'segment-0.arrow');
    rmSync(path);
    const gone = columnStore().lease(snapshot, ['n']);
    await expect(gone).rejects.toMatchObject({ code: 'CACHE_DAMAGED' });
    mkdirSync(path);
    const folder = columnStore().lease(snapshot, ['n']);
    await expect(folder).rejects.toMatchObject({
      code: 'CACHE_DAMAGED',
      message: expect.stringContaining('EISDIR') as string,
    });
    rmdirSync(path);
  });

  test('load again after a failure once the file is whole', async () => {
    const path = join(snapshot.dir, 'segment-0.arrow');
    const intact = readFileSync(path);
    writeFileSync(path, intact.subarray(0, 500));
    const store = columnStore();
    await expect(
      Promise.all([store.lease(snapshot, ['n']), store.lease(snapshot, ['n'])]),
    ).rejects.toThrow('damaged');
    writeFileSync(path, intact);
    expect((await store.lease(snapshot, ['n'])).bytesRead).toBeGreaterThan(0);
  });
});

function checkNumbers({ columns, slabs }: Lease['table']): void {
  for (const { name, batches } of columns) {
    if (name !== 'n') continue;
    batches.forEach(({ data }, batch) => {
      if (data === undefined) return;
      const values = new Int32Array(slabs[data.slab]!, data.offset, 1000);
      if (values[0] !== batch * 1000 || values[999] !== batch * 1000 + 999)
        throw new Error(`Batch ${batch} holds ${values[0]} … ${values[999]}.`);
    });
  }
}
