import { BLOCK_ROWS } from '../columns.js';
import {
  COUNTS_AT,
  type Cells,
  type CodedRun,
  type Mask,
  type RowLists,
  type StripRange,
  type TileRun,
  type U32,
} from '../kernels/kernels.js';
import { axisWidth, type CellAxisPlan } from '../scan/axis.js';
import { openByteCounts, type ByteCounts, type CellCounts } from '../scan/byte-counts.js';
import type { Scope } from '../scan/mark.js';
import { openLookup } from './lookup.js';
import { rowsIn, tilesIn, type Reach, type TileRange } from './reach.js';
import { openStripCodes } from './strip-codes.js';
import type { PlacedTiles } from './tiles.js';
import { fillWays } from './ways.js';

/** Entries that are copied into the kernels' memory at a time. */
const CHUNK = BLOCK_ROWS;
/** A list is emptied when it has a block of rows, and takes a chunk more at most. */
const CAPACITY = BLOCK_ROWS + CHUNK;
/** Tiles and strips of an axis at most. */
const MOST = { tiles: 256, strips: 16_384 };

/** So few are copied one by one. */
const FEW_WORDS = 64;

/** What it takes to find out what a strip tells, in rows whose two values are looked up: measured. */
const CODE_COST = 1 / 3;

/** The tiles of one batch, and which of its rows pass. */
export interface TiledBatch {
  batch: number;
  /** The number in the snapshot of its first row. */
  firstRow: number;
  tiles: PlacedTiles;
  /** The strips that the domain reaches into. */
  reach: Reach;
  /** One bit a row, in the kernels' memory; null where every row passes. */
  bits: Mask | null;
  /** Rows that pass. */
  matched: number;
}

/** What became of the rows of some batches. */
export interface TiledRows {
  matched: number;
  drawn: number;
  outside: number;
  dropped: number;
  touched: { rows: number; bytes: number };
}

/** Two axes of cells. */
export interface TilePlan {
  x: CellAxisPlan;
  y: CellAxisPlan;
}

/**
 * Counts the rows of batches by cell: those whose strips tell it without a look at their values. The counts lie in the
 * kernels' memory.
 */
export function countByTiles(
  plan: TilePlan,
  batches: Iterable<TiledBatch>,
  scope: Scope,
  check: () => void,
): TiledRows & CellCounts {
  const counter = openByteCounts(axisWidth(plan.x) * axisWidth(plan.y), scope);
  const seen = visitTiles(plan, batches, scope, check, counter);
  const { matched, listed, counted, touched } = seen;
  const { counts, spilled, ...lost } = counter.result();
  const drawn = counted + listed - lost.outside - lost.dropped;
  const dropped = seen.dropped + lost.dropped;
  const outside = matched - drawn - dropped;
  return { matched, drawn, outside, dropped, counts, spilled, touched };
}

interface Visited {
  matched: number;
  /** Rows that were dropped without a look at their values, counted so, and looked up. */
  dropped: number;
  counted: number;
  listed: number;
  touched: { rows: number; bytes: number };
}

