import type { Predicate } from '../../workers/scan/predicate.js';
import type { ColumnRef } from './columns.js';

/** Whether a row of the batch may pass, judged by the batch's extremes alone. */
export function mayMatch(
  predicate: Predicate | null,
  columns: readonly ColumnRef[],
  batch: number,
): boolean {
  switch (predicate?.test) {
    case 'constant':
      return predicate.value;
    case 'all':
      return predicate.of.every((part) => mayMatch(part, columns, batch));
    case 'any':
      return predicate.of.some((part) => mayMatch(part, columns, batch));
    case 'null':
      return columns[predicate.column]!.batches[batch]!.nulls > 0;
    case 'range':
    case 'exact range': {
      const { logical, batches } = columns[predicate.column]!;
      const { min, max, notFinite = 0 } = batches[batch]!;
      if (notFinite > 0) return true;
      if (min === undefined || max === undefined) return false;
      const [low, high] =
        logical.kind === 'float' ? [Number(min), Number(max)] : [BigInt(min), BigInt(max)];
      return low <= predicate.high && high >= predicate.low;
    }
    default:
      return true;
  }
}
