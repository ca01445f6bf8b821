import type { AggregatePlan } from '../../../workers/aggregate/plan.js';
import { resolveAggregate } from '../aggregate.js';
import { countDistinct } from '../count-distinct.js';
import { frameBase } from '../frame-base.js';
import type { MarkEngine } from '../mark-engine.js';
import { plannedScratch } from '../planned-scratch.js';
import { rowsIn, type Run } from '../run.js';
import { searchQuantile } from '../search-quantile.js';

/** Values that are collected in one scan rather than searched in several: some 20 MB of them. */
const FEW_VALUES = 2 ** 20;

/** One number: the aggregate of the matching rows. */
export const value: MarkEngine = (query, scope) => {
  const aggregate = resolveAggregate(query, scope);
  return async (run) => {
    const frame = frameBase(query, scope);
    if (aggregate.op === 'quantile' && run.isWhole && rowsIn(run.stretches) > FEW_VALUES) {
      const { matched, ...known } = await searchQuantile(run, aggregate.column, aggregate.p);
      return run.merge<'value'>({ kind: 'value', aggregate, known }, [], matched, { frame });
    }
    if (aggregate.op === 'distinct' && run.isWhole && !fitsAtOnce(run, aggregate)) {
      const { column, as } = aggregate;
      if (as.form === 'f64' || as.form === 'i64') {
        const { matched, ...known } = await countDistinct(run, column, as.form);
        return run.merge<'value'>({ kind: 'value', aggregate, known }, [], matched, { frame });
      }
    }
    const { result } = await run.compute<'value'>(
      { kind: 'value', aggregate },
      { frame, ordered: true },
    );
    return result;
  };
};

/** Whether the values of all rows that may match have room while one scan collects them. */
function fitsAtOnce(run: Run, aggregate: AggregatePlan): boolean {
  return plannedScratch({ kind: 'value', aggregate }, rowsIn(run.stretches)) <= run.scratchRoom;
}
