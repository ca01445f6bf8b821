import { ENTRY_ROW_SHIFT, ENTRY_STRIP_BITS } from '../tiles/tiles.js';
import { rowAtTurn } from '../tiles/turns.js';
import { FLAG_SHIFT, Way, type Kernels } from './kernels.js';

type TileKernel =
  'ordered' | 'andFinite' | 'findStrips' | 'countTiles' | 'placeRows' | 'sortRows' | 'listRows';

const STRIP_MASK = 2 ** ENTRY_STRIP_BITS - 1;

/** The kernels that build and read tiles, as plain TypeScript. */
export const plainTileKernels: Pick<Kernels, TileKernel> = {
  ordered(values, rows, out) {
    const bits = new BigInt64Array(values.buffer, values.byteOffset, rows);
    for (let i = 0; i < rows; i++) out[i] = bits[i]! < 0n ? bits[i]! ^ (2n ** 63n - 1n) : bits[i]!;
  },

  andFinite(values, mask, rows) {
    for (let i = 0; i < rows; i++) mask[i]! &= Number.isFinite(values[i]) ? 1 : 0;
  },

  findStrips(keys, edges, strips, rows) {
    for (let i = 0; i < rows; i++) {
      let strip = 0;
      for (let step = (edges.length - 1) / 2; step >= 1; step /= 2) {
        if (edges[strip + step]! <= keys[i]!) strip += step;
      }
      strips[i] = strip;
    }
  },

  countTiles(xs, ys, mask, rows, stripBits, tileBits, counts) {
    for (let i = 0; i < rows; i++) {
      if (mask[i] === 1) counts[((ys[i]! >> stripBits) << tileBits) | (xs[i]! >> stripBits)]!++;
    }
  },

  placeRows(from, to, { rows, xs, ys, mask, stripBits, tileBits }, next, entries) {
    const within = 2 ** stripBits - 1;
    for (let turn = from; turn < to; turn++) {
      const row = rowAtTurn(turn);
      if (row >= rows || mask[row] === 0) continue;
      const tile = ((ys[row]! >> stripBits) << tileBits) | (xs[row]! >> stripBits);
      const at = next[tile]!++;
      entries[at] =
        row * 2 ** ENTRY_ROW_SHIFT +
        (ys[row]! & within) * 2 ** ENTRY_STRIP_BITS +
        (xs[row]! & within);
    }
  },

  listRows({ entries, from, to, starts, stripBits, bits }, strips, rows, count) {
    let next = count;
    let tile = 0;
    for (let at = from; at < to; at++) {
      while (starts[tile + 1]! <= at) tile++;
      const entry = entries[at - from]!;
      const row = entry >>> ENTRY_ROW_SHIFT;
      const x = (tile << stripBits) + (entry & STRIP_MASK);
      const y = (entry >>> ENTRY_STRIP_BITS) & STRIP_MASK;
      if (bits !== null && ((bits[row >> 3]! >> (row & 7)) & 1) === 0) continue;
      if (x < strips.x.low || x > strips.x.high || y < strips.y.low || y > strips.y.high) continue;
      rows[next++] = row;
    }
    return next;
  },

  sortRows(run, counts, full, lists) {
    const { from, to, entries, starts, stripBits, xs, ys, xTiles, yTile, bits, ways } = run;
    const { sizes, rowsOfX, yOfX, rowsOfY, xOfY, rowsOfBoth } = lists;
    let { tile } = run;
    sizes[5] = 0;
    const add = (cell: number, rows: number): void => {
      let count = counts[cell]! + rows;
      for (; count > 255; count -= 255) full[sizes[5]!++] = cell;
      counts[cell] = count;
      sizes[4]! += rows;
    };
    for (let at = from; at < to; tile++) {
      const end = Math.min(to, starts[tile + 1]!);
      const xTile = xTiles[tile]!;
      if (bits === null && xTile >= 0 && yTile >= 0) {
        const way = wayOf(ways, xTile, yTile);
        if (way === Way.COUNT || way === Way.DROP || way === Way.SKIP) {
          if (way === Way.COUNT) add(xTile + yTile, end - at);
          else if (way === Way.DROP) sizes[3]! += end - at;
          at = end;
          continue;
        }
      }
      for (; at < end; at++) {
        const entry = entries[at - from]!;
        const row = entry >>> ENTRY_ROW_SHIFT;
        if (bits !== null && ((bits[row >> 3]! >> (row & 7)) & 1) === 0) continue;
        const x = xs[(tile << stripBits) + (entry & STRIP_MASK)]!;
        const y = ys[(entry >>> ENTRY_STRIP_BITS) & STRIP_MASK]!;
        const way = wayOf(ways, x, y);
        if (way === Way.COUNT) add(x + y, 1);
        else if (way === Way.X) {
          rowsOfX[sizes[0]!] = row;
          yOfX[sizes[0]!++] = y;
        } else if (way === Way.Y) {
          rowsOfY[sizes[1]!] = row;
          xOfY[sizes[1]!++] = x;
        } else if (way === Way.BOTH) rowsOfBoth[sizes[2]!++] = row;
        else if (way === Way.DROP) sizes[3]!++;
      }
    }
    return tile - 1;
  },
};

function wayOf(ways: Uint8Array, x: number, y: number): number {
  return ways[((x >> FLAG_SHIFT) << 4) | (y >> FLAG_SHIFT)]!;
}
