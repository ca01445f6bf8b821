import { BATCH_ROWS } from '../columns.js';

/** An axis has 256 tiles at most: how long the starts are, and the strips in an entry, follows from it. */
const MAX_TILE_BITS = 8;
/** Rows of a tile on average at least: fewer, and the starts of tiles would outweigh them. */
const ROWS_A_TILE = 16;
/** An axis of T tiles has T / 4 strips in each: the edges of strips then take a quarter of a byte a row at most. */
const STRIP_BITS_LESS = 2;

/** An entry is row << 12 | strip of y << 6 | strip of x, both from the start of their tile. */
export const ENTRY_STRIP_BITS = 6;
export const ENTRY_ROW_SHIFT = 2 * ENTRY_STRIP_BITS;

/** How a batch of so many rows is divided. */
export interface TileShape {
  rows: number;
  /** An axis has 2^tileBits tiles, each of 2^stripBits strips. */
  tileBits: number;
  stripBits: number;
  tiles: number;
  strips: number;
}

export function tileShape(rows: number): TileShape {
  if (rows > BATCH_ROWS) throw new Error(`A batch of ${rows} rows has no tiles.`);
  const fitting = Math.floor(Math.log2(Math.max(1, rows / ROWS_A_TILE)) / 2);
  const tileBits = Math.min(MAX_TILE_BITS, fitting);
  const stripBits = Math.max(0, tileBits - STRIP_BITS_LESS);
  return { rows, tileBits, stripBits, tiles: 1 << tileBits, strips: 1 << (tileBits + stripBits) };
}

/**
 * The rows of one batch by their place on two axes. Each axis is cut into strips that hold about as many rows each, some
 * neighbouring strips are the side of a tile, and rows are put together by tile: row after row of tiles, upward.
 */
export interface Tiles extends TileShape {
  /**
   * Where the strips of each axis begin, and the greatest value, as keys (`keys.ts`): strip k holds keys from edges[k] to below
   * edges[k + 1], the last one also that.
   */
  x: BigInt64Array;
  y: BigInt64Array;
  /** By tile (y * tiles + x) where its entries begin, and their end. */
  starts: Uint32Array;
  /** The rows that have a place on both axes, by tile, then by their turn (`turns.ts`). */
  entries: Uint32Array;
  /** The other rows, ascending. */
  unplaced: Uint32Array;
}

/** Bytes of the tiles of a batch: some 4.5 a row in batches of some thousand rows and more. */
export function tilesBytes(rows: number): number {
  const { tiles, strips } = tileShape(rows);
  return 64 + 2 * align((strips + 1) * 8) + align((tiles * tiles + 1) * 4) + align(rows * 4);
}

/**
 * Looks at the tiles of a batch of `rows` rows that lie at `offset`. Each part is padded to 64 bytes:
 *
 *   u32 rows that have a place
 *   i64 edges of the strips of x, i64 those of y
 *   u32 starts of the tiles, and the end of the last
 *   u32 entries, then the rows without a place
 */
export function tilesAt(buffer: ArrayBufferLike, offset: number, rows: number): Tiles {
  const shape = tileShape(rows);
  const { tiles, strips } = shape;
  const at = layoutOf(shape, offset);
  const [placed] = new Uint32Array(buffer, offset, 1);
  const all = new Uint32Array(buffer, at.entries, rows);
  return {
    ...shape,
    x: new BigInt64Array(buffer, at.x, strips + 1),
    y: new BigInt64Array(buffer, at.y, strips + 1),
    starts: new Uint32Array(buffer, at.starts, tiles * tiles + 1),
    entries: all.subarray(0, placed),
    unplaced: all.subarray(placed!),
  };
}

/**
 * The same as places in the memory around them, counted in its words: an array over shared memory takes as long to make as some
 * rows to be looked up.
 */
export interface PlacedTiles extends TileShape {
  words: Uint32Array;
  /** Where the edges begin, each in two words, the lower half first; then the starts, and the entries. */
  x: number;
  y: number;
  starts: number;
  entries: number;
  /** Rows that have a place on both axes: so many entries there are, and the other rows stand behind them. */
  placed: number;
}

/** Looks at the tiles of a batch of `rows` rows that lie at byte `offset`, a multiple of 64. */
export function placeTiles(words: Uint32Array, offset: number, rows: number): PlacedTiles {
  const shape = tileShape(rows);
  const { tileBits, stripBits, tiles, strips } = shape;
  const at = layoutOf(shape, offset);
  // Field by field: an object that is spread takes 5 µs to make, as long as a small window of a batch to be gone through.
  return {
    rows,
    tileBits,
    stripBits,
    tiles,
    strips,
    words,
    x: at.x / 4,
    y: at.y / 4,
    starts: at.starts / 4,
    entries: at.entries / 4,
    placed: words[offset / 4]!,
  };
}

/** Where the parts of tiles begin, in bytes. */
function layoutOf(
  { tiles, strips }: TileShape,
  offset: number,
): { x: number; y: number; starts: number; entries: number } {
  const x = offset + align(4);
  const y = x + align((strips + 1) * 8);
  const starts = y + align((strips + 1) * 8);
  return { x, y, starts, entries: starts + align((tiles * tiles + 1) * 4) };
}

/** Writes how many rows have a place, where `tilesAt` finds it. */
export function writePlaced(buffer: ArrayBufferLike, offset: number, placed: number): void {
  new Uint32Array(buffer, offset, 1)[0] = placed;
}

function align(bytes: number): number {
  return Math.ceil(bytes / 64) * 64;
}
