import type { StripRange } from '../kernels/kernels.js';
import type { CellAxisPlan } from '../scan/axis.js';
import { keyOf } from './keys.js';
import type { PlacedTiles } from './tiles.js';

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
export function rowsIn({ words, starts, stripBits, tiles }: PlacedTiles, { x, y }: Reach): number {
  if (x.low > x.high) return 0;
  const across = tilesIn(x, stripBits);
  const up = tilesIn(y, stripBits);
  let rows = 0;
  for (let row = up.first; row <= up.last; row++) {
    const at = starts + row * tiles;
    rows += words[at + across.last + 1]! - words[at + across.first]!;
  }
  return rows;
}

/** Finds the strips that a domain reaches into. */
export function openReach(x: CellAxisPlan, y: CellAxisPlan): (tiles: PlacedTiles) => Reach {
  const [ofX, ofY] = [openAxisReach(x), openAxisReach(y)];
  return (tiles) => {
    const { words, strips } = tiles;
    // Rows that are dropped for their place on a log axis are counted wherever they stand on the other one.
    if (mayDrop(words, tiles.x, x) || mayDrop(words, tiles.y, y)) {
      const all = { low: 0, high: strips - 1 };
      return { x: all, y: all };
    }
    return { x: ofX(words, tiles.x, strips), y: ofY(words, tiles.y, strips) };
  };
}

/** Whether rows of a batch are dropped for their place on a log axis: its least key is not of a positive number. */
function mayDrop(words: Uint32Array, edges: number, { scale }: CellAxisPlan): boolean {
  if (scale !== 'log') return false;
  const high = words[edges + 1]! | 0;
  return high < 0 || (high === 0 && words[edges] === 0);
}

/** Edges of a cache line. */
const NEAR = 8;

const NONE: StripRange = { low: 0, high: -1 };

function openAxisReach(
  axis: CellAxisPlan,
): (words: Uint32Array, edges: number, strips: number) => StripRange {
  const [low, high] = domainOf(axis).map(asWords) as [Words, Words];
  // The strips of batches of the same values are much alike: each is looked for near where it was found before.
  let [nearLow, nearHigh] = [0, 0];
  return (words, edges, strips) => {
    if (!isAtOrBelow(low, words, edges + 2 * strips)) return NONE;
    // The last strip that begins at or below an end of the domain, and a row of which may stand there.
    const last = lastAtOrBelow(words, edges, strips, high, nearHigh);
    let first = Math.max(0, lastAtOrBelow(words, edges, strips, low, nearLow));
    nearLow = first;
    nearHigh = Math.max(0, last);
    while (first > 0 && isEqual(words, edges + 2 * first)) first--;
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

/** The halves of an int64: to compare bigints takes ten times as long. */
interface Words {
  high: number;
  low: number;
}

function asWords(key: bigint): Words {
  return { high: Number(BigInt.asIntN(32, key >> 32n)), low: Number(BigInt.asUintN(32, key)) };
}

/** Whether a key is at or below the one at a place. */
function isAtOrBelow({ high, low }: Words, words: Uint32Array, at: number): boolean {
  const own = words[at + 1]! | 0;
  return own === high ? words[at]! >= low : own > high;
}

/** Whether the key at a place is that before it. */
function isEqual(words: Uint32Array, at: number): boolean {
  return words[at] === words[at - 2] && words[at + 1] === words[at - 1];
}

/**
 * The last of the first `count` edges that is not above `key`; -1 where there is none. Looked for in steps that grow from `near`
 * on, as what is far apart is far apart in memory too.
 */
function lastAtOrBelow(
  words: Uint32Array,
  edges: number,
  count: number,
  key: Words,
  near: number,
): number {
  let from = 0;
  let to = count;
  let step = NEAR;
  if (near < count && isNotAbove(words, edges + 2 * near, key)) {
    from = near + 1;
    while (from + step < to && isNotAbove(words, edges + 2 * (from + step), key)) {
      from += step + 1;
      step *= 4;
    }
    to = Math.min(to, from + step);
  } else {
    to = Math.min(to, near);
    while (to - step >= 0 && !isNotAbove(words, edges + 2 * (to - step), key)) {
      to -= step;
      step *= 4;
    }
    from = Math.max(0, to - step);
  }
  while (from < to) {
    const middle = (from + to) >>> 1;
    if (isNotAbove(words, edges + 2 * middle, key)) from = middle + 1;
    else to = middle;
  }
  return from - 1;
}

/** Whether the key at a place is not above another. */
function isNotAbove(words: Uint32Array, at: number, { high, low }: Words): boolean {
  const own = words[at + 1]! | 0;
  return own === high ? words[at]! <= low : own < high;
}
