import type { Span, TableView } from '../../workers/columns.js';
import type { BuiltPart } from '../../workers/index-part.js';
import { buildOrder } from '../../workers/order/build-order.js';
import { buildOrderedPyramid } from '../../workers/order/build-ordered-pyramid.js';

/** Builds the order of a category and x, and the pyramids of some columns in it, and gives the table with their memory. */
export function withOrders(
  table: TableView,
  { category, x, ys }: { category: number | null; x: number; ys: readonly number[] },
): { table: TableView; orders: Span[]; pyramids: Span[][] } {
  const slabs = [...table.slabs];
  const put = (built: BuiltPart): Span => {
    if (built.withdrawn) throw new Error('Nobody withdraws in a test.');
    const slab = new SharedArrayBuffer(built.bytes.length + 64);
    new Uint8Array(slab, 64).set(built.bytes);
    slabs.push(slab);
    return { slab: slabs.length - 1, offset: 64, length: built.bytes.length };
  };
  const orders = table.batchRows.map((_, batch) => put(buildOrder({ table, category, x, batch })));
  const pyramids = ys.map((y) =>
    table.batchRows.map((_, batch) => put(buildOrderedPyramid({ table, category, x, y, batch }))),
  );
  return { table: { ...table, slabs }, orders, pyramids };
}
