import { BLOCK_ROWS } from '../columns.js';
import { DROPPED, OUTSIDE } from '../kernels/kernels.js';
import type { Block } from '../scan/block.js';

/** Bins of a time column: see `calendarEdges`. */
export interface TimeBins {
  /** Ascending integers in the column's unit; bin i is edges[i] <= t < edges[i + 1], the last one closed. */
  edges: BigInt64Array<ArrayBuffer>;
  /** What is below `low` or above `high` is outside, also where it would be in the first or the last bin. */
  low: bigint;
  high: bigint;
  /** `raw` where all integers of the column lie within 2^53. */
  integers: 'raw' | 'i64';
}

/**
 * Makes the bins of a block: a number from 0, OUTSIDE, or DROPPED for nulls. Valid until the next block. Exact, and
 * without a bigint a row: each bin is guessed as if all were equally long, and set right by its edges.
 */
export function openTimeBins(column: number, bins: TimeBins): (block: Block) => Int32Array {
  return bins.integers === 'raw' ? openRaw(column, bins) : openWords(column, bins);
}

function openRaw(column: number, bins: TimeBins): (block: Block) => Int32Array {
  const out = new Int32Array(BLOCK_ROWS);
  const edges = Float64Array.from(bins.edges, Number);
  const low = Number(bins.low);
  const high = Number(bins.high);
  const last = edges.length - 2;
  const first = edges[0]!;
  const perUnit = (last + 1) / (edges[last + 1]! - first);
  return (block) => {
    const values = block.raw(column);
    for (let i = 0; i < block.rows; i++) {
      const value = values[i]!;
      if (!(value >= low && value <= high)) {
        out[i] = value === value ? OUTSIDE : DROPPED;
        continue;
      }
      let bin = Math.max(0, Math.min(last, Math.floor((value - first) * perUnit)));
      while (bin > 0 && value < edges[bin]!) bin--;
      while (bin < last && value >= edges[bin + 1]!) bin++;
      out[i] = bin;
    }
    return out;
  };
}

// 64-bit integers as two words, compared word by word.
function openWords(column: number, { edges, low, high }: TimeBins): (block: Block) => Int32Array {
  const out = new Int32Array(BLOCK_ROWS);
  const bounds = wordsOf(BigInt64Array.of(low, high));
  const edgeWords = wordsOf(edges);
  const last = edges.length - 2;
  const first = Number(edges[0]);
  const perUnit = (last + 1) / (Number(edges[last + 1]) - first);
  return (block) => {
    const values = block.i64(column);
    const valid = block.valid(column);
    const words = wordsOf(values);
    for (let i = 0; i < block.rows; i++) {
      if (valid !== null && valid[i] === 0) {
        out[i] = DROPPED;
        continue;
      }
      if (isBelow(words, i, bounds, 0) || isBelow(bounds, 1, words, i)) {
        out[i] = OUTSIDE;
        continue;
      }
      const about = words[2 * i + 1]! * 2 ** 32 + (words[2 * i]! >>> 0);
      let bin = Math.max(0, Math.min(last, Math.floor((about - first) * perUnit)));
      while (bin > 0 && isBelow(words, i, edgeWords, bin)) bin--;
      while (bin < last && !isBelow(words, i, edgeWords, bin + 1)) bin++;
      out[i] = bin;
    }
    return out;
  };
}

function wordsOf({ buffer, byteOffset, length }: BigInt64Array): Int32Array {
  return new Int32Array(buffer, byteOffset, length * 2);
}

function isBelow(a: Int32Array, i: number, b: Int32Array, k: number): boolean {
  const high = a[2 * i + 1]!;
  const other = b[2 * k + 1]!;
  return high < other || (high === other && a[2 * i]! >>> 0 < b[2 * k]! >>> 0);
}
