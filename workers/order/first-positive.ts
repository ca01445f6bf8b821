import type { TableView } from '../columns.js';
import { doubleReader } from '../scan/double-at.js';
import { openSource } from '../scan/source.js';
import { batchOf, columnOf } from '../scan/values.js';
import type { Order } from './order.js';

/** The first place of a run at which x is above 0: what is not has no place on a log axis. */
export function firstPositive(
  table: TableView,
  column: number,
  batch: number,
  { positions, starts, placed }: Order,
  run: number,
): number {
  const { logical } = columnOf(table, column);
  const source = openSource(table, batchOf(table, column, batch));
  const scale = logical.kind === 'decimal' ? logical.scale : 0;
  let low = 0;
  let high = placed[run]!;
  // A batch without any x has nothing to be read.
  if (high === 0) return 0;
  const read = doubleReader(source, scale);
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (read(positions[starts[run]! + middle]!) > 0) high = middle;
    else low = middle + 1;
  }
  return low;
}
