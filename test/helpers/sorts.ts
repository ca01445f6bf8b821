import type { Span, TableView } from '../../workers/columns.js';
import { buildSort } from '../../workers/sort/build.js';

/** Builds the sort index of a column, and gives the table with the memory that its parts lie in. */
export function withSorts(table: TableView, column: number): { table: TableView; parts: Span[] } {
  const slabs = [...table.slabs];
  const alone = { ...table, columns: [table.columns[column]!] };
  const parts = table.batchRows.map((_, batch): Span => {
    const built = buildSort({ table: alone, batch });
    if (built.withdrawn) throw new Error('Nobody withdraws in a test.');
    const slab = new SharedArrayBuffer(built.bytes.length + 64);
    new Uint8Array(slab, 64).set(built.bytes);
    slabs.push(slab);
    return { slab: slabs.length - 1, offset: 64, length: built.bytes.length };
  });
  return { table: { ...table, slabs }, parts };
}
