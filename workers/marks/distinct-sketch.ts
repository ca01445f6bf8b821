import { mixWords, openWords, type WordForm } from '../aggregate/words-of.js';
import type { Mark } from '../scan/mark.js';

/** About how many distinct values the matching rows have, to within a few percent: 16 KiB, whatever the rows. */
export interface DistinctSketchPlan {
  kind: 'distinct sketch';
  column: number;
  form: WordForm;
}

export interface DistinctSketch {
  distinct: number;
  /** Rows that have a value. */
  seen: number;
}

/** What one task knows of them. */
export interface SketchPartial {
  /** The most leading zeros, and one, of the hashes that fall into each register. */
  registers: Uint8Array<ArrayBuffer>;
  seen: number;
}

const INDEX_BITS = 14;
const REGISTERS = 2 ** INDEX_BITS;

/** HyperLogLog (Flajolet et al., 2007), with linear counting where few registers are taken. */
export const distinctSketch: Mark<DistinctSketchPlan, SketchPartial, DistinctSketch> = {
  open({ column, form }) {
    const wordsOf = openWords(column, form);
    const registers = new Uint8Array(REGISTERS);
    let seen = 0;
    return {
      packs: true,
      add(block) {
        const { words, has } = wordsOf(block);
        for (let i = 0; i < block.rows; i++) {
          if (has[i] === 0) continue;
          seen++;
          const hash = mixWords(words[2 * i]!, words[2 * i + 1]!);
          const at = hash >>> (32 - INDEX_BITS);
          const rank = Math.clz32(hash << INDEX_BITS) + 1;
          if (rank > registers[at]!) registers[at] = rank;
        }
      },
      partial: () => ({ registers, seen }),
    };
  },

  merge(_plan, partials) {
    let sum = 0;
    let empty = 0;
    for (let at = 0; at < REGISTERS; at++) {
      let most = 0;
      for (const { registers } of partials) most = Math.max(most, registers[at]!);
      sum += 2 ** -Math.min(most, 32 - INDEX_BITS + 1);
      if (most === 0) empty++;
    }
    const seen = partials.reduce((rows, part) => rows + part.seen, 0);
    const raw = ((0.7213 / (1 + 1.079 / REGISTERS)) * REGISTERS * REGISTERS) / sum;
    const distinct =
      raw <= 2.5 * REGISTERS && empty > 0 ? REGISTERS * Math.log(REGISTERS / empty) : raw;
    // Hashes of 32 bits meet more often the more there are.
    const apart = distinct < 2 ** 31 ? -(2 ** 32) * Math.log(1 - distinct / 2 ** 32) : Infinity;
    return { distinct: Math.min(seen, apart), seen };
  },
};
