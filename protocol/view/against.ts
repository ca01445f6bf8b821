import type { Against, Filter, Query } from '../query.js';
import type { Plot } from './plot.js';

/** Why `vs` of the address cannot be used in a plot, to follow its name; undefined where it can. */
export function faultOfAgainst(against: string, { mark, bin }: Plot): string | undefined {
  if (mark === 'rows') return 'tables have no difference';
  if (mark === 'line' && bin === undefined)
    return 'lines through rows have no difference; bin them';
  if (against.startsWith('[') && readFilters(against) === undefined)
    return 'it is no list of filters';
  return undefined;
}

/** The same question, less what `against` names. Scatters are compared as cells of rows. */
export function comparedQuery(query: Query, against: string): Query {
  const { method: _, top: __, ...rest } = query;
  const compared: Query = { ...rest, against: againstOf(against, query.filters ?? []) };
  if (query.mark === 'scatter') compared.mark = 'heatmap';
  // What is less than nothing has no place on a log axis.
  if (query.mark === 'histogram' && query.scale) compared.scale = { ...query.scale, y: 'linear' };
  return compared;
}

function againstOf(against: string, filters: readonly Filter[]): Against {
  if (against === 'all') return { filters: [] };
  if (against === 'rest') {
    // What does not pass every filter does not pass one of them; without filters no row is left over.
    return { filters: [{ op: 'any', filters: filters.map((filter) => ({ op: 'not', filter })) }] };
  }
  const other = against.startsWith('[') ? readFilters(against) : undefined;
  return other === undefined ? { snapshot: against } : { filters: other };
}

function readFilters(text: string): Filter[] | undefined {
  try {
    const read: unknown = JSON.parse(text);
    return Array.isArray(read) ? (read as Filter[]) : undefined;
  } catch {
    return undefined;
  }
}
