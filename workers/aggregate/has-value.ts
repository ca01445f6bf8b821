import type { Block } from '../scan/block.js';
import type { ColumnView } from '../columns.js';
import { columnOf } from '../scan/values.js';

/** Sets out[i] to 1 where row `i` of the block has a value that aggregates see, neither null nor NaN; else to 0. */
export function markValues(block: Block, column: number, out: Uint8Array): void {
  const { rows } = block;
  if (columnOf(block.table, column).logical.kind === 'float') {
    const values = block.f64(column);
    for (let i = 0; i < rows; i++) out[i] = values[i] === values[i] ? 1 : 0;
    return;
  }
  const valid = block.valid(column);
  if (valid === null) out.fill(1, 0, rows);
  else for (let i = 0; i < rows; i++) out[i] = valid[i]!;
}

/** Whether every row of a column has a value that aggregates see, and a finite one. */
export function allHaveValues({ logical, batches }: ColumnView): boolean {
  return batches.every(
    ({ storage, nulls, notFinite }) =>
      nulls === 0 && storage !== 'null' && (logical.kind !== 'float' || notFinite === 0),
  );
}
