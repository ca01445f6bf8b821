import { BLOCK_ROWS } from '../columns.js';
import { largeUint32 } from '../large-arrays.js';
import {
  COUNTS_AT,
  DROPPED,
  OUTSIDE,
  type Cells,
  type F64,
  type I64,
  type Mask,
  type RowLists,
  type TileRun,
  type U32,
} from '../kernels/kernels.js';
import { axisWidth, openCells, type CellAxisPlan } from '../scan/axis.js';
import type { Scope } from '../scan/mark.js';
import { openSource } from '../scan/source.js';
import { batchOf, columnOf } from '../scan/values.js';
import { openDoubles, openIntegers, type GatherValues } from './gather-values.js';
import { mayDrop, openStripCodes, reachOf } from './strip-codes.js';
import type { Tiles } from './tiles.js';
import { fillWays } from './ways.js';

/** Entries that are copied into the kernels' memory at a time. */
const CHUNK = 8192;
/** A list is emptied when it has a block of rows, and takes a chunk more at most. */
const CAPACITY = BLOCK_ROWS + CHUNK;
/** Tiles and strips of an axis at most. */
const MOST = { tiles: 256, strips: 16_384 };

/** The tiles of one batch, and which of its rows pass. */
export interface TiledBatch {
  batch: number;
  /** The number in the snapshot of its first row. */
  firstRow: number;
  tiles: Tiles;
  /** One bit a row, in the kernels' memory; null where every row passes. */
  bits: Mask | null;
  /** Rows that pass. */
  matched: number;
}

export interface TileCounts {
  matched: number;
  drawn: number;
  outside: number;
  dropped: number;
  /** Rows by cell. */
  counts: Uint32Array<ArrayBuffer>;
  touched: { rows: number; bytes: number };
}

/** How many rows the tiles hold that a domain reaches into: at least as many as stand in it. */
export function rowsInReach({ x, y, starts, ...shape }: Tiles, of: TilePlan): number {
  const all = mayDrop(x, of.x) || mayDrop(y, of.y);
  const across = reachOf(x, shape, of.x, all);
  const up = reachOf(y, shape, of.y, all);
  let rows = 0;
  for (let row = up.first; row <= up.last && across.first <= across.last; row++) {
    const at = row * shape.tiles;
    rows += starts[at + across.last + 1]! - starts[at + across.first]!;
  }
  return rows;
}

/** Two axes of cells. */
export interface TilePlan {
  x: CellAxisPlan;
  y: CellAxisPlan;
}

/** Counts the rows of batches by cell: those whose strips tell it without a look at their values. */
export function countByTiles(
  plan: TilePlan,
  batches: Iterable<TiledBatch>,
  scope: Scope,
  check: () => void,
): TileCounts {
  const { arena, kernels } = scope;
  const length = axisWidth(plan.x) * axisWidth(plan.y) + COUNTS_AT;
  const counts = arena.u32(length).fill(0);
  const cells = counts.subarray(COUNTS_AT);
  const seen = visitTiles(plan, batches, scope, check, {
    all: false,
    counts: cells,
    found: (found, rows) => kernels.countCells(found, counts, rows),
  });
  const { matched, listed, counted, touched } = seen;
  const drawn = counted + listed - counts[COUNTS_AT + OUTSIDE]! - counts[COUNTS_AT + DROPPED]!;
  const dropped = seen.dropped + counts[COUNTS_AT + DROPPED]!;
  const outside = matched - drawn - dropped;
  return { matched, drawn, outside, dropped, counts: cells.slice(), touched };
}

export interface TileRows extends Omit<TileCounts, 'counts'> {
  /** The rows in the domain, ascending, and the cells of the same rows, in no order. */
  rows: Uint32Array<ArrayBuffer>;
  cells: Uint32Array<ArrayBuffer>;
}

/** Finds the rows that stand in a domain, `most` at most: see `rowsInReach`. */
export function findByTiles(
  plan: TilePlan,
  batches: Iterable<TiledBatch>,
  scope: Scope,
  check: () => void,
  most: number,
): TileRows {
  const rows = largeUint32(most);
  const cells = largeUint32(most);
  let drawn = 0;
  let droppedHere = 0;
  let start = 0;
  let last = -1;
  const seen = visitTiles(plan, batches, scope, check, {
    all: true,
    counts: scope.arena.u32(COUNTS_AT),
    found(found, count, list, from, { batch, firstRow }) {
      if (batch !== last) {
        rows.subarray(start, drawn).sort();
        [start, last] = [drawn, batch];
      }
      for (let i = 0; i < count; i++) {
        if (found[i]! < 0) {
          if (found[i] === DROPPED) droppedHere++;
          continue;
        }
        cells[drawn] = found[i]!;
        rows[drawn++] = firstRow + list[from + i]!;
      }
    },
  });
  rows.subarray(start, drawn).sort();
  const { matched, touched } = seen;
  const dropped = seen.dropped + droppedHere;
  return {
    matched,
    drawn,
    outside: matched - drawn - dropped,
    dropped,
    rows: rows.subarray(0, drawn),
    cells: cells.subarray(0, drawn),
    touched,
  };
}

