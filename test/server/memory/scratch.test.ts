import { LRUCache } from 'lru-cache';
import { describe, expect, test } from 'vitest';
import { createColumnStore, type ResidentColumns } from '../../../server/memory/columns.js';
import { keepInAccount } from '../../../server/memory/keep-in-account.js';
import { ScratchWanted, type Lease, type LeaseOptions } from '../../../server/memory/lease.js';
import type { Snapshot } from '../../../server/snapshots/manifest.js';

const MIB = 2 ** 20;
const NOTHING = { dir: '/', manifest: { columns: [], segments: [] } } as unknown as Snapshot;

const storeOf = (mib: number, waitMs = 2 ** 30): ResidentColumns =>
  createColumnStore({
    read: async () => Promise.reject(new Error('Nothing is read here.')),
    budgetBytes: mib * MIB,
    scratchShare: 0.2,
    waitMs,
  });

/** A lease of no columns, of which the scratch alone counts. */
const leaseOf = (store: ResidentColumns, options: LeaseOptions = {}): Promise<Lease> =>
  store.lease(NOTHING, [], options);

const needOf = (mib: number) => ({ bytes: mib * MIB, what: 'This' });

describe('what requests compute with', () => {
  test('is booked above 8 MiB a request, and given back with its lease', async () => {
    const store = storeOf(100);
    const lease = await leaseOf(store);
    await lease.scratch!.take(5 * MIB, 'This');
    expect(store.stats().scratchBytes).toBe(0);
    await lease.scratch!.take(50 * MIB, 'This');
    await lease.scratch!.take(10 * MIB, 'This');
    expect(store.stats()).toMatchObject({ scratchBytes: 57 * MIB, bookedBytes: 57 * MIB });
    lease.release();
    lease.release();
    expect(store.stats()).toMatchObject({ scratchBytes: 0, peakBytes: 57 * MIB });
  });

  test('is booked from the first byte where others have 32 MiB that are not', async () => {
    const store = storeOf(100);
    const leases = await Promise.all(Array.from({ length: 5 }, () => leaseOf(store)));
    for (const { scratch } of leases) await scratch!.take(7 * MIB, 'This');
    expect(store.stats().scratchBytes).toBe(3 * MIB);
    expect(leases[4]!.scratch!.roomBytes).toBe(104 * MIB);
    leases[0]!.release();
    await leases[4]!.scratch!.take(1 * MIB, 'This');
    expect(store.stats().scratchBytes).toBe(3 * MIB);
    for (const lease of leases) lease.release();
    const late = await leaseOf(store);
    await late.scratch!.take(8 * MIB, 'This');
    expect(store.stats().scratchBytes).toBe(0);
  });

  test('is refused with the numbers where it can never be there', async () => {
    const store = storeOf(100);
    const { scratch } = await leaseOf(store);
    await expect(scratch!.take(200 * MIB, 'The groups')).rejects.toMatchObject({
      code: 'MEMORY_EXHAUSTED',
      message:
        'The groups would take 210 MB of memory beside the columns. The limit of this server is 105 MB; columns have 0 MB of it.',
    });
    const reserved = leaseOf(store, { scratch: needOf(200) });
    await expect(reserved).rejects.toMatchObject({ code: 'MEMORY_EXHAUSTED' });
    expect(store.stats().scratchBytes).toBe(0);
  });

  test('is not waited for with a lease in hand, but asked for together with the next one', async () => {
    const store = storeOf(100);
    const first = await leaseOf(store, { scratch: needOf(80) });
    const second = await leaseOf(store);
    const wanted = await second.scratch!.take(58 * MIB, 'This').catch((error: unknown) => error);
    expect(wanted).toBeInstanceOf(ScratchWanted);
    second.release();
    const { need } = wanted as ScratchWanted;
    expect(need).toEqual(needOf(50));
    const again = leaseOf(store, { scratch: need });
    first.release();
    const lease = await again;
    // What it came to need before is there, as often as it is given back.
    for (let scan = 0; scan < 2; scan++) {
      await lease.scratch!.take(58 * MIB, 'This');
      lease.scratch!.release();
      expect(store.stats().scratchBytes).toBe(50 * MIB);
    }
    lease.release();
    expect(store.stats().scratchBytes).toBe(0);
  });

  test('is had in the order of asking', async () => {
    const store = storeOf(100);
    const first = await leaseOf(store, { scratch: needOf(80) });
    const order: string[] = [];
    const second = leaseOf(store, { scratch: needOf(90) }).finally(() => order.push('second'));
    const third = leaseOf(store, { scratch: needOf(15) }).finally(() => order.push('third'));
    // Room that is left is not for who has come meanwhile.
    const late = await leaseOf(storeOf(100));
    await late.scratch!.take(9 * MIB, 'This');
    expect(order).toEqual([]);
    first.release();
    (await second).release();
    (await third).release();
    expect(order).toEqual(['second', 'third']);
  });

  test('comes first to who reads piece by piece, for others wait for what that one holds', async () => {
    const store = storeOf(100);
    const other = await leaseOf(store, { scratch: needOf(40) });
    const pieces = await leaseOf(store, { pieceBytes: 10 * MIB });
    await pieces.scratch!.take(38 * MIB, 'This');
    const order: string[] = [];
    const waiting = leaseOf(store, { scratch: needOf(50) }).finally(() => order.push('other'));
    const more = pieces.scratch!.take(40 * MIB, 'This').finally(() => order.push('pieces'));
    other.release();
    await more;
    // It leaves room for its own pieces.
    expect(pieces.scratch!.roomBytes).toBe(98 * MIB);
    await expect(pieces.scratch!.take(30 * MIB, 'This')).rejects.toThrow(
      'This would take 114 MB of memory beside the columns. The limit of this server is 105 MB; columns have 0 MB of it.',
    );
    pieces.release();
    (await waiting).release();
    expect([order, store.stats().scratchBytes]).toEqual([['pieces', 'other'], 0]);
  });

  test('is refused where others keep it too long, and left where its request is withdrawn', async () => {
    const store = storeOf(100, 1);
    const first = await leaseOf(store, { scratch: needOf(76) });
    const late = leaseOf(store, { scratch: needOf(76) });
    await expect(late).rejects.toThrow('other requests 80 MB');
    const patient = storeOf(100);
    const held = await leaseOf(patient, { scratch: needOf(76) });
    const controller = new AbortController();
    const { signal } = controller;
    const withdrawn = leaseOf(patient, { scratch: needOf(76), signal });
    const behind = leaseOf(patient, { scratch: needOf(20) });
    controller.abort(new Error('gone'));
    await expect(withdrawn).rejects.toThrow('gone');
    (await behind).release();
    held.release();
    first.release();
    expect([store.stats().scratchBytes, patient.stats().scratchBytes]).toEqual([0, 0]);
  });

  test('has what is kept of answers give way, and nothing more than it needs', async () => {
    const store = storeOf(100);
    const cache = new LRUCache<string, { mib: number }>({
      maxSize: 100 * MIB,
      sizeCalculation: ({ mib }) => mib * MIB,
    });
    keepInAccount(store.account, cache);
    for (let i = 0; i < 9; i++) cache.set(`${i}`, { mib: 10 });
    cache.get('0');
    expect(store.stats()).toMatchObject({ keptBytes: 90 * MIB, bookedBytes: 90 * MIB });
    const lease = await leaseOf(store, { scratch: needOf(35) });
    expect([...cache.keys()]).toEqual(['0', '8', '7', '6', '5', '4']);
    cache.set('more', { mib: 20 });
    store.account.settle();
    expect(store.stats().bookedBytes).toBe(95 * MIB);
    lease.release();
    expect(store.stats()).toMatchObject({ keptBytes: 60 * MIB, peakBytes: 95 * MIB });
  });
});
