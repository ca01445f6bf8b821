import { MAX_FILTER_DEPTH, MAX_FILTER_NODES } from '../../protocol/limits.js';
import {
  ContainsFilter,
  FILTER_OPS,
  InFilter,
  NullFilter,
  PolygonFilter,
  RangeFilter,
  type Filter,
} from '../../protocol/query.js';
import { HalftoneError } from '../errors.js';
import { nearest } from '../nearest.js';
import { checkSchema, shown } from './check-schema.js';

const LEAVES: Readonly<Record<string, unknown>> = {
  in: InFilter,
  range: RangeFilter,
  contains: ContainsFilter,
  null: NullFilter,
  polygon: PolygonFilter,
};

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