interface Visitor {
  /** Whether rows are looked up whose cells are known. */
  all: boolean;
  /** Where rows of known cells are counted. */
  counts: U32;
  /** Takes the cells of rows that were looked up: `list[from + i]` is the row of `cells[i]`. */
  found(cells: Cells, count: number, list: U32, from: number, batch: TiledBatch): void;
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
  visitor: Visitor,
): Visited {
  const { arena, kernels, table } = scope;
  const width = axisWidth(plan.x);
  const [ofX, ofY] = [
    openStripCodes(plan.x, 1, scope, MOST),
    openStripCodes(plan.y, width, scope, MOST),
  ];
  const lookup = { x: openLookup(plan.x, scope), y: openLookup(plan.y, scope) };
  const lists = openLists(scope);
  const ways = arena.u8(256);
  fillWays(ways, visitor.all);
  const chunk = arena.u32(CHUNK);
  const starts = arena.u32(MOST.tiles + 1);
  const seen: Visited = {
    matched: 0,
    dropped: 0,
    counted: 0,
    listed: 0,
    touched: { rows: 0, bytes: 0 },
  };
  const { touched } = seen;

  for (const one of batches) {
    const { tiles, bits, matched, batch } = one;
    seen.matched += matched;
    if (matched === 0) continue;
    seen.dropped += unplacedRows(one);
    const all = mayDrop(tiles.x, plan.x) || mayDrop(tiles.y, plan.y);
    const across = ofX(tiles.x, tiles, all);
    const up = ofY(tiles.y, tiles, all);
    if (across.first > across.last || up.first > up.last) continue;
    const count = across.last - across.first + 1;
    touched.bytes += 8 * ((count + up.last - up.first + 1) << tiles.stripBits);
    lookup.x.open(batch);
    lookup.y.open(batch);
    const run: TileRun = {
      from: 0,
      to: 0,
      entries: chunk,
      starts,
      tile: 0,
      stripBits: tiles.stripBits,
      xs: across.strips,
      ys: up.strips,
      xTiles: across.tiles,
      yTile: -1,
      bits,
      ways,
    };
    for (let row = up.first; row <= up.last; row++) {
      check();
      const first = row * tiles.tiles + across.first;
      starts.set(tiles.starts.subarray(first, first + count + 1));
      const end = starts[count]!;
      const strip = (row - up.first) << tiles.stripBits;
      run.ys = up.strips.subarray(strip, strip + (1 << tiles.stripBits));
      run.yTile = up.tiles[row - up.first]!;
      run.tile = 0;
      for (let from = starts[0]!; from < end; from += CHUNK) {
        run.from = from;
        run.to = Math.min(end, from + CHUNK);
        chunk.set(tiles.entries.subarray(from, run.to));
        run.tile = kernels.sortRows(run, visitor.counts, lists);
        if (lists.sizes.some(isFull)) flush(one);
      }
      touched.rows += end - starts[0]!;
      touched.bytes += 4 * (end - starts[0]! + count);
    }
    flush(one);
  }
  seen.dropped += lists.sizes[3]!;
  seen.counted += lists.sizes[4]!;
  return seen;

  /** Looks up the values of the rows that are listed. */
  function flush(one: TiledBatch): void {
    const { sizes, rowsOfX, yOfX, rowsOfY, xOfY, rowsOfBoth } = lists;
    each(sizes[0]!, (from, rows) => {
      const cells = lookup.x.cells(rowsOfX, from, rows);
      kernels.pictureCells(cells, yOfX.subarray(from, from + rows), 1, rows);
      visitor.found(cells, rows, rowsOfX, from, one);
    });
    each(sizes[1]!, (from, rows) => {
      const cells = xOfY.subarray(from, from + rows);
      kernels.pictureCells(cells, lookup.y.cells(rowsOfY, from, rows), width, rows);
      visitor.found(cells, rows, rowsOfY, from, one);
    });
    each(sizes[2]!, (from, rows) => {
      const cells = lookup.x.cells(rowsOfBoth, from, rows);
      kernels.pictureCells(cells, lookup.y.cells(rowsOfBoth, from, rows), width, rows);
      visitor.found(cells, rows, rowsOfBoth, from, one);
    });
    const { x, y } = lookup;
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

  function unplacedRows({ tiles: { unplaced }, bits }: TiledBatch): number {
    touched.bytes += unplaced.byteLength;
    if (bits === null) return unplaced.length;
    let rows = 0;
    for (let i = 0; i < unplaced.length; i++) {
      const row = unplaced[i]!;
      rows += (bits[row >> 3]! >> (row & 7)) & 1;
    }
    return rows;
  }

  /** The cells of rows of one axis, by their values. */
  function openLookup(axis: CellAxisPlan, { table: { columns } }: Scope) {
    const { column } = axis;
    const { logical } = columnOf(table, column);
    const exact = axis.scale === 'time';
    const values: F64 | I64 = exact ? arena.i64(BLOCK_ROWS) : arena.f64(BLOCK_ROWS);
    const found = arena.i32(BLOCK_ROWS);
    const place = openCells(axis, scope);
    const scale = logical.kind === 'decimal' ? logical.scale : 0;
    let gather: GatherValues;
    let bytes = 0;
    return {
      open(batch: number): void {
        const source = openSource(table, batchOf(table, column, batch));
        gather = exact ? openIntegers(source) : openDoubles(source, scale, kernels);
        const { data } = columns[column]!.batches[batch]!;
        bytes = (data?.length ?? 0) / Math.max(1, table.batchRows[batch]!);
      },
      cells(rows: U32, from: number, count: number): Cells {
        gather(rows, from, count, values);
        place(values, found, count);
        return found;
      },
      bytes: () => bytes,
    };
  }
}

function isFull(size: number, list: number): boolean {
  return list < 3 && size >= BLOCK_ROWS;
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
