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
  return { rows, tileBits, stripBits, tiles: 2 ** tileBits, strips: 2 ** (tileBits + stripBits) };
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
  let at = offset;
  const next = (bytes: number): number => {
    const start = at;
    at += align(bytes);
    return start;
  };
  const [placed] = new Uint32Array(buffer, next(4), 1);
  const x = new BigInt64Array(buffer, next((strips + 1) * 8), strips + 1);
  const y = new BigInt64Array(buffer, next((strips + 1) * 8), strips + 1);
  const starts = new Uint32Array(buffer, next((tiles * tiles + 1) * 4), tiles * tiles + 1);
  const all = new Uint32Array(buffer, next(rows * 4), rows);
  return {
    ...shape,
    x,
    y,
    starts,
    entries: all.subarray(0, placed),
    unplaced: all.subarray(placed!),
  };
}

/** Writes how many rows have a place, where `tilesAt` finds it. */
export function writePlaced(buffer: ArrayBufferLike, offset: number, placed: number): void {
  new Uint32Array(buffer, offset, 1)[0] = placed;
}

function align(bytes: number): number {
  return Math.ceil(bytes / 64) * 64;
}
