import { doubleOfKey, DIGITS, KEY_DIGITS } from '../../workers/aggregate/order-key.js';
import { interpolate } from '../../workers/aggregate/select-nth.js';
import type { Run } from './run.js';

/** Values that are collected and sorted at last, 8 MiB of them; more are counted by one more digit of their keys, */
const FEW_COLLECTED = 2 ** 20;
/** unless there is room for so many: sorting them takes less than a scan of a large table. */
const MANY_COLLECTED = 2 ** 23;
/** Of the memory that the request may have, those values take half at the most: as parts, joined and sorted. */
const COLLECTED_BYTES = 2 * 3 * 8;

/** A quantile, null where there is no value, and how many values there are. */
export interface FoundQuantile {
  value: number | null;
  /** Rows that have a value, and that pass the filters. */
  seen: number;
  matched: number;
}

/**
 * The quantile `p` of a column without holding its values: a scan counts them by the first 16 bits of an
 * order-preserving key, the next one looks at the values of one count only, until few are left. Two or three scans,
 * of 512 KiB each, whatever the number of rows; four where very many rows have one value, and three more at the most
 * where the two neighbours of the quantile differ in their first bits.
 */
export async function searchQuantile(
  run: Run,
  column: number,
  p: number,
  mostCollected = mostFor(run),
): Promise<FoundQuantile> {
  const counted = new Map<string, Promise<{ counts: Float64Array; matched: number }>>();
  const collected = new Map<string, Promise<Float64Array>>();
  const countsOf = (digits: readonly number[]) =>
    kept(counted, digits, async () => {
      const { result, matched } = await run.compute<'key counts'>({
        kind: 'key counts',
        column,
        prefix: { digits },
      });
      return { counts: result, matched };
    });
  const valuesOf = (digits: readonly number[]) =>
    kept(collected, digits, async () => {
      const plan = { kind: 'key values', column, prefix: { digits } } as const;
      return (await run.compute<'key values'>(plan)).result;
    });

  async function valueAt(rank: number): Promise<number> {
    let left = rank;
    let digits: number[] = [];
    while (digits.length < KEY_DIGITS) {
      const { counts } = await countsOf(digits);
      let digit = 0;
      while (left >= counts[digit]!) left -= counts[digit++]!;
      digits = [...digits, digit];
      if (counts[digit]! <= mostCollected && digits.length < KEY_DIGITS) {
        return (await valuesOf(digits))[left]!;
      }
    }
    return doubleOfKey(digits);
  }

  const { counts, matched } = await countsOf([]);
  let seen = 0;
  for (let digit = 0; digit < DIGITS; digit++) seen += counts[digit]!;
  if (seen === 0) return { value: null, seen, matched };
  const position = p * (seen - 1);
  const below = Math.floor(position);
  const low = await valueAt(below);
  const share = position - below;
  return {
    value: share === 0 ? low : interpolate(low, await valueAt(below + 1), share),
    seen,
    matched,
  };
}

function mostFor({ scratchRoom }: Run): number {
  return Math.max(FEW_COLLECTED, Math.min(MANY_COLLECTED, scratchRoom / COLLECTED_BYTES));
}

async function kept<T>(
  known: Map<string, Promise<T>>,
  digits: readonly number[],
  make: () => Promise<T>,
): Promise<T> {
  const key = digits.join('.');
  const before = known.get(key);
  if (before !== undefined) return before;
  const made = make();
  known.set(key, made);
  return made;
}
