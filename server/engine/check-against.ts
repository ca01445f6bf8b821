import type { Query } from '../../protocol/query.js';
import { HalftoneError } from '../errors.js';
import { checkFilters } from './check-filters.js';

/** Checks that a comparison says what with, and that the difference of two such frames means something. */
export function checkAgainst({ against, mark, method, x, color }: Query): void {
  const { snapshot, filters } = against!;
  if (snapshot === undefined && filters === undefined) {
    throw new HalftoneError('QUERY_INVALID', '"against" names neither a snapshot nor filters.', {
      field: 'against',
      hint: 'For example { "filters": [] } for all rows, or { "snapshot": "…" }.',
    });
  }
  if (filters !== undefined) checkFilters(filters, 'against.filters');
  const isBinned = typeof x === 'object' && !Array.isArray(x) && x.bin !== undefined;
  if (mark === 'rows' || (mark === 'line' && !isBinned)) {
    const what = mark === 'rows' ? 'Rows have' : 'A line through rows has';
    throw new HalftoneError('QUERY_INVALID', `${what} no difference to others.`, {
      field: 'against',
      hint:
        mark === 'rows'
          ? 'Compare a scatter, histogram, bar, heatmap or value.'
          : 'Cut x into bins: "x": { "column": "…", "bin": "day" }.',
    });
  }
  if (mark === 'scatter' && method !== undefined && method !== 'auto' && method !== 'density') {
    throw new HalftoneError('QUERY_INVALID', `The method "${method}" has no difference.`, {
      field: 'against',
      hint: 'Leave "method" out: a scatter is compared as density.',
    });
  }
  if (color !== undefined) {
    throw new HalftoneError('QUERY_INVALID', `A comparison has no color, got "${color}".`, {
      field: 'color',
      hint: 'Leave it out, or ask for one category at a time by a filter.',
    });
  }
}
