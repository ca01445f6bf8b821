/** The value that a share `p` of `values` does not exceed: the nearest rank, so always one that was measured. */
export function quantile(values: readonly number[], p: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.max(0, Math.ceil(p * sorted.length) - 1)]!;
}

export const median = (values: readonly number[]): number => quantile(values, 0.5);
