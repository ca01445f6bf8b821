import { DEFAULT_ROWS } from '../../../protocol/limits.js';
import type { RowsPlan } from '../../../workers/marks/rows/rows.js';
import { mismatch } from '../bound.js';
import { frameBase } from '../frame-base.js';
import type { Compute, MarkEngine } from '../mark-engine.js';
import { findFirst, findPage, type SortRef } from '../page.js';
import { SortRun } from '../plan/sort-run.js';

/** A page of the matching rows, in the order of the source or of some columns. */
export const rows: MarkEngine = (query, scope) => {
  const { offset = 0, limit = DEFAULT_ROWS } = query;
  const all = scope.snapshot.manifest.columns.map(({ info }) => info.name);
  // A column that is named again is there already, and orders nothing more: no list makes a frame grow beyond the table.
  const named = (query.columns ?? all).map((name, i) => scope.use(name, `columns[${i}]`));
  const columns = [...new Set(named)];
  const orders = (query.sort ?? []).map(({ column, order }, i): SortRef => {
    const field = `sort[${i}].column`;
    const ref = scope.use(column, field);
    if (ref.logical.kind === 'binary') {
      throw mismatch(ref, field, 'an order', 'Sort by a column of numbers, times or text.');
    }
    return { ref, descending: order === 'desc' };
  });
  const sort = [...new Map(orders.toReversed().map((by) => [by.ref, by])).values()].toReversed();

  const compute: Compute = async (run) => {
    const plan: Omit<RowsPlan, 'from' | 'skip'> = {
      kind: 'rows',
      columns: columns.map(({ position }) => position),
      sort: sort.map(({ ref, descending }) => ({ column: ref.position, descending })),
      limit,
    };
    const frame = frameBase(query, scope);
    const options = { frame };
    if (run.predicate === null && sort.length === 0) {
      const from = Math.min(offset, scope.rows);
      const length = Math.min(limit, scope.rows - from);
      const page = Uint32Array.from({ length }, (_, i) => from + i);
      const direct: RowsPlan = { ...plan, from: { rows: page }, skip: 0, matched: scope.rows };
      return (await run.finish<'rows'>(direct, options)).result;
    }
    const sorted = run instanceof SortRun ? await run.page(offset, limit, sort.length) : null;
    if (sorted !== null) {
      const found: RowsPlan = {
        ...plan,
        from: { rows: sorted.rows },
        skip: sorted.skip,
        matched: sorted.matched,
      };
      return (await run.finish<'rows'>(found, options)).result;
    }
    const first = await findFirst(run, scope, sort, offset + limit);
    if (first !== undefined) {
      const { rows, matched } = first;
      const near: RowsPlan = { ...plan, from: { rows }, skip: offset, matched };
      return (await run.finish<'rows'>(near, options)).result;
    }
    const { slices, skip, matched } = await findPage(run, scope, sort, offset, limit);
    if (slices.length === 0) {
      const empty: RowsPlan = { ...plan, from: { rows: new Uint32Array(0) }, skip: 0, matched };
      return (await run.finish<'rows'>(empty, options)).result;
    }
    return (await run.compute<'rows'>({ ...plan, from: { slices }, skip }, options)).result;
  };
  return sort.length === 0 ? compute : { compute, by: sort[0]! };
};
