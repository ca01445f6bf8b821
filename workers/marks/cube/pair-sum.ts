/** Sums, and what a double cannot hold of them. */
export interface Pairs {
  high: Float64Array<ArrayBuffer>;
  low: Float64Array<ArrayBuffer>;
}

/**
 * Adds `value + rest` to the sum at `i`, which is a pair of doubles too: together they have twice the digits of one, so
 * that the difference of two long sums is as good as a sum of its own. Sums of whole numbers are exact, and one pair is
 * the same whatever the order. Dekker's add2 (1971). A sum that is not finite stays so.
 */
export function addPair(
  high: Float64Array,
  low: Float64Array,
  i: number,
  value: number,
  rest: number,
): void {
  const before = high[i]!;
  const total = before + value;
  if (!Number.isFinite(total)) {
    high[i] = total;
    low[i] = 0;
    return;
  }
  const part = total - before;
  const lost = before - (total - part) + (value - part) + low[i]! + rest;
  const sum = total + lost;
  low[i] = lost - (sum - total);
  high[i] = sum;
}
