import type { IndexKind, IndexOf } from './index-kind.js';

/** The rows of a batch by category and x: see `workers/order/order.ts`. Columns are the category, if there is one, and x. */
const ORDER: IndexKind = {
  name: 'order',
  version: 1,
  build: (pool, task) => {
    const { columns } = task.table;
    const [category, x] = columns.length === 1 ? [null, 0] : [0, 1];
    return pool.run('buildOrder', { ...task, category, x }, { isBulk: true });
  },
};

/**
 * The extremes of a column of numbers in that order: see `workers/order/ordered-pyramid.ts`. Columns are those of the order,
 * and y. It is raised to another version whenever the order is.
 */
const ORDERED_PYRAMID: IndexKind = {
  name: 'ordered-pyramid',
  version: 1,
  over: (columns) => ({ kind: ORDER, columns: columns.slice(0, -1) }),
  build: (pool, task) => {
    const { columns } = task.table;
    const [category, x, y] = columns.length === 2 ? [null, 0, 1] : [0, 1, 2];
    return pool.run('buildOrderedPyramid', { ...task, category, x, y }, { isBulk: true });
  },
};

/** The order of rows by a category, if any, and x: positions of columns in the snapshot. */
export function orderOf(category: number | null, x: number): IndexOf {
  return { kind: ORDER, columns: category === null ? [x] : [category, x] };
}

/** The pyramid of a column in that order. */
export function orderedPyramidOf(category: number | null, x: number, y: number): IndexOf {
  return { kind: ORDERED_PYRAMID, columns: category === null ? [x, y] : [category, x, y] };
}
