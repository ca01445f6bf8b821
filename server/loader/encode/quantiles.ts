import type { ColumnInfo, JsonValue } from '../../../protocol/column.js';

const SHARES = {
  p001: 0.001,
  p01: 0.01,
  p10: 0.1,
  p50: 0.5,
  p90: 0.9,
  p99: 0.99,
  p999: 0.999,
} as const;

/** The values at fixed shares of `sorted`, by nearest rank; undefined for none. */
export function quantilesOf<T>(
  sorted: ArrayLike<T>,
  toJson: (value: T) => JsonValue,
): ColumnInfo['quantiles'] {
  if (sorted.length === 0) return undefined;
  const at = (share: number): JsonValue => toJson(sorted[Math.round(share * (sorted.length - 1))]!);
  return {
    p001: at(SHARES.p001),
    p01: at(SHARES.p01),
    p10: at(SHARES.p10),
    p50: at(SHARES.p50),
    p90: at(SHARES.p90),
    p99: at(SHARES.p99),
    p999: at(SHARES.p999),
  };
}
