import { BLOCK_ROWS } from '../columns.js';
import { COUNTS_AT, DROPPED, OUTSIDE, type Cells } from '../kernels/kernels.js';
import { largeFloat64, largeUint32 } from '../large-arrays.js';
import { CountMap } from './count-map.js';
import type { Scope } from './mark.js';

/** Rows by cell * slots + slot, for the keys that occur, ascending. */
export interface CountedKeys {
  keys: Float64Array<ArrayBuffer>;
  counts: Uint32Array<ArrayBuffer>;
}

export interface PairCounts {
  /** Counts the rows of a block; the cells are used up. */
  add(cells: Cells, slots: Uint16Array<ArrayBuffer>, rows: number): void;
  result(): CountedKeys & { outside: number; dropped: number };
}

/** Rows that a byte hands on when it is full. */
const SPILL = 255;

/**
 * Counts rows by cell and slot: most pairs hold few rows, so a byte each, in the kernels' memory, where there is
 * room for all; else only the pairs that occur.
 */
export function openPairCounts(size: number, slotCount: number, scope: Scope): PairCounts {
  return size * slotCount <= scope.arena.free / 2
    ? openBytes(size * slotCount, slotCount, scope)
    : openMap(slotCount);
}

function openBytes(length: number, slotCount: number, { arena, kernels }: Scope): PairCounts {
  const bytes = arena.u8(length + COUNTS_AT).fill(0);
  const noted = arena.i32(BLOCK_ROWS);
  const spills = new CountMap();
  const lost = new Uint32Array(COUNTS_AT);
  return {
    add(cells, slots, rows) {
      kernels.pairCells(cells, slots, slotCount, rows);
      const count = kernels.countBytes(cells, bytes, noted, rows);
      for (let i = 0; i < count; i++) {
        const cell = noted[i]!;
        if (cell < 0) lost[COUNTS_AT + cell]! += SPILL;
        else spills.add(cell, SPILL);
      }
    },
    result() {
      for (let i = 0; i < COUNTS_AT; i++) {
        lost[i]! += bytes[i]!;
        bytes[i] = 0;
      }
      let size = 0;
      const each = (visit: (found: number) => void): void => {
        for (let from = 0; from < bytes.length; from += BLOCK_ROWS) {
          visit(kernels.occupied(bytes, from, Math.min(bytes.length, from + BLOCK_ROWS), noted));
        }
      };
      each((found) => (size += found));
      const keys = largeFloat64(size);
      const counts = largeUint32(size);
      const isSpilt = spills.size > 0;
      let next = 0;
      each((found) => {
        for (let i = 0; i < found; i++) {
          const at = noted[i]!;
          const key = at - COUNTS_AT;
          keys[next] = key;
          counts[next++] = isSpilt ? bytes[at]! + spills.count(key) : bytes[at]!;
        }
      });
      return { keys, counts, ...lostRows(lost) };
    },
  };
}

function openMap(slotCount: number): PairCounts {
  const map = new CountMap();
  const lost = new Uint32Array(COUNTS_AT);
  return {
    add(cells, slots, rows) {
      for (let i = 0; i < rows; i++) {
        const cell = cells[i]!;
        if (cell < 0) lost[COUNTS_AT + cell]!++;
        else map.add(cell * slotCount + slots[i]!, 1);
      }
    },
    result() {
      const keys = map.entries().keys.sort();
      const counts = largeUint32(keys.length);
      for (let i = 0; i < keys.length; i++) counts[i] = map.count(keys[i]!);
      return { keys, counts, ...lostRows(lost) };
    },
  };
}

function lostRows(lost: Uint32Array): { outside: number; dropped: number } {
  return { outside: lost[COUNTS_AT + OUTSIDE]!, dropped: lost[COUNTS_AT + DROPPED]! };
}

/** Adds two counts up. */
export function joinPairCounts(a: CountedKeys, b: CountedKeys): CountedKeys {
  const keys = largeFloat64(a.keys.length + b.keys.length);
  const counts = largeUint32(keys.length);
  let next = 0;
  let i = 0;
  let k = 0;
  while (i < a.keys.length || k < b.keys.length) {
    const left = i < a.keys.length ? a.keys[i]! : Infinity;
    const right = k < b.keys.length ? b.keys[k]! : Infinity;
    keys[next] = left < right ? left : right;
    let count = 0;
    if (left <= right) count += a.counts[i++]!;
    if (right <= left) count += b.counts[k++]!;
    counts[next++] = count;
  }
  return { keys: keys.subarray(0, next), counts: counts.subarray(0, next) };
}
