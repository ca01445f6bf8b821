import { tilesBytes } from '../../workers/tiles/tiles.js';
import type { IndexKind, IndexOf } from './index-kind.js';

/** The rows of a batch by their place on two axes: see `workers/tiles/tiles.ts`. Columns are x and y. */
const TILES: IndexKind = {
  name: 'tiles',
  version: 1,
  build: (pool, task) => pool.run('buildTiles', { ...task, x: 0, y: 1 }, { isBulk: true }),
  bytesOf: tilesBytes,
};

/** The tiles of two columns, by their positions in the snapshot. */
export function tilesOf(x: number, y: number): IndexOf {
  return { kind: TILES, columns: [x, y] };
}
