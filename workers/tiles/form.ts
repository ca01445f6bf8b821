import type { ColumnView } from '../columns.js';

/** Whether rows are placed by the exact integers of a column: times and clocks are, as a double does not hold nanoseconds. */
export function isExact({ logical }: Pick<ColumnView, 'logical'>): boolean {
  return logical.kind === 'time' || logical.kind === 'clock';
}
