import { BLOCK_ROWS } from '../columns.js';
import { DROPPED, OUTSIDE, type Cells, type F64, type I64 } from '../kernels/kernels.js';
import { openCells, type CellAxisPlan } from '../scan/axis.js';
import type { Scope } from '../scan/mark.js';
import { doubleOf, keyOf } from './keys.js';
import type { TileShape } from './tiles.js';
import { Code } from './ways.js';

/** The tiles of one axis that may hold rows of a domain, and what is known of them. */
export interface StripCodes {
  /** First and last tile; none where the last is before the first. */
  first: number;
  last: number;
  /** By strip, from the first strip of tile `first`: a cell times `stride`, or one of `Code`. */
  strips: Cells;
  /** By tile, from tile `first`: what is known of all its strips, -1 where they differ. */
  tiles: Cells;
}

/** Finds out what the strips of a batch, given by their edges, tell about an axis: of the tiles in its reach, or of `all`. The codes are good until the next batch. */
export type ReadStrips = (edges: BigInt64Array, shape: TileShape, all: boolean) => StripCodes;

/**
 * Makes an axis ready to be compared with strips. A cell never descends with the value that it is of, in IEEE arithmetic too: so
 * where the extremes of a strip are in one cell, all of it is. The cells are those of the kernels that a scan uses.
 */
export function openStripCodes(
  axis: CellAxisPlan,
  stride: number,
  scope: Scope,
  most: { tiles: number; strips: number },
): ReadStrips {
  const { arena } = scope;
  const place = openCells(axis, scope);
  const [low, high] = domainOf(axis);
  const exact = axis.scale === 'time';
  const values = exact ? arena.i64(BLOCK_ROWS) : arena.f64(BLOCK_ROWS);
  const [ofLeast, ofGreatest] = [arena.i32(BLOCK_ROWS), arena.i32(BLOCK_ROWS)];
  const codes = arena.i32(most.strips);
  const ofTiles = arena.i32(most.tiles);

  function cells(keyAt: (strip: number) => bigint, start: number, count: number, out: Cells): void {
    if (exact) for (let i = 0; i < count; i++) (values as I64)[i] = keyAt(start + i);
    else for (let i = 0; i < count; i++) (values as F64)[i] = doubleOf(keyAt(start + i));
    place(values, out, count);
  }

  return (edges, { stripBits, strips, tiles }, all) => {
    const range = reachOf(edges, { stripBits, tiles }, axis, all);
    if (range.first > range.last) return { ...range, strips: codes, tiles: ofTiles };
    const leastOf = (strip: number): bigint => edges[strip]!;
    // The key before the next strip begins; nothing is in a strip that ends where it begins.
    const greatestOf = (strip: number): bigint => {
      const [edge, next] = [edges[strip]!, edges[strip + 1]!];
      return strip === strips - 1 || next === edge ? next : next - 1n;
    };
    const start = range.first << stripBits;
    const end = Math.min(strips, (range.last + 1) << stripBits);
    for (let from = start; from < end; from += BLOCK_ROWS) {
      const count = Math.min(BLOCK_ROWS, end - from);
      cells(leastOf, from, count, ofLeast);
      cells(greatestOf, from, count, ofGreatest);
      for (let i = 0; i < count; i++) {
        const a = ofLeast[i]!;
        const b = ofGreatest[i]!;
        let code: number = Code.DOUBT;
        if (a === b && a >= 0) code = a * stride;
        else if (a === DROPPED) code = b === DROPPED ? Code.DROPPED : Code.WILD;
        else if (a === OUTSIDE && b === OUTSIDE) {
          const isBeyond = greatestOf(from + i) < low || leastOf(from + i) > high;
          if (isBeyond) code = Code.OUTSIDE;
        }
        codes[from - start + i] = code;
      }
    }
    const side = 1 << stripBits;
    for (let tile = 0; tile <= range.last - range.first; tile++) {
      const own = codes[tile * side]!;
      let isSame = true;
      for (let i = 1; i < side && isSame; i++) isSame = codes[tile * side + i] === own;
      ofTiles[tile] = isSame ? own : -1;
    }
    return { ...range, strips: codes, tiles: ofTiles };
  };
}

/** Whether rows of a batch are dropped for their place on a log axis: they are counted wherever they stand on the other one. */
export function mayDrop(edges: BigInt64Array, axis: CellAxisPlan): boolean {
  return axis.scale === 'log' && !(doubleOf(edges[0]!) > 0);
}

/** First and last tile of an axis that may hold rows of a domain, or `all`; none where the last is before the first. */
export function reachOf(
  edges: BigInt64Array,
  { stripBits, tiles }: Pick<TileShape, 'stripBits' | 'tiles'>,
  axis: CellAxisPlan,
  all: boolean,
): { first: number; last: number } {
  if (all) return { first: 0, last: tiles - 1 };
  const [low, high] = domainOf(axis);
  const strips = tiles << stripBits;
  if (edges[strips]! < low) return { first: 0, last: -1 };
  // The last strip that begins at or below an end of the domain, and a row of which may stand there.
  const last = lastAtOrBelow(edges, strips, high);
  const first = Math.max(0, lastAtOrBelow(edges, strips, low));
  return { first: firstOfEqual(edges, first) >> stripBits, last: last >> stripBits };
}

/** The ends of a domain as keys. */
function domainOf(axis: CellAxisPlan): readonly [bigint, bigint] {
  if (axis.scale !== 'time') {
    // Either zero may stand at an end.
    return [keyOf(axis.low === 0 ? -0 : axis.low), keyOf(axis.high === 0 ? 0 : axis.high)];
  }
  return axis.domain ?? [axis.edges[0]!, axis.edges.at(-1)!];
}

/** The first of strips that begin alike. */
function firstOfEqual(edges: BigInt64Array, strip: number): number {
  let first = strip;
  while (first > 0 && edges[first - 1] === edges[strip]) first--;
  return first;
}

/** The last of the first `count` edges that is not above `key`; -1 where there is none. */
function lastAtOrBelow(edges: BigInt64Array, count: number, key: bigint): number {
  let from = 0;
  let to = count;
  while (from < to) {
    const middle = (from + to) >>> 1;
    if (edges[middle]! <= key) from = middle + 1;
    else to = middle;
  }
  return from - 1;
}