function visitTiles(
  plan: TilePlan,
  batches: Iterable<TiledBatch>,
  scope: Scope,
  check: () => void,
  counter: ByteCounts,
): Visited {
  const { arena, kernels } = scope;
  const width = axisWidth(plan.x);
  const height = axisWidth(plan.y);
  const lookup = { x: openLookup(plan.x, scope), y: openLookup(plan.y, scope) };
  const lists = openLists(scope);
  const chunk = arena.u32(CHUNK);
  const starts = arena.u32(MOST.tiles + 1);
  let codes: ReturnType<typeof openCodes> | undefined;
  const seen: Visited = {
    matched: 0,
    dropped: 0,
    counted: 0,
    listed: 0,
    touched: { rows: 0, bytes: 0 },
  };
  const { touched } = seen;

  for (const one of batches) {
    const { tiles, reach, bits, matched, batch } = one;
    seen.matched += matched;
    if (matched === 0) continue;
    seen.dropped += unplacedRows(one, touched);
    if (reach.x.low > reach.x.high || reach.y.low > reach.y.high) continue;
    lookup.x.open(batch);
    lookup.y.open(batch);
    const { stripBits } = tiles;
    const run: TileRun = { from: 0, to: 0, entries: chunk, starts, stripBits, bits };
    if (isWorthCodes(tiles, reach)) {
      codes ??= openCodes();
      codes.sort(one, reach, run);
    } else list(one, reach, run);
    flush();
  }
  seen.dropped += lists.sizes[3]!;
  seen.counted += lists.sizes[4]!;
  return seen;

  /** Lists all rows in reach. */
  function list(one: TiledBatch, reach: Reach, run: TileRun): void {
    const { stripBits } = one.tiles;
    const across = tilesIn(reach.x, stripBits);
    const up = tilesIn(reach.y, stripBits);
    const { sizes, rowsOfBoth } = lists;
    const x = within(reach.x, across.first << stripBits);
    for (let row = up.first; row <= up.last; row++) {
      const y = within(reach.y, row << stripBits);
      const strips = {
        x,
        y: { low: Math.max(0, y.low), high: Math.min(y.high, (1 << stripBits) - 1) },
      };
      eachChunk(one.tiles, row, across, run, () => {
        sizes[2] = kernels.listRows(run, strips, rowsOfBoth, sizes[2]!);
        if (sizes[2] >= BLOCK_ROWS) flush();
      });
    }
  }

  /** Whether it costs less to find out what strips tell than to look up what need not be. */
  function isWorthCodes(tiles: PlacedTiles, reach: Reach): boolean {
    const strips = { x: reach.x.high - reach.x.low + 1, y: reach.y.high - reach.y.low + 1 };
    // An edge of a cell leaves open one strip.
    const doubt = { x: Math.min(1, width / strips.x), y: Math.min(1, height / strips.y) };
    const rows = rowsIn(tiles, reach);
    return rows * (1 - (doubt.x + doubt.y) / 2) > (strips.x + strips.y) * CODE_COST;
  }

  /** What sorts rows by what is known of their strips. */
  function openCodes() {
    const { bytes, full } = counter;
    const [ofX, ofY] = [
      openStripCodes(plan.x, 1, scope, MOST),
      openStripCodes(plan.y, width, scope, MOST),
    ];
    const counts = bytes.subarray(COUNTS_AT);
    const ways = arena.u8(256);
    fillWays(ways);
    return {
      sort(one: TiledBatch, reach: Reach, run: TileRun): void {
        const { tiles } = one;
        const { stripBits } = tiles;
        const across = ofX(tiles, tiles.x, reach.x);
        const up = ofY(tiles, tiles.y, reach.y);
        touched.bytes += 8 * ((across.last - across.first + up.last - up.first + 2) << stripBits);
        const own: CodedRun = Object.assign(run, {
          tile: 0,
          xs: across.strips,
          ys: up.strips,
          xTiles: across.tiles,
          yTile: -1,
          ways,
        });
        for (let row = up.first; row <= up.last; row++) {
          const strip = (row - up.first) << stripBits;
          own.ys = up.strips.subarray(strip, strip + (1 << stripBits));
          own.yTile = up.tiles[row - up.first]!;
          own.tile = 0;
          eachChunk(tiles, row, across, run, () => {
            own.tile = kernels.sortRows(own, counts, full, lists);
            counter.spill(lists.sizes[5]!);
            if (isFull(lists.sizes)) flush();
          });
        }
      },
    };
  }

  /** Goes through the entries of a row of tiles, a chunk in the kernels' memory at a time. */
  function eachChunk(
    { words, starts: all, tiles, entries }: PlacedTiles,
    row: number,
    { first, last }: TileRange,
    run: TileRun,
    visit: () => void,
  ): void {
    check();
    const at = all + row * tiles + first;
    const count = last - first + 1;
    copyWords(words, at, count + 1, starts);
    const end = starts[count]!;
    for (let from = starts[0]!; from < end; from += CHUNK) {
      run.from = from;
      run.to = Math.min(end, from + CHUNK);
      copyWords(words, entries + from, run.to - from, chunk);
      visit();
    }
    touched.rows += end - starts[0]!;
    touched.bytes += 4 * (end - starts[0]! + count);
  }

  /** Looks up the values of the rows that are listed. */
  function flush(): void {
    const { sizes, rowsOfX, yOfX, rowsOfY, xOfY, rowsOfBoth } = lists;
    const { x, y } = lookup;
    each(sizes[0]!, (from, rows) => {
      const cells = x.cellsOf(rowsOfX, from, rows);
      kernels.pictureCells(cells, yOfX.subarray(from, from + rows), 1, rows);
      counter.add(cells, rows);
    });
    each(sizes[1]!, (from, rows) => {
      const cells = xOfY.subarray(from, from + rows);
      kernels.pictureCells(cells, y.cellsOf(rowsOfY, from, rows), width, rows);
      counter.add(cells, rows);
    });
    each(sizes[2]!, (from, rows) => {
      const cells = x.cellsOf(rowsOfBoth, from, rows);
      kernels.pictureCells(cells, y.cellsOf(rowsOfBoth, from, rows), width, rows);
      counter.add(cells, rows);
    });
    touched.bytes += (sizes[0]! + sizes[2]!) * x.bytes() + (sizes[1]! + sizes[2]!) * y.bytes();
    seen.listed += sizes[0]! + sizes[1]! + sizes[2]!;
    sizes.fill(0, 0, 3);
  }

  function each(length: number, visit: (from: number, rows: number) => void): void {
    for (let from = 0; from < length; from += BLOCK_ROWS) {
      check();
      visit(from, Math.min(BLOCK_ROWS, length - from));
    }
  }
}

