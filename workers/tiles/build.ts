import { crc32 } from 'node:zlib';
import { BATCH_ROWS, BLOCK_ROWS, type TableView } from '../columns.js';
import type { BuiltPart, IndexPartTask } from '../index-part.js';
import type { I64, Kernels, Mask, U16 } from '../kernels/kernels.js';
import { kernelsFor } from '../kernels/load.js';
import { threadArena as arena } from '../kernels/thread-arena.js';
import { Block } from '../scan/block.js';
import { checkCancel, unlessWithdrawn } from '../scan/cancel.js';
import { toDouble } from '../scan/exact.js';
import { batchOf, columnOf } from '../scan/values.js';
import { chooseEdges, SAMPLES_A_STRIP } from './edges.js';
import { isExact } from './form.js';
import { keyOf } from './keys.js';
import { rowAtTurn } from './turns.js';
import { tilesAt, tileShape, tilesBytes, writePlaced } from './tiles.js';

export interface BuildTilesTask extends IndexPartTask {
  /** Columns of numbers or times. */
  x: number;
  y: number;
}

/** Turns that are taken between two looks at the cancel word. */
const TURNS = 2 ** 17;

/** Builds the tiles of one batch of two columns: some 150 ms for 2^20 rows. */
export function buildTiles({ table, batch, x, y, cancel }: BuildTilesTask): BuiltPart {
  return unlessWithdrawn(() => {
    arena.reset();
    const kernels = kernelsFor(arena);
    const rows = table.batchRows[batch]!;
    const { tileBits, stripBits, tiles, strips } = tileShape(rows);
    const mask = arena.u8(Math.max(1, rows)).fill(1);
    const block = new Block(table, arena, kernels);
    const axes = [x, y].map((column) => openAxisBuild({ table, batch, column, strips, kernels }));
    const eachBlock = (visit: (mask: Mask) => void): void => {
      for (let from = 0; from < rows; from += BLOCK_ROWS) {
        checkCancel(cancel);
        block.seek({ batch, from: 0, to: rows, firstRow: 0 }, from);
        visit(mask.subarray(from, from + block.rows));
      }
    };
    eachBlock((own) => {
      for (const axis of axes) axis.look(block, own);
    });
    for (const axis of axes) axis.chooseEdges();
    const next = arena.u32(tiles * tiles).fill(0);
    eachBlock((own) => {
      const [xs, ys] = axes.map((axis) => axis.divide(block));
      kernels.countTiles(xs!, ys!, own, block.rows, stripBits, tileBits, next);
    });

    const bytes = new Uint8Array(tilesBytes(rows));
    let placed = 0;
    for (const count of next) placed += count;
    writePlaced(bytes.buffer, 0, placed);
    const out = tilesAt(bytes.buffer, 0, rows);
    out.x.set(axes[0]!.edges);
    out.y.set(axes[1]!.edges);
    for (let tile = 0, end = 0; tile < next.length; tile++) {
      const count = next[tile]!;
      out.starts[tile] = next[tile] = end;
      end += count;
    }
    out.starts[tiles * tiles] = placed;
    const entries = arena.u32(Math.max(1, placed));
    const [xs, ys] = axes.map(({ all }) => all);
    const striped = { rows, xs: xs!, ys: ys!, mask, stripBits, tileBits };
    for (let turn = 0; turn < BATCH_ROWS; turn += TURNS) {
      checkCancel(cancel);
      kernels.placeRows(turn, turn + TURNS, striped, next, entries);
    }
    out.entries.set(entries.subarray(0, placed));
    for (let row = 0, k = 0; k < out.unplaced.length; row++) {
      if (mask[row] === 0) out.unplaced[k++] = row;
    }
    return { withdrawn: false, bytes, crc32: crc32(bytes) };
  });
}

interface AxisOptions {
  table: TableView;
  batch: number;
  column: number;
  strips: number;
  kernels: Kernels;
}

/** What is made of one of the axes. */
function openAxisBuild({ table, batch, column, strips, kernels }: AxisOptions) {
  const rows = table.batchRows[batch]!;
  const exact = isExact(columnOf(table, column));
  const all = arena.u16(Math.max(1, rows));
  const edges = arena.i64(strips + 1);
  const keys = arena.i64(BLOCK_ROWS);
  const sample = new BigInt64Array(Math.min(rows, strips * SAMPLES_A_STRIP));
  // One row of each stretch of so many, which is chosen by its turn: rows may repeat themselves at any distance.
  const stride = Math.max(1, Math.floor(rows / Math.max(1, sample.length)));
  let sampled = 0;

  function keysOf(block: Block): I64 {
    if (exact) return block.i64(column);
    kernels.ordered(block.f64(column), block.rows, keys);
    return keys;
  }

  return {
    edges,
    /** The strips of all rows. */
    all,
    /** Clears the mask where a row has no place, and takes some of the others into the sample. */
    look(block: Block, mask: Mask): void {
      if (exact) {
        const valid = block.valid(column);
        if (valid !== null) for (let i = 0; i < block.rows; i++) mask[i]! &= valid[i]!;
      } else kernels.andFinite(block.f64(column), mask, block.rows);
      const own = keysOf(block);
      for (let from = 0; from < block.rows && sampled < sample.length; from += stride) {
        const i = from + (rowAtTurn(block.from + from) % stride);
        if (i < block.rows && mask[i] === 1) sample[sampled++] = own[i]!;
      }
    },
    chooseEdges(): void {
      chooseEdges(sample.subarray(0, sampled).sort(), extentOf(table, column, batch), edges);
    },
    /** Finds the strips of a block, which are kept. */
    divide(block: Block): U16 {
      const own = keysOf(block);
      const found = all.subarray(block.from, block.from + block.rows);
      kernels.findStrips(own, edges, found, block.rows);
      return found;
    },
  };
}

/** The keys of the least and the greatest value; of 0 where there is none. */
function extentOf(table: TableView, column: number, batch: number): [bigint, bigint] {
  const { logical } = columnOf(table, column);
  const { min = 0, max = 0 } = batchOf(table, column, batch);
  const scale = logical.kind === 'decimal' ? logical.scale : 0;
  const key = (value: number | bigint): bigint => {
    if (isExact({ logical })) return BigInt(value);
    return keyOf(typeof value === 'bigint' ? toDouble(value, scale) : value);
  };
  // Either zero may be the least, or the greatest.
  return [key(min === 0 ? -0 : min), key(max === 0 ? 0 : max)];
}
