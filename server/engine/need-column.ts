import type { Query } from '../../protocol/query.js';
import { HalftoneError } from '../errors.js';
import type { ColumnRef, ColumnScope } from './columns.js';

/** The one column that the mark needs in `field`; `binned` where it may be cut into bins. */
export function needColumn(
  query: Query,
  scope: ColumnScope,
  field: 'x' | 'y',
  binned = false,
): ColumnRef {
  const value = query[field];
  if (typeof value === 'string') return scope.use(value, field);
  if (value !== undefined && !Array.isArray(value) && (binned || value.bin === undefined)) {
    return scope.use(value.column, `${field}.column`);
  }
  throw new HalftoneError(
    'QUERY_INVALID',
    value === undefined
      ? `The mark ${query.mark} needs "${field}".`
      : `The mark ${query.mark} needs one column in "${field}", got ${JSON.stringify(value)}.`,
    { field, hint: `Name a column: "${field}": "distance".` },
  );
}
