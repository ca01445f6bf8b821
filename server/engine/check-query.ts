import { MAX_FILTER_DEPTH, MAX_FILTER_NODES } from '../../protocol/limits.js';
import {
  ContainsFilter,
  FILTER_OPS,
  InFilter,
  NullFilter,
  PolygonFilter,
  Query,
  RangeFilter,
  type Filter,
} from '../../protocol/query.js';
import { HalftoneError } from '../errors.js';
import { checkAgainst } from './check-against.js';
import { checkSchema, shown } from './check-schema.js';
import { nearest } from '../nearest.js';

const LEAVES: Readonly<Record<string, unknown>> = {
  in: InFilter,
  range: RangeFilter,
  contains: ContainsFilter,
  null: NullFilter,
  polygon: PolygonFilter,
};

/**
 * Checks what a client sent as a query, without knowing the dataset's columns. Throws QUERY_INVALID or
 * LIMIT_EXCEEDED with the field, what is allowed, and what was given.
 */
export function checkQuery(value: unknown): Query {
  checkSchema(Query, value, '');
  const query = value as Query;
  checkFilters(query.filters ?? []);
  if (query.against !== undefined) checkAgainst(query);
  for (const field of ['x', 'y'] as const) {
    const domain = query.domain?.[field];
    if (domain?.length === 0) {
      throw new HalftoneError('QUERY_INVALID', `"domain.${field}" must not be empty.`, {
        field: `domain.${field}`,
        hint: 'Give [low, high], or the values of a category axis, or leave it out.',
      });
    }
  }
  if (query.timeZone !== undefined) checkTimeZone(query.timeZone);
  return query;
}

/** Checks a list of filters: `filters` of a query, or of the options of a dropdown. */
export function checkFilters(value: unknown, path = 'filters'): Filter[] {
  if (!Array.isArray(value)) {
    throw new HalftoneError('QUERY_INVALID', `"${path}" must be a list, got ${shown(value)}.`, {
      field: path,
      hint: 'For example [{ "op": "range", "column": "delay", "min": 0 }].',
    });
  }
  const count = { nodes: 0 };
  for (const [i, filter] of value.entries()) checkFilter(filter, `${path}[${i}]`, 1, count);
  return value as Filter[];
}

function checkFilter(filter: unknown, path: string, depth: number, count: { nodes: number }): void {
  if (++count.nodes > MAX_FILTER_NODES) {
    throw new HalftoneError(
      'LIMIT_EXCEEDED',
      `A query may hold ${MAX_FILTER_NODES} filters, and "${path}" is one more.`,
      {
        field: path,
        hint: 'One "in" filter takes many values.',
      },
    );
  }
  if (depth > MAX_FILTER_DEPTH) {
    throw new HalftoneError(
      'LIMIT_EXCEEDED',
      `Filters may be nested ${MAX_FILTER_DEPTH} deep, and "${path}" is deeper.`,
      {
        field: path,
      },
    );
  }
  if (typeof filter !== 'object' || filter === null || Array.isArray(filter)) {
    throw new HalftoneError('QUERY_INVALID', `"${path}" must be an object, got ${shown(filter)}.`, {
      field: path,
    });
  }
  const { op } = filter as { op?: unknown };
  if (typeof op === 'string' && Object.hasOwn(LEAVES, op)) {
    checkSchema(LEAVES[op], filter, path);
  } else if (op === 'not') {
    checkKeys(filter, ['op', 'filter'], path);
    checkFilter((filter as { filter?: unknown }).filter, `${path}.filter`, depth + 1, count);
  } else if (op === 'any') {
    checkKeys(filter, ['op', 'filters'], path);
    const { filters } = filter as { filters?: unknown };
    if (!Array.isArray(filters)) {
      throw new HalftoneError(
        'QUERY_INVALID',
        `"${path}.filters" must be a list, got ${shown(filters)}.`,
        {
          field: `${path}.filters`,
        },
      );
    }
    for (const [i, inner] of filters.entries()) {
      checkFilter(inner, `${path}.filters[${i}]`, depth + 1, count);
    }
  } else {
    const like = typeof op === 'string' ? nearest(op, FILTER_OPS) : undefined;
    throw new HalftoneError(
      'QUERY_INVALID',
      `"${path}.op" must be one of ${FILTER_OPS.join(', ')}, got ${shown(op)}.`,
      { field: `${path}.op`, hint: like && `Did you mean "${like}"?` },
    );
  }
}

function checkKeys(filter: object, allowed: readonly string[], path: string): void {
  const strange = Object.keys(filter).find((name) => !allowed.includes(name));
  if (strange === undefined) return;
  throw new HalftoneError(
    'QUERY_INVALID',
    `"${strange.slice(0, 80)}" is not a field of "${path}".`,
    {
      field: path,
      hint: `There are ${allowed.join(', ')}.`,
    },
  );
}

function checkTimeZone(timeZone: string): void {
  try {
    new Intl.DateTimeFormat('en', { timeZone }).format(0);
  } catch {
    throw new HalftoneError(
      'QUERY_INVALID',
      `"timeZone" must be an IANA time zone, got ${shown(timeZone)}.`,
      {
        field: 'timeZone',
        hint: 'For example "UTC" or "Europe/Berlin".',
      },
    );
  }
}
