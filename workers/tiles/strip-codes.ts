import { DROPPED, OUTSIDE, type Cells, type StripRange } from '../kernels/kernels.js';
import { openCells, type CellAxisPlan } from '../scan/axis.js';
import type { Scope } from '../scan/mark.js';
import { tilesIn, type TileRange } from './reach.js';
import type { PlacedTiles } from './tiles.js';
import { Code } from './ways.js';

/** The tiles of one axis that may hold rows of a domain, and what is known of them. */
export interface StripCodes extends TileRange {
  /** By strip, from the first strip of tile `first`: a cell times `stride`, or one of `Code`. */
  strips: Cells;
  /** By tile, from tile `first`: what is known of all its strips, -1 where they differ. */
  tiles: Cells;
}

/**
 * Finds out what the strips of a batch, whose edges begin at word `edges`, tell about an axis: of the tiles of the strips in its reach. The
 * codes are good until the next batch.
 */
export type ReadStrips = (tiles: PlacedTiles, edges: number, reach: StripRange) => StripCodes;

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
  const halves = new Uint32Array(keys.buffer, keys.byteOffset, keys.length * 2);
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

  return ({ words, stripBits, strips }, edges, reach) => {
    const range = tilesIn(reach, stripBits);
    const start = range.first << stripBits;
    const count = ((range.last + 1) << stripBits) - start;
    const first = edges + 2 * start;
    halves.set(words.subarray(first, first + 2 * (count + 1)));
    cellsOfKeys(count + 1, ofEdges);
    // Between two edges in one cell there is nothing but that cell.
    let openCount = 0;
    for (let i = 0; i < count; i++) {
      const cell = ofEdges[i]!;
      if (cell >= 0 && cell === ofEdges[i + 1]!) codes[i] = cell * stride;
      else open[openCount++] = i;
    }
    for (let k = 0; k < openCount; k++) {
      const i = open[k]!;
      greatestOf(words, first + 2 * i, start + i === strips - 1, halves, 2 * k);
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
 * Writes the greatest key that may stand in a strip whose edge is at a place, in halves: the one before the next strip begins.
 * Nothing is in a strip that ends where it begins.
 */
function greatestOf(
  words: Uint32Array,
  edge: number,
  isLast: boolean,
  out: Uint32Array,
  at: number,
): void {
  const low = words[edge + 2]!;
  const high = words[edge + 3]!;
  const isOwn = isLast || (low === words[edge] && high === words[edge + 1]);
  out[at] = isOwn ? low : low - 1;
  out[at + 1] = !isOwn && low === 0 ? high - 1 : high;
}
