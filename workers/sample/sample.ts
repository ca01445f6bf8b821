import type { RowCounts } from '../../protocol/frame.js';

/** A scan of a sample: its parts are samples themselves, each as good as the others, and tell by how they differ. */
export interface Sample {
  /** Rows that may match, for each row that was read. */
  weight: number;
  /** The share of the rows that may match that was read. */
  share: number;
  /** By part: rows read, and those of them that passed the filters. */
  read: readonly number[];
  matched: readonly number[];
}

/** Where the matching rows that were read went. */
export type Placed = Pick<RowCounts, 'drawn' | 'outside' | 'dropped'>;

/**
 * Where every row went. Of a sample: where they would go if all were read, as whole numbers that add up as those of
 * every frame do.
 */
export function rowsOf(
  { total, matched, sample }: { total: number; matched: number; sample?: Sample },
  placed: Placed,
): RowCounts {
  if (sample === undefined) return { total, matched, ...placed };
  const { weight } = sample;
  // Where nothing was drawn, or nothing is outside, rounding must not make a row of it.
  const isDropped = placed.drawn === 0 && placed.outside === 0;
  const dropped = isDropped ? matched : Math.min(matched, Math.round(placed.dropped * weight));
  const outside =
    placed.drawn === 0
      ? matched - dropped
      : Math.min(matched - dropped, Math.round(placed.outside * weight));
  return { total, matched, drawn: matched - dropped - outside, outside, dropped };
}

/** Rows that match, of `found` in a sample. */
export function matchedOf(sample: Sample, total: number): number {
  const found = sample.matched.reduce((sum, rows) => sum + rows, 0);
  return Math.min(total, Math.round(found * sample.weight));
}
