/**
 * Rows of a stretch: a multiple of BLOCK_ROWS and a divisor of BATCH_ROWS. Fixed, because floating-point sums are
 * made a stretch at a time: they then do not depend on the number of threads.
 */
export const STRETCH_ROWS = 2 ** 18;

/** Rows `from` (inclusive) to `to` (exclusive) of one batch: what a scan does in one go. */
export interface Stretch {
  batch: number;
  from: number;
  to: number;
  /** The number in the snapshot of the row `from`. */
  firstRow: number;
}

/** Cuts the batches that `keep` wants into stretches, in row order. */
export function stretchesOf(
  batchRows: readonly number[],
  keep: (batch: number) => boolean = () => true,
): Stretch[] {
  const stretches: Stretch[] = [];
  let batchStart = 0;
  for (const [batch, rows] of batchRows.entries()) {
    for (let from = 0; from < rows && keep(batch); from += STRETCH_ROWS) {
      const to = Math.min(rows, from + STRETCH_ROWS);
      stretches.push({ batch, from, to, firstRow: batchStart + from });
    }
    batchStart += rows;
  }
  return stretches;
}

/** Deals stretches out as at most `parts` runs of neighbours of about equal length, in order. */
export function dealOut(stretches: readonly Stretch[], parts: number): Stretch[][] {
  const count = Math.max(1, Math.min(parts, stretches.length));
  return Array.from({ length: count }, (_, part) =>
    stretches.slice(
      Math.floor((part * stretches.length) / count),
      Math.floor(((part + 1) * stretches.length) / count),
    ),
  );
}
