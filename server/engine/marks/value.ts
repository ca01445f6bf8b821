import type { AggregatePlan } from '../../../workers/aggregate/plan.js';
import { resolveAggregate } from '../aggregate.js';
import { countDistinct, type DistinctCount } from '../count-distinct.js';
import { frameBase } from '../frame-base.js';
import type { MarkEngine } from '../mark-engine.js';
import { plannedScratch } from '../planned-scratch.js';
import { rowsIn, type Run } from '../run.js';
import { searchQuantile, type FoundQuantile } from '../search-quantile.js';

/** Values that are collected in one scan rather than searched in several: some 20 MB of them. */
const FEW_VALUES = 2 ** 20;

/** One number: the aggregate of the matching rows. */
export const value: MarkEngine = (query, scope) => {
  const aggregate = resolveAggregate(query, scope);
  return async (run) => {
    const frame = frameBase(query, scope);
    const found = await foundInScans(run, aggregate);
    if (found !== undefined) {
      const { matched, ...known } = found;
      return run.merge<'value'>({ kind: 'value', aggregate, known }, [], matched, { frame });
    }
    return (await run.compute<'value'>({ kind: 'value', aggregate }, { frame })).result;
  };
};

/** The answer by scans that keep little, where one that collects all values is not worth its memory, or has no room. */
async function foundInScans(
  run: Run,
  aggregate: AggregatePlan,
): Promise<FoundQuantile | DistinctCount | undefined> {
  if (!run.isWhole) return undefined;
  if (aggregate.op === 'quantile' && rowsIn(run.stretches) > FEW_VALUES) {
    return searchQuantile(run, aggregate.column, aggregate.p);
  }
  if (aggregate.op === 'distinct' && !fitsAtOnce(run, aggregate)) {
    const { form } = aggregate.as;
    if (form === 'f64' || form === 'i64') return countDistinct(run, aggregate.column, form);
  }
  return undefined;
}

/** Whether the values of all rows that may match have room while one scan collects them. */
function fitsAtOnce(run: Run, aggregate: AggregatePlan): boolean {
  return plannedScratch({ kind: 'value', aggregate }, rowsIn(run.stretches)) <= run.scratchRoom;
}
