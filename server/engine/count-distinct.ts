import type { WordForm } from '../../workers/aggregate/words-of.js';
import type { Run } from './run.js';

/** A value in the list that a part of a scan hands over. */
const LISTED_BYTES = 8;
/** A value in a hash table, as it grows. */
const TABLE_BYTES = 64;
/** A sketch of 2^14 registers is off by more once in a million times. */
const CAUTION = 1.05;
/** Of the memory that one request may have; so that two find room beside each other. */
const SHARE = 1 / 2;

export interface DistinctCount {
  value: number;
  /** Rows that have a value, and that pass the filters. */
  seen: number;
  matched: number;
}

/**
 * The number of distinct values of a column in little memory: a sketch tells about how many there are, hence into how
 * many parts their hashes have to divide them for each to fit; one scan a part counts them exactly.
 */
export async function countDistinct(
  run: Run,
  column: number,
  form: WordForm,
): Promise<DistinctCount> {
  const { result, matched } = await run.compute<'distinct sketch'>({
    kind: 'distinct sketch',
    column,
    form,
  });
  const { seen } = result;
  const distinct = Math.min(seen, result.distinct * CAUTION);
  const listed = Math.min(seen, distinct * run.partCount);
  const tables = Math.min(distinct, seen / run.partCount) * run.threads + distinct;
  const all = listed * LISTED_BYTES + tables * TABLE_BYTES;
  const parts = Math.max(1, Math.ceil(all / (run.scratchRoom * SHARE)));
  const bytes = Math.ceil(all / parts);
  let value = 0;
  for (let part = 0; part < parts; part++) {
    const plan = { kind: 'distinct part', column, form, part, parts, bytes } as const;
    value += (await run.compute<'distinct part'>(plan)).result;
  }
  return { value, seen, matched };
}
