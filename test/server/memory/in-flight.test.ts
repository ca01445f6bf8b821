import { copyFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { createColumnStore, type ResidentColumns } from '../../../server/memory/columns.js';
import type { Snapshot } from '../../../server/snapshots/manifest.js';
import type { SnapshotStore } from '../../../server/snapshots/store.js';
import { readSpans, type ReadFault, type ReadSpansTask } from '../../../workers/read-spans.js';
import { publishSnapshot, storeFixture, type StoreFixture } from '../../helpers/stored-snapshot.js';

const PAGE = 64 * 1024;

let fixture: StoreFixture;
let disk: SnapshotStore;
let snapshot: Snapshot;
beforeEach(async () => {
  fixture = storeFixture();
  disk = await fixture.open();
  snapshot = twoSegments(await publishSnapshot(disk, fixture.source));
});
afterEach(() => {
  disk.close();
  fixture.remove();
});

/** The same batches again in a second file, so that a lease of all of them is read by two tasks. */
function twoSegments({ dir, manifest }: Snapshot): Snapshot {
  const [first] = manifest.segments;
  copyFileSync(join(dir, first!.file), join(dir, 'segment-1.arrow'));
  const segments = [first!, { ...first!, file: 'segment-1.arrow' }];
  return { dir, manifest: { ...manifest, rows: 2 * manifest.rows, segments } };
}

/** A disk whose first file is damaged, and whose second is read only once `finish` is called. */
function slowStore(budgetBytes: number): { store: ResidentColumns; finish: () => Promise<void> } {
  const waiting: (() => void)[] = [];
  const read = (task: ReadSpansTask): Promise<ReadFault> =>
    task.path.endsWith('segment-0.arrow')
      ? Promise.resolve({ offset: task.reads[0]!.offset, reason: 'The checksum differs.' })
      : new Promise((resolve) => waiting.push(() => resolve(readSpans(task))));
  return {
    store: createColumnStore({ read, budgetBytes, waitMs: 0 }),
    finish: async () => {
      await expect.poll(() => waiting.length).toBeGreaterThan(0);
      for (const start of waiting.splice(0)) start();
    },
  };
}

describe('memory that a worker still reads into', () => {
  test('is given to nobody else, although the lease that asked for it has failed', async () => {
    const { store, finish } = slowStore(6 * PAGE);
    await expect(store.lease(snapshot, ['n'])).rejects.toMatchObject({ code: 'CACHE_DAMAGED' });
    expect(store.stats().pinnedBytes).toBe(3 * PAGE);
    // Only the three pages of the file that failed are free.
    const refused = store.lease(snapshot, ['word'], { batches: [3, 4, 5] });
    await expect(refused).rejects.toMatchObject({ code: 'MEMORY_EXHAUSTED' });
    store.drop();
    expect(store.stats().units).toBe(3);
    await finish();
    await expect.poll(() => store.stats().pinnedBytes).toBe(0);
    const later = store.lease(snapshot, ['word'], { batches: [3, 4, 5] });
    await finish();
    expect((await later).bytesRead).toBeGreaterThan(0);
  });

  test('is kept for the next who asks, who need not read it again', async () => {
    const { store, finish } = slowStore(64 * PAGE);
    await expect(store.lease(snapshot, ['n'])).rejects.toMatchObject({ code: 'CACHE_DAMAGED' });
    const next = store.lease(snapshot, ['n'], { batches: [4] });
    await finish();
    const { table, bytesRead } = await next;
    const { slab, offset } = table.columns[0]!.batches[4]!.data!;
    expect(new Int32Array(table.slabs[slab]!, offset, 2)[1]).toBe(1001);
    expect(bytesRead).toBe(0);
  });

  test('is let go of at once by an asker who withdraws', async () => {
    const { store, finish } = slowStore(64 * PAGE);
    const controller = new AbortController();
    const options = { batches: [3], signal: controller.signal };
    const lease = store.lease(snapshot, ['n'], options);
    await expect.poll(() => store.stats().loads).toBe(1);
    controller.abort();
    await expect(lease).rejects.toMatchObject({ name: 'AbortError' });
    expect(store.stats().pinnedBytes).toBe(PAGE);
    await finish();
    await expect.poll(() => store.stats().pinnedBytes).toBe(0);
    // Nobody waited for the bytes any more: they were not read.
    expect(store.stats().units).toBe(0);
  });

  test('is read to its end while one of those who asked for it waits', async () => {
    const { store, finish } = slowStore(64 * PAGE);
    const [going, staying] = [new AbortController(), new AbortController()];
    const left = store.lease(snapshot, ['n'], { batches: [3], signal: going.signal });
    const kept = store.lease(snapshot, ['n'], { batches: [3], signal: staying.signal });
    await expect.poll(() => store.stats().loads).toBe(1);
    going.abort();
    await expect(left).rejects.toMatchObject({ name: 'AbortError' });
    await finish();
    expect((await kept).table.columns[0]!.batches[3]!.data).toBeDefined();
    expect(store.stats().loads).toBe(1);
  });

  test('is read anew for who comes to need it just after it was given up', async () => {
    const { store, finish } = slowStore(64 * PAGE);
    const going = new AbortController();
    const left = store.lease(snapshot, ['n'], { batches: [3], signal: going.signal });
    await expect.poll(() => store.stats().loads).toBe(1);
    going.abort();
    await expect(left).rejects.toMatchObject({ name: 'AbortError' });
    const late = [
      store.lease(snapshot, ['n'], { batches: [3] }),
      store.lease(snapshot, ['n'], { batches: [3] }),
    ];
    await finish();
    await finish();
    for (const { table } of await Promise.all(late)) {
      const { slab, offset } = table.columns[0]!.batches[3]!.data!;
      expect(new Int32Array(table.slabs[slab]!, offset, 2)[1]).toBe(1);
    }
    expect(store.stats().loads).toBe(2);
  });
});

describe('a lease that cannot be had', () => {
  test('tells how much it needs, how much is in use, and which flag helps', async () => {
    const { store, finish } = slowStore(4 * PAGE);
    const first = store.lease(snapshot, ['n'], { batches: [3, 4, 5] });
    await finish();
    await first;
    await expect(store.lease(snapshot, ['word'], { batches: [3, 4] })).rejects.toMatchObject({
      code: 'MEMORY_EXHAUSTED',
      message: expect.stringMatching(/needs 1 MB .* 1 MB of the 1 MB .* in use/) as string,
      details: { hint: expect.stringContaining('--memory-limit') as string },
    });
    await expect(store.lease(snapshot, ['n', 'word'])).rejects.toMatchObject({
      code: 'MEMORY_EXHAUSTED',
      message: expect.stringContaining('may be in memory at all') as string,
    });
  });

  test('names the snapshot, the column and the batch that are damaged', async () => {
    const { store } = slowStore(64 * PAGE);
    await expect(store.lease(snapshot, ['word'], { batches: [1] })).rejects.toMatchObject({
      message: expect.stringMatching(/column "word", batch 1, .*"segment-0\.arrow"/) as string,
    });
  });
});
