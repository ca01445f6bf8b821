import type { AggregateOp, Query } from '../../protocol/query.js';
import type { AggregatePlan } from '../../workers/aggregate/plan.js';
import type { GroupLayer } from '../../workers/groups/plan.js';
import { HalftoneError } from '../errors.js';
import { mismatch } from './bound.js';
import type { ColumnRef, ColumnScope } from './columns.js';
import { tallyForm } from './tally-form.js';

/** The aggregate of a query over one column; `y` stands in where the aggregate names none. */
export function resolveAggregate(query: Query, scope: ColumnScope, y?: ColumnRef): AggregatePlan {
  const { op, column, p } = query.aggregate ?? { op: 'count' as const };
  const ref = column === undefined ? y : scope.use(column, 'aggregate.column');
  // Rows are counted, unless the query names the column whose values are meant.
  if (op === 'count') return { op, column: column === undefined ? null : ref!.position };
  if (ref === undefined) {
    throw new HalftoneError('QUERY_INVALID', `The aggregate ${op} needs a column.`, {
      field: 'aggregate.column',
      hint: `Write { "op": "${op}", "column": "…" }.`,
    });
  }
  if (op === 'distinct') return { op, column: ref.position, as: tallyForm(ref, scope) };
  checkNumber(ref, op, column === undefined ? 'y' : 'aggregate.column');
  switch (op) {
    case 'sum':
    case 'mean': {
      // Stored integers are summed exactly; a decimal is divided once, at the end.
      const { integers, logical } = ref;
      const form = integers === 'none' ? 'value' : integers;
      const scale = logical.kind === 'decimal' ? logical.scale : 0;
      return { op, column: ref.position, form, scale };
    }
    case 'min':
    case 'max':
      return { op, column: ref.position };
    case 'median':
      return { op: 'quantile', column: ref.position, p: 0.5 };
    case 'quantile':
      if (p === undefined) {
        throw new HalftoneError('QUERY_INVALID', 'The aggregate quantile needs "p".', {
          field: 'aggregate.p',
          hint: 'Give a share from 0 to 1: 0.9 is the value that 90 % of the others do not exceed.',
        });
      }
      return { op, column: ref.position, p };
  }
}

function checkNumber(ref: ColumnRef, op: AggregateOp, field: string): void {
  const { kind } = ref.logical;
  if (kind === 'integer' || kind === 'float' || kind === 'decimal') return;
  throw mismatch(ref, field, op, 'Only count and distinct go with columns that are not numbers.');
}

/**
 * One aggregate, or one for each column of a list in `y`. Where `needsY`, a row without a finite y is not counted.
 */
export function resolveLayers(
  query: Query,
  scope: ColumnScope,
  ys: readonly ColumnRef[],
  needsY: boolean,
): GroupLayer[] {
  const needs = (y: ColumnRef | undefined): number | null =>
    needsY && y !== undefined ? y.position : null;
  if (ys.length <= 1) {
    const aggregate = resolveAggregate(query, scope, ys[0]);
    return [{ aggregate, needs: needs(ys[0]) }];
  }
  const { column } = query.aggregate ?? {};
  if (column !== undefined) {
    throw new HalftoneError(
      'QUERY_INVALID',
      `The aggregate names the column "${column}", and "y" names ${ys.length} others.`,
      { field: 'aggregate.column', hint: 'Leave one of them out.' },
    );
  }
  return ys.map((y) => ({ aggregate: resolveAggregate(query, scope, y), needs: needs(y) }));
}
