/**
 * Adds `value` to the sum at `i`, and what rounding loses to the rest at `i`: together they have twice the digits of
 * a double. Whole numbers are thereby summed exactly, and others so closely that the order of addition, hence the
 * number of threads, does not show in the rounded result. Knuth's two-sum ("The Art of Computer Programming",
 * 4.2.2, theorem B).
 */
export function addExactly(
  sums: Float64Array,
  rests: Float64Array,
  i: number,
  value: number,
): void {
  const sum = sums[i]!;
  const total = sum + value;
  const part = total - sum;
  rests[i]! += sum - (total - part) + (value - part);
  sums[i] = total;
}

/** The sum as a double. An infinite sum has no rest. */
export function sumOf(sum: number, rest: number): number {
  return Number.isFinite(sum) ? sum + rest : sum;
}
