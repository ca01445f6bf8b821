import { BLOCK_ROWS } from '../columns.js';
import type { KnownBlocks, Stretch } from './stretch.js';

/** What is known of the rows of a block before any is looked at. */
export const Verdict = {
  /** No row passes. */
  NONE: 0,
  /** Some rows may pass, and some not. */
  SOME: 1,
  /** Every row passes. */
  ALL: 2,
} as const;
export type Verdict = (typeof Verdict)[keyof typeof Verdict];

/** The verdicts on the blocks of a batch, in order. */
export type Verdicts = Uint8Array;

/**
 * What is known of the blocks of a stretch whose rows have to pass all of some filters, by the verdicts of each on the
 * batch; undefined for a filter of which nothing is known.
 */
export function knownBlocks(
  { from, to }: Pick<Stretch, 'from' | 'to'>,
  filters: readonly (Verdicts | undefined)[],
): KnownBlocks {
  let may = 0;
  let sure = 0;
  for (let start = from, bit = 1; start < to; start += BLOCK_ROWS, bit <<= 1) {
    const block = start / BLOCK_ROWS;
    if (filters.every((verdicts) => verdicts?.[block] !== Verdict.NONE)) may |= bit;
    if (filters.every((verdicts) => verdicts?.[block] === Verdict.ALL)) sure |= bit;
  }
  return { may, sure };
}

/** The verdict on a block of which so many rows pass. */
export function verdictOfCount(passing: number, rows: number): Verdict {
  if (passing === 0) return Verdict.NONE;
  return passing === rows ? Verdict.ALL : Verdict.SOME;
}
