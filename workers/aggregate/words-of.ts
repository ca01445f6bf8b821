import { BLOCK_ROWS } from '../columns.js';
import type { Block } from '../scan/block.js';

/** How values of a column are told apart by 64 bits: doubles by value, or stored integers. */
export type WordForm = 'f64' | 'i64';

/** The values of a block by their bits: low and high word, side by side; `has` is 0 where a row has none. */
export interface BlockWords {
  words: Uint32Array;
  has: Uint8Array;
}

/** Reads the values of matching rows that aggregates see, neither null nor NaN; -0 is 0. Valid until the next block. */
export function openWords(column: number, form: WordForm): (block: Block) => BlockWords {
  const has = new Uint8Array(BLOCK_ROWS);
  const doubles = new Float64Array(BLOCK_ROWS);
  const bits = new Uint32Array(doubles.buffer);
  return (block) => {
    const { mask, rows } = block;
    if (form === 'f64') {
      const values = block.f64(column);
      for (let i = 0; i < rows; i++) {
        has[i] = values[i] === values[i] && (mask === null || mask[i] !== 0) ? 1 : 0;
        doubles[i] = values[i]! + 0;
      }
      return { words: bits, has };
    }
    const { buffer, byteOffset } = block.i64(column);
    const valid = block.valid(column);
    for (let i = 0; i < rows; i++) {
      has[i] = (valid === null || valid[i] !== 0) && (mask === null || mask[i] !== 0) ? 1 : 0;
    }
    return { words: new Uint32Array(buffer, byteOffset, 2 * rows), has };
  };
}

/** 32 bits of two words that look random: the finalizer of MurmurHash3 over each in turn. */
export function mixWords(low: number, high: number): number {
  let h = Math.imul(high ^ 0x9e37_79b9, 0x85eb_ca6b);
  h = Math.imul(h ^ (h >>> 15) ^ low, 0xc2b2_ae35);
  h = Math.imul(h ^ (h >>> 13), 0x27d4_eb2f);
  return (h ^ (h >>> 16)) >>> 0;
}
