import type { Filter } from '../query.js';

/** True for JSON that a selection of a chart can be: values, a range, an area, or what lies outside of one. */
export function isAreaFilter(value: unknown): value is Filter {
  if (typeof value !== 'object' || value === null) return false;
  const { op, column, values, x, y, points, filter } = value as Record<string, unknown>;
  switch (op) {
    case 'in':
      return typeof column === 'string' && Array.isArray(values);
    case 'range':
    case 'null':
      return typeof column === 'string';
    case 'polygon':
      return typeof x === 'string' && typeof y === 'string' && Array.isArray(points);
    case 'not':
      return isAreaFilter(filter);
    default:
      return false;
  }
}

/** The columns that a filter looks at. */
export function columnsOfFilter(filter: Filter): string[] {
  switch (filter.op) {
    case 'not':
      return columnsOfFilter(filter.filter);
    case 'any':
      return [...new Set(filter.filters.flatMap(columnsOfFilter))];
    case 'polygon':
      return [filter.x, filter.y];
    default:
      return [filter.column];
  }
}
