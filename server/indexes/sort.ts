import { sortPartBytes } from '../../workers/sort/sort-part.js';
import type { IndexKind, IndexOf } from './index-kind.js';

/** The rows of each batch in the order of a column: see `workers/sort/sort-part.ts`. */
const SORT: IndexKind = {
  name: 'sort',
  version: 1,
  build: (pool, task) => pool.run('buildSort', task, { isBulk: true }),
  bytesOf: sortPartBytes,
};

/** The order of the rows by a column of any type but binary. */
export function sortOf(column: number): IndexOf {
  return { kind: SORT, columns: [column] };
}
