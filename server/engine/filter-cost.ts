import type { Predicate } from '../../workers/scan/predicate.js';
import type { ColumnScope } from './columns.js';
import { dictionarySize } from './tally-form.js';

/** A dictionary beyond this does not fit the caches that its table of matches is looked up in. */
const LARGE_DICTIONARY = 2 ** 16;

/**
 * About how many nanoseconds a predicate takes a row on one thread, as measured (see docs/decisions.md): which of the
 * orders of magnitude is what counts.
 */
export function filterCost(predicate: Predicate, scope: ColumnScope): number {
  switch (predicate.test) {
    case 'constant':
      return 0;
    case 'null':
      return 0.1;
    case 'range':
      return 0.6;
    case 'exact range':
      return predicate.form === 'wide' ? 50 : 1.2;
    case 'codes':
      return 1.3;
    case 'in':
      return predicate.values.length === 1 && !predicate.nan && !predicate.nulls ? 0.6 : 15;
    case 'exact in':
      return 50;
    case 'bytes':
    case 'contains': {
      const size = dictionarySize(scope.used[predicate.column]!, scope);
      if (size === undefined) return 50;
      return size > LARGE_DICTIONARY ? 6 : 1.3;
    }
    case 'polygon':
      return 30;
    case 'not':
      return 1 + filterCost(predicate.of, scope);
    case 'all':
    case 'any':
      return predicate.of.reduce((sum, part) => sum + 1 + filterCost(part, scope), 0);
  }
}
