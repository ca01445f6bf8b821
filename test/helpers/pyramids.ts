import type { Span, TableView } from '../../workers/columns.js';
import { buildPyramid } from '../../workers/pyramid/build.js';

/** Builds the pyramids of some columns, and gives the table with the memory that they lie in. */
export function withPyramids(
  table: TableView,
  columns: readonly number[],
): { table: TableView; pyramids: Span[][] } {
  const slabs = [...table.slabs];
  const pyramids = columns.map((column) =>
    table.batchRows.map((_, batch): Span => {
      const built = buildPyramid({ table, column, batch });
      if (built.withdrawn) throw new Error('Nobody withdraws in a test.');
      const slab = new SharedArrayBuffer(built.bytes.length + 64);
      new Uint8Array(slab, 64).set(built.bytes);
      slabs.push(slab);
      return { slab: slabs.length - 1, offset: 64, length: built.bytes.length };
    }),
  );
  return { table: { ...table, slabs }, pyramids };
}
