import type { Run } from './paint-line.js';

/** A bin that follows after more than so many usual steps does not follow: bins between have no rows. */
const MOST_STEPS = 1.5;

/**
 * Breaks runs of bins where bins without a row are left out: where a step along `x` is longer than the usual one, half of all
 * steps being that long at most. So months may differ in length, and a value a week in bins of days is still a line.
 */
export function brokenAtGaps(runs: readonly Run[], x: ArrayLike<number>): Run[] {
  const steps = runs.flatMap(({ start, end }) =>
    Array.from({ length: end - start - 1 }, (_, i) => x[start + i + 1]! - x[start + i]!),
  );
  const usual = steps.toSorted((a, b) => a - b)[(steps.length - 1) >> 1] ?? 0;
  return runs.flatMap(({ code, start, end }) => {
    const ends: number[] = [];
    for (let i = start + 1; i < end; i++) {
      if (x[i]! - x[i - 1]! > MOST_STEPS * usual) ends.push(i);
    }
    return [...ends, end].map((to, at) => ({ code, start: ends[at - 1] ?? start, end: to }));
  });
}
