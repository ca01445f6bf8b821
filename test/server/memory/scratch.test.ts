import { describe, expect, test } from 'vitest';
import { createColumnStore, type ResidentColumns } from '../../../server/memory/columns.js';

const MIB = 2 ** 20;

const storeOf = (mib: number, waitMs = 10_000): ResidentColumns =>
  createColumnStore({
    read: async () => Promise.reject(new Error('Nothing is read here.')),
    budgetBytes: mib * MIB,
    scratchShare: 0.2,
    waitMs,
  });

describe('what requests compute with', () => {
  test('is booked above 8 MiB a request, and given back as a whole', async () => {
    const store = storeOf(100);
    const scratch = store.scratch!();
    await scratch.take(5 * MIB, 'This');
    expect(store.stats().scratchBytes).toBe(0);
    await scratch.take(50 * MIB, 'This');
    await scratch.take(10 * MIB, 'This');
    expect(store.stats()).toMatchObject({ scratchBytes: 57 * MIB, bookedBytes: 57 * MIB });
    scratch.release();
    scratch.release();
    expect(store.stats()).toMatchObject({ scratchBytes: 0, peakBytes: 57 * MIB });
  });

  test('is refused with the numbers where it can never be there', async () => {
    const store = storeOf(100);
    const scratch = store.scratch!();
    await expect(scratch.take(200 * MIB, 'The groups')).rejects.toMatchObject({
      code: 'MEMORY_EXHAUSTED',
      message:
        'The groups would take 210 MB of memory beside the columns. The limit of this server is 105 MB; columns have 0 MB of it.',
    });
    expect(store.stats().scratchBytes).toBe(0);
  });

  test('is waited for where others have it, in the order of asking', async () => {
    const store = storeOf(100);
    const [first, second, third] = [store.scratch!(), store.scratch!(), store.scratch!()];
    await first.take(80 * MIB, 'This');
    const order: string[] = [];
    const waiting = [
      second.take(90 * MIB, 'This').then(() => order.push('second')),
      third.take(20 * MIB, 'This').then(() => order.push('third')),
    ];
    await Promise.resolve();
    expect(order).toEqual([]);
    first.release();
    await waiting[0];
    second.release();
    await waiting[1];
    expect(order).toEqual(['second', 'third']);
    third.release();
  });

  test('is refused where others keep it too long, and left where its request is withdrawn', async () => {
    const store = storeOf(100, 1);
    const first = store.scratch!();
    await first.take(80 * MIB, 'This');
    await expect(store.scratch!().take(80 * MIB, 'This')).rejects.toThrow('other requests 76 MB');
    const withdrawn = new AbortController();
    withdrawn.abort(new Error('gone'));
    await expect(store.scratch!(withdrawn.signal).take(1, 'This')).rejects.toThrow('gone');
  });
});
