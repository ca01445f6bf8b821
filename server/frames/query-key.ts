import { createHash } from 'node:crypto';
import { canonicalJson } from '../../protocol/canonical.js';
import {
  DEFAULT_BARS,
  DEFAULT_BUDGET,
  DEFAULT_CELLS,
  DEFAULT_HEIGHT,
  DEFAULT_ROWS,
  DEFAULT_STROKE,
  DEFAULT_TOP,
  DEFAULT_WIDTH,
} from '../../protocol/limits.js';
import type { Filter, Query } from '../../protocol/query.js';

/**
 * Gives a query its one form: every default that does not depend on the snapshot is written out, the lists of
 * `in` filters are sorted and unique. The snapshot is left out, because the key stands beside its id.
 */
export function canonicalQuery(query: Query): Query {
  const { snapshot: _, against, quality, ...rest } = query;
  return {
    ...rest,
    // What is exact whether or not it was asked for has one key.
    ...(quality === 'fast' && { quality }),
    ...(query.x === undefined ? {} : { x: plainColumn(query.x) }),
    ...(query.y === undefined || Array.isArray(query.y) ? {} : { y: plainColumn(query.y) }),
    top: query.top ?? DEFAULT_TOP,
    budget: query.budget ?? DEFAULT_BUDGET,
    method: query.method ?? 'auto',
    timeZone: query.timeZone ?? 'UTC',
    scale: { x: query.scale?.x ?? 'linear', y: query.scale?.y ?? 'linear' },
    filters: (query.filters ?? []).map(canonicalFilter),
    ...(against !== undefined && {
      against: {
        ...against,
        ...(against.filters && { filters: against.filters.map(canonicalFilter) }),
      },
    }),
    aggregate: query.aggregate ?? { op: 'count' },
    offset: query.offset ?? 0,
    ...sizesOf(query),
    sort: (query.sort ?? []).map(({ column, order = 'asc' }) => ({ column, order })),
  };
}

/** 128 bits of the SHA-256 of a value's canonical JSON (RFC 8785), as base64url. */
export function keyOf(value: unknown): string {
  return createHash('sha256')
    .update(canonicalJson(value))
    .digest()
    .subarray(0, 16)
    .toString('base64url');
}

// What the mark makes of a size that the query leaves out.
function sizesOf({
  mark,
  method,
  width,
  height,
  stroke,
  cells,
  limit,
  domain,
}: Query): Partial<Query> {
  switch (mark) {
    case 'scatter':
    case 'line':
      return {
        width: width ?? DEFAULT_WIDTH,
        height: height ?? DEFAULT_HEIGHT,
        ...(method === 'outline' ? { stroke: stroke ?? DEFAULT_STROKE } : {}),
      };
    case 'heatmap':
      return { cells: cells ?? { x: DEFAULT_CELLS, y: DEFAULT_CELLS } };
    case 'rows':
      return { limit: limit ?? DEFAULT_ROWS };
    case 'bar':
      // Keys that the domain lists are all wanted.
      return limit === undefined && domain?.x !== undefined ? {} : { limit: limit ?? DEFAULT_BARS };
    default:
      return {};
  }
}

// { column: "a" } and "a" ask the same.
function plainColumn<T extends string | { column: string; bin?: unknown }>(axis: T): T | string {
  return typeof axis === 'object' && axis.bin === undefined ? axis.column : axis;
}

export function canonicalFilter(filter: Filter): Filter {
  switch (filter.op) {
    case 'in': {
      const unique = new Map(filter.values.map((value) => [canonicalJson(value), value]));
      const sorted = [...unique].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, value]) => value);
      return { ...filter, values: sorted, exclude: filter.exclude ?? false };
    }
    case 'range':
      return {
        ...filter,
        minExclusive: filter.minExclusive ?? false,
        maxExclusive: filter.maxExclusive ?? false,
      };
    case 'contains':
      return { ...filter, caseSensitive: filter.caseSensitive ?? false };
    case 'not':
      return { ...filter, filter: canonicalFilter(filter.filter) };
    case 'any':
      return { ...filter, filters: filter.filters.map(canonicalFilter) };
    default:
      return filter;
  }
}
