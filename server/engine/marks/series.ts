import type { Query } from '../../../protocol/query.js';
import { HalftoneError } from '../../errors.js';
import { mismatch } from '../bound.js';
import type { ColumnRef, ColumnScope } from '../columns.js';
import { needColumn } from '../need-column.js';

/** The columns of numbers that `y` names. */
export function valueColumns(query: Query, scope: ColumnScope): ColumnRef[] {
  const refs = Array.isArray(query.y)
    ? query.y.map((name, i) => ({ ref: scope.use(name, `y[${i}]`), field: `y[${i}]` }))
    : [{ ref: needColumn(query, scope, 'y'), field: 'y' }];
  for (const { ref, field } of refs) {
    const { kind } = ref.logical;
    if (kind !== 'integer' && kind !== 'float' && kind !== 'decimal') {
      throw mismatch(ref, field, 'a line of numbers', 'Name a column of numbers.');
    }
  }
  return [...new Set(refs.map(({ ref }) => ref))];
}

/** The column of the series, if there is one: several columns in `y` make series of their own. */
export function seriesColumn(
  { color, y }: Query,
  scope: ColumnScope,
  ys: readonly ColumnRef[],
): ColumnRef | undefined {
  if (color === undefined) return undefined;
  if (Array.isArray(y) && ys.length > 1) {
    throw new HalftoneError(
      'QUERY_INVALID',
      `"color" is "${color}", but the ${ys.length} columns of "y" make the series already.`,
      { field: 'color', hint: 'Leave "color" out, or name one column in "y".' },
    );
  }
  return scope.use(color, 'color');
}
