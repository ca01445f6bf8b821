import type { Run } from './runs.js';

/** A bin that follows after more than so many usual steps does not follow: bins between have no rows. */
const MOST_STEPS = 1.5;
/** Steps of which one in so many is as long are a habit of the data, as weekends are, and so many of them at least. */
const HABIT_SHARE = 12;
const HABIT_COUNT = 3;
/** Steps that are as long but for this share: a day of 23 hours is a day. */
const ALIKE = 0.9;

/**
 * Breaks runs of bins where bins without a row are left out: where a step along `x` is longer than the usual one. So months may
 * differ in length, a value a week in bins of days is still a line, and so are days of business over their weekends.
 */
export function brokenAtGaps(runs: readonly Run[], x: ArrayLike<number>): Run[] {
  const steps = runs.flatMap(({ start, end }) =>
    Array.from({ length: end - start - 1 }, (_, i) => x[start + i + 1]! - x[start + i]!),
  );
  const most = MOST_STEPS * usualStep(steps.toSorted((a, b) => a - b));
  return runs.flatMap(({ code, start, end }) => {
    const ends: number[] = [];
    for (let i = start + 1; i < end; i++) {
      if (x[i]! - x[i - 1]! > most) ends.push(i);
    }
    return [...ends, end].map((to, at) => ({ code, start: ends[at - 1] ?? start, end: to }));
  });
}

/** The longest of the ascending `steps` that is a habit; else the one that half of them are long at most. */
function usualStep(steps: readonly number[]): number {
  const median = steps[(steps.length - 1) >> 1] ?? 0;
  const needed = Math.max(HABIT_COUNT, steps.length / HABIT_SHARE);
  let first = steps.length;
  for (let last = steps.length - 1; steps[last]! > median; last--) {
    while (first > 0 && steps[first - 1]! >= steps[last]! * ALIKE) first--;
    if (last - first + 1 >= needed) return steps[last]!;
  }
  return median;
}
