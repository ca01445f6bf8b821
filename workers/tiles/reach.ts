import type { StripRange } from '../kernels/kernels.js';
import type { CellAxisPlan } from '../scan/axis.js';
import { doubleOf, keyOf } from './keys.js';
import type { Tiles } from './tiles.js';

/** The strips of a batch that may hold rows of a domain; none where `low` is above `high` on either axis. */
export interface Reach {
  x: StripRange;
  y: StripRange;
}

export interface TileRange {
  first: number;
  last: number;
}

/** The tiles of some strips. */
export function tilesIn({ low, high }: StripRange, stripBits: number): TileRange {
  return { first: low >> stripBits, last: high >> stripBits };
}

/** How many rows the tiles hold that a domain reaches into: at least as many as stand in it. */
export function rowsIn({ starts, stripBits, tiles }: Tiles, { x, y }: Reach): number {
  if (x.low > x.high) return 0;
  const across = tilesIn(x, stripBits);
  const up = tilesIn(y, stripBits);
  let rows = 0;
  for (let row = up.first; row <= up.last; row++) {
    const at = row * tiles;
    rows += starts[at + across.last + 1]! - starts[at + across.first]!;
  }
  return rows;
}

/** Finds the strips that a domain reaches into. */
export function openReach(x: CellAxisPlan, y: CellAxisPlan): (tiles: Tiles) => Reach {
  const [ofX, ofY] = [openAxisReach(x), openAxisReach(y)];
  return (tiles) => {
    const { strips } = tiles;
    // Rows that are dropped for their place on a log axis are counted wherever they stand on the other one.
    if (mayDrop(tiles.x, x) || mayDrop(tiles.y, y)) {
      const all = { low: 0, high: strips - 1 };
      return { x: all, y: all };
    }
    return { x: ofX(tiles.x, strips), y: ofY(tiles.y, strips) };
  };
}

/** Whether rows of a batch are dropped for their place on a log axis. */
function mayDrop(edges: BigInt64Array, axis: CellAxisPlan): boolean {
  return axis.scale === 'log' && !(doubleOf(edges[0]!) > 0);
}

const NONE: StripRange = { low: 0, high: -1 };

function openAxisReach(axis: CellAxisPlan): (edges: BigInt64Array, strips: number) => StripRange {
  const [low, high] = domainOf(axis).map(asWords) as [Words, Words];
  return (edges, strips) => {
    // A bigint is an object: the same in halves.
    const words = new Int32Array(edges.buffer, edges.byteOffset, edges.length * 2);
    if (!isAtOrBelow(low, words, strips)) return NONE;
    // The last strip that begins at or below an end of the domain, and a row of which may stand there.
    const last = lastAtOrBelow(words, strips, high);
    let first = Math.max(0, lastAtOrBelow(words, strips, low));
    while (first > 0 && isEqual(words, first - 1)) first--;
    return last < first ? NONE : { low: first, high: last };
  };
}

/** The ends of a domain as keys. */
function domainOf(axis: CellAxisPlan): readonly [bigint, bigint] {
  if (axis.scale !== 'time') {
    // Either zero may stand at an end.
    return [keyOf(axis.low === 0 ? -0 : axis.low), keyOf(axis.high === 0 ? 0 : axis.high)];
  }
  return axis.domain ?? [axis.edges[0]!, axis.edges.at(-1)!];
}

/** The halves of an int64. */
interface Words {
  high: number;
  low: number;
}

function asWords(key: bigint): Words {
  return { high: Number(BigInt.asIntN(32, key >> 32n)), low: Number(BigInt.asUintN(32, key)) };
}

/** Whether a key is at or below edge `at`. */
function isAtOrBelow({ high, low }: Words, edges: Int32Array, at: number): boolean {
  const own = edges[2 * at + 1]!;
  return own === high ? edges[2 * at]! >>> 0 >= low : own > high;
}

/** Whether edge `at` and the one after it are the same. */
function isEqual(edges: Int32Array, at: number): boolean {
  return edges[2 * at] === edges[2 * at + 2] && edges[2 * at + 1] === edges[2 * at + 3];
}

/** The last of the first `count` edges that is not above `key`; -1 where there is none. */
function lastAtOrBelow(edges: Int32Array, count: number, key: Words): number {
  const { high, low } = key;
  let from = 0;
  let to = count;
  while (from < to) {
    const middle = (from + to) >>> 1;
    const own = edges[2 * middle + 1]!;
    const isBelow = own === high ? edges[2 * middle]! >>> 0 <= low : own < high;
    if (isBelow) from = middle + 1;
    else to = middle;
  }
  return from - 1;
}
