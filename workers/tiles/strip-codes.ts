import { DROPPED, OUTSIDE, type Cells, type StripRange } from '../kernels/kernels.js';
import { openCells, type CellAxisPlan } from '../scan/axis.js';
import type { Scope } from '../scan/mark.js';
import { tilesIn, type TileRange } from './reach.js';
import type { TileShape } from './tiles.js';
import { Code } from './ways.js';

/** The tiles of one axis that may hold rows of a domain, and what is known of them. */
export interface StripCodes extends TileRange {
  /** By strip, from the first strip of tile `first`: a cell times `stride`, or one of `Code`. */
  strips: Cells;
  /** By tile, from tile `first`: what is known of all its strips, -1 where they differ. */
  tiles: Cells;
}

/**
 * Finds out what the strips of a batch, given by their edges, tell about an axis: of the tiles of the strips in its reach. The
 * codes are good until the next batch.
 */
export type ReadStrips = (edges: BigInt64Array, shape: TileShape, reach: StripRange) => StripCodes;

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
  const { arena, kernels } = scope;
  const place = openCells(axis, scope);
  const exact = axis.scale === 'time';
  const keys = arena.i64(most.strips + 1);
  const doubles = new Float64Array(keys.buffer, keys.byteOffset, keys.length);
  const words = new Int32Array(keys.buffer, keys.byteOffset, keys.length * 2);
  const ofEdges = arena.i32(most.strips + 1);
  const ofEnds = arena.i32(most.strips);
  const open = new Int32Array(most.strips);
  const codes = arena.i32(most.strips);
  const ofTiles = arena.i32(most.tiles);

  /** The cells of the first `count` keys, which are used up. */
  function cellsOfKeys(count: number, out: Cells): void {
    // Twice turned they are the bits of doubles again.
    if (!exact) kernels.ordered(doubles, count, keys);
    place(exact ? keys : doubles, out, count);
  }

  return (edges, { stripBits, strips }, reach) => {
    const range = tilesIn(reach, stripBits);
    const start = range.first << stripBits;
    const count = ((range.last + 1) << stripBits) - start;
    keys.set(edges.subarray(start, start + count + 1));
    cellsOfKeys(count + 1, ofEdges);
    // Between two edges in one cell there is nothing but that cell.
    let openCount = 0;
    for (let i = 0; i < count; i++) {
      const cell = ofEdges[i]!;
      if (cell >= 0 && cell === ofEdges[i + 1]!) codes[i] = cell * stride;
      else open[openCount++] = i;
    }
    const own = new Int32Array(edges.buffer, edges.byteOffset, edges.length * 2);
    for (let k = 0; k < openCount; k++) {
      greatestOf(own, start + open[k]!, strips, words, k);
    }
    cellsOfKeys(openCount, ofEnds);
    for (let k = 0; k < openCount; k++) {
      const i = open[k]!;
      const strip = start + i;
      codes[i] = codeOf(ofEdges[i]!, ofEnds[k]!, strip < reach.low || strip > reach.high, stride);
    }
    const side = 1 << stripBits;
    for (let tile = 0; tile <= range.last - range.first; tile++) {
      const first = codes[tile * side]!;
      let isSame = true;
      for (let i = 1; i < side && isSame; i++) isSame = codes[tile * side + i] === first;
      ofTiles[tile] = isSame ? first : -1;
    }
    return { ...range, strips: codes, tiles: ofTiles };
  };
}

/** What is known of a strip by the cells of its least and its greatest key, and whether all of it is out of reach. */
function codeOf(least: number, greatest: number, isBeyond: boolean, stride: number): number {
  if (least >= 0) return least === greatest ? least * stride : Code.DOUBT;
  if (least === DROPPED) return greatest === DROPPED ? Code.DROPPED : Code.WILD;
  return greatest === OUTSIDE && isBeyond ? Code.OUTSIDE : Code.DOUBT;
}

/**
 * Writes the greatest key that may stand in a strip, in halves, to place `at`: the one before the next strip begins. Nothing is
 * in a strip that ends where it begins.
 */
function greatestOf(
  edges: Int32Array,
  strip: number,
  strips: number,
  out: Int32Array,
  at: number,
): void {
  const low = edges[2 * strip + 2]!;
  const high = edges[2 * strip + 3]!;
  const isOwn = strip === strips - 1 || (low === edges[2 * strip] && high === edges[2 * strip + 1]);
  out[2 * at] = isOwn ? low : low - 1;
  out[2 * at + 1] = !isOwn && low === 0 ? high - 1 : high;
}