/** Rows that pass and have no place: they are dropped, wherever the domain is. */
export function unplacedRows({ tiles, bits }: TiledBatch, touched: { bytes: number }): number {
  const { words, entries, placed } = tiles;
  if (bits === null) return tiles.rows - placed;
  touched.bytes += 4 * (tiles.rows - placed);
  let rows = 0;
  for (let i = placed; i < tiles.rows; i++) {
    const row = words[entries + i]!;
    rows += (bits[row >> 3]! >> (row & 7)) & 1;
  }
  return rows;
}

// An array over shared memory takes longer to make than some words to be read.
function copyWords(words: Uint32Array, from: number, count: number, out: U32): void {
  if (count < FEW_WORDS) for (let i = 0; i < count; i++) out[i] = words[from + i]!;
  else out.set(words.subarray(from, from + count));
}

/** Strips counted from `start`. */
function within({ low, high }: StripRange, start: number): StripRange {
  return { low: low - start, high: high - start };
}

function isFull(sizes: U32): boolean {
  return Math.max(sizes[0]!, sizes[1]!, sizes[2]!) >= BLOCK_ROWS;
}

function openLists({ arena }: Scope): RowLists {
  // Behind the lists the kernel puts rows aside.
  const all = arena.u32(16 + 6 * CAPACITY).fill(0, 0, 16);
  const part = (k: number): U32 => all.subarray(16 + k * CAPACITY, 16 + (k + 1) * CAPACITY);
  const cells = (k: number): Cells => {
    const { buffer, byteOffset, length } = part(k);
    return new Int32Array(buffer, byteOffset, length);
  };
  return {
    sizes: all.subarray(0, 16),
    capacity: CAPACITY,
    rowsOfX: part(0),
    yOfX: cells(1),
    rowsOfY: part(2),
    xOfY: cells(3),
    rowsOfBoth: part(4),
  };
}
