import { pyramidBytes } from '../../workers/pyramid/pyramid.js';
import type { IndexKind, IndexOf } from './index-kind.js';

/** The extremes of a column of numbers, by stretches of rows: see `workers/pyramid/pyramid.ts`. */
const PYRAMID: IndexKind = {
  name: 'pyramid',
  version: 3,
  build: (pool, task) => pool.run('buildPyramid', { ...task, column: 0 }, { isBulk: true }),
  bytesOf: pyramidBytes,
};

/** The min/max pyramid of a column. */
export function pyramidOf(column: number): IndexOf {
  return { kind: PYRAMID, columns: [column] };
}
