import type { Mark } from '../../scan/mark.js';

/** Asks which rows match, as bits. */
export interface MatchingPlan {
  kind: 'matching';
}

/** The bits of some blocks, one after the other. */
export interface MatchingPartial {
  /** By block: its batch, its first row within that, and its rows. */
  places: { batch: number; from: number; rows: number }[];
  /** Each block's bits begin with a byte. */
  bits: Uint8Array<ArrayBuffer>;
}

/** By batch one bit a row, least significant first; 1 where the row passes the filters. */
export const matching: Mark<MatchingPlan, MatchingPartial, Uint8Array<ArrayBuffer>[]> = {
  open() {
    const places: MatchingPartial['places'] = [];
    const blocks: Uint8Array[] = [];
    return {
      add({ batch, from, rows, mask }) {
        const bits = new Uint8Array(Math.ceil(rows / 8));
        if (mask === null) bits.fill(255);
        else for (let i = 0; i < rows; i++) bits[i >>> 3]! |= mask[i]! << (i & 7);
        places.push({ batch, from, rows });
        blocks.push(bits);
      },
      partial() {
        const bits = new Uint8Array(blocks.reduce((sum, { length }) => sum + length, 0));
        let at = 0;
        for (const block of blocks) {
          bits.set(block, at);
          at += block.length;
        }
        return { places, bits };
      },
    };
  },

  merge(_plan, partials, { table }) {
    const all = table.batchRows.map((rows) => new Uint8Array(Math.ceil(rows / 8)));
    for (const { places, bits } of partials) {
      let at = 0;
      for (const { batch, from, rows } of places) {
        const length = Math.ceil(rows / 8);
        // Blocks begin at multiples of their size, which is one of eight.
        all[batch]!.set(bits.subarray(at, at + length), from >>> 3);
        at += length;
      }
    }
    return all;
  },
};
