import { mixWords, openWords, type WordForm } from '../aggregate/words-of.js';
import { Ids64 } from '../groups/intern.js';
import type { Mark } from '../scan/mark.js';

/** Counts the distinct values of a column that belong to one of `parts` parts, into which their hashes divide them. */
export interface DistinctPartPlan {
  kind: 'distinct part';
  column: number;
  form: WordForm;
  part: number;
  parts: number;
  /** What the scan and its merge take of memory at the most. */
  bytes: number;
}

/** Parts are disjoint, so their counts add up. */
export const distinctPart: Mark<DistinctPartPlan, Uint32Array<ArrayBuffer>, number> = {
  open({ column, form, part, parts }) {
    const wordsOf = openWords(column, form);
    const values = new Ids64();
    return {
      packs: true,
      add(block) {
        const { words, has } = wordsOf(block);
        for (let i = 0; i < block.rows; i++) {
          if (has[i] === 0) continue;
          const [low, high] = [words[2 * i]!, words[2 * i + 1]!];
          if (Math.floor((mixWords(low, high) / 2 ** 32) * parts) === part) values.idOf(low, high);
        }
      },
      partial: () => values.words().slice(),
    };
  },

  merge(_plan, partials, { check }) {
    const [first] = partials;
    if (partials.length === 1) return first!.length / 2;
    const values = new Ids64();
    for (const words of partials) {
      for (let i = 0; i < words.length; i += 2) {
        if (i % 131_072 === 0) check();
        values.idOf(words[i]!, words[i + 1]!);
      }
    }
    return values.size;
  },
};
