import type { AggregateOp, Query } from '../../protocol/query.js';
import type { AggregatePlan } from '../../workers/aggregate/plan.js';
import type { GroupBand, GroupLayer } from '../../workers/groups/plan.js';
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

/** The two quantiles around an aggregate are of the column that it aggregates. */
function resolveBand(
  { aggregate, band }: Query,
  scope: ColumnScope,
  y: ColumnRef | undefined,
): GroupBand {
  const ref = aggregate?.column === undefined ? y : scope.use(aggregate.column, 'aggregate.column');
  if (ref === undefined) {
    throw new HalftoneError('QUERY_INVALID', 'A band needs a column.', {
      field: 'aggregate.column',
      hint: 'Write "aggregate": { "op": "mean", "column": "…" }.',
    });
  }
  checkNumber(ref, 'quantile', aggregate?.column === undefined ? 'y' : 'aggregate.column');
  return { column: ref.position, shares: band! };
}

function checkNumber(ref: ColumnRef, op: AggregateOp, field: string): void {
  const { kind } = ref.logical;
  if (kind === 'integer' || kind === 'float' || kind === 'decimal') return;
  throw mismatch(ref, field, op, 'Only count and distinct go with columns that are not numbers.');
}

/**
 * One aggregate, or one for each column of a list in `y`. Where `needsY`, a row without a finite y is not counted. With a
 * band each has that of its column beside it.
 */
export function resolveLayers(
  query: Query,
  scope: ColumnScope,
  ys: readonly ColumnRef[],
  needsY: boolean,
): GroupLayer[] {
  const layerOf = (y: ColumnRef | undefined): GroupLayer => ({
    aggregate: resolveAggregate(query, scope, y),
    needs: needsY && y !== undefined ? y.position : null,
    ...(query.band && { band: resolveBand(query, scope, y) }),
  });
  if (ys.length <= 1) return [layerOf(ys[0])];
  const { column } = query.aggregate ?? {};
  if (column !== undefined) {
    throw new HalftoneError(
      'QUERY_INVALID',
      `The aggregate names the column "${column}", and "y" names ${ys.length} others.`,
      { field: 'aggregate.column', hint: 'Leave one of them out.' },
    );
  }
  return ys.map(layerOf);
}
