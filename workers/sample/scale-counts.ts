/**
 * Makes counts of a sample into counts of all rows, in place: whole numbers in the same proportions whose sum is `sum`.
 * What rounding leaves over goes to the next count, so that it is nowhere more than one.
 */
export function scaleCounts(counts: Uint32Array, sum: number): void {
  let before = 0;
  for (let i = 0; i < counts.length; i++) before += counts[i]!;
  if (before === 0) return;
  const weight = sum / before;
  let seen = 0;
  let given = 0;
  for (let i = 0; i < counts.length; i++) {
    const count = counts[i]!;
    if (count === 0) continue;
    seen += count;
    const until = Math.round(seen * weight);
    counts[i] = until - given;
    given = until;
  }
}
