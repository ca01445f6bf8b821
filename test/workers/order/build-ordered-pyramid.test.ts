import { expect, test } from 'vitest';
import { buildOrderedPyramid } from '../../../workers/order/build-ordered-pyramid.js';
import { memorySnapshot } from '../../helpers/memory-snapshot.js';
import { withOrders } from '../../helpers/orders.js';
import { testColumn } from '../../helpers/test-columns.js';

test.each([null, 0])(
  'the pyramid in an order that is there is the one in an order of its own, category %o',
  (category) => {
    const columns = [
      { ...testColumn('word', 5000, { nullEvery: 9 }), name: 'k' },
      { ...testColumn('odd', 5000, { seed: 3 }), name: 'x' },
      { ...testColumn('cents', 5000, { seed: 4, nullEvery: 5 }), name: 'y' },
    ];
    const { table: bare } = memorySnapshot(columns, 2048);
    const { table, orders } = withOrders(bare, { category, x: 1, ys: [] });
    for (const [batch, over] of orders.entries()) {
      const task = { table, category, x: 1, y: 2, batch };
      const [own, given] = [buildOrderedPyramid(task), buildOrderedPyramid({ ...task, over })];
      if (own.withdrawn || given.withdrawn) throw new Error('Nobody withdraws in a test.');
      expect(given.crc32).toBe(own.crc32);
      expect(given.bytes).toEqual(own.bytes);
    }
  },
);
