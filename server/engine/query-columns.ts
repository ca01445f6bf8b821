import type { Query } from '../../protocol/query.js';

/** The columns that a query names; `all` where it wants every one. */
export function queryColumns({
  x,
  y,
  color,
  filters,
  aggregate,
  columns,
  sort,
  mark,
}: Query): Set<string> | 'all' {
  if (mark === 'rows' && columns === undefined) return 'all';
  const names = new Set<string>();
  const add = (name: string | undefined): void => {
    if (name !== undefined) names.add(name);
  };
  for (const axis of [x, y]) {
    if (Array.isArray(axis)) axis.forEach(add);
    else add(typeof axis === 'object' ? axis.column : axis);
  }
  add(color);
  add(aggregate?.column);
  columns?.forEach(add);
  if (mark === 'rows') sort?.forEach(({ column }) => add(column));
  const walk = (filter: NonNullable<Query['filters']>[number]): void => {
    switch (filter.op) {
      case 'not':
        return walk(filter.filter);
      case 'any':
        return filter.filters.forEach(walk);
      case 'polygon':
        add(filter.x);
        return add(filter.y);
      default:
        add(filter.column);
    }
  };
  filters?.forEach(walk);
  return names;
}
