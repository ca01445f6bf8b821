import type { Span, TableView } from '../columns.js';
import type { BatchRange } from '../marks/line/column-starts.js';
import type { Predicate } from '../scan/predicate.js';
import { openOrder, type Order } from './order.js';
import { openKeyTest } from './select-runs.js';

/** The runs of a table whose rows match. */
export interface RunsOf {
  table: TableView;
  /** Looks at the category alone; null where every row matches. */
  predicate: Predicate | null;
  /** By batch its order. */
  orders: readonly (Span | undefined)[];
}

/** One batch of a table in its order. */
export interface OrderedBatch {
  batch: number;
  /** The number of its first row in the snapshot. */
  firstRow: number;
  order: Order;
}

/** The orders of these batches, one after the other. */
export function* orderedBatches(
  { table, orders }: Pick<RunsOf, 'table' | 'orders'>,
  { first, last }: BatchRange,
): Generator<OrderedBatch> {
  let firstRow = 0;
  for (let batch = 0; batch <= last; firstRow += table.batchRows[batch++]!) {
    if (batch < first) continue;
    const span = orders[batch]!;
    yield { batch, firstRow, order: openOrder(table, span) };
  }
}

/** The runs that match of every batch, with the number of rows in each. */
export function* matchingRuns(
  runs: RunsOf,
  check: () => void,
): Generator<OrderedBatch & { run: number; key: number; rows: number }> {
  const passes = openKeyTest(runs.predicate, runs.table, check);
  const last = runs.table.batchRows.length - 1;
  for (const ordered of orderedBatches(runs, { first: 0, last })) {
    const { keys, starts } = ordered.order;
    check();
    for (let run = 0; run < keys.length; run++) {
      const key = keys[run]!;
      if (passes(key)) yield { ...ordered, run, key, rows: starts[run + 1]! - starts[run]! };
    }
  }
}
