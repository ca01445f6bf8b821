import type { AggregatePlan } from '../../workers/aggregate/plan.js';
import type { MarkPlan } from '../../workers/marks/index.js';

/** A value beside its group, once while it is collected, grown or brought together. */
const QUANTILE_BYTES = 24;
/** A pair of group and value, and its place in hash tables, in a task and in the merge; and the value itself. */
const DISTINCT_BYTES = 64;

/**
 * The most bytes that a scan of `rows` matching rows has to keep of each row until its end; 0 where the result alone
 * tells, whose parts are counted as they come.
 */
export function plannedScratch(plan: MarkPlan, rows: number): number {
  switch (plan.kind) {
    case 'distinct part':
      return plan.bytes;
    case 'value':
      return rows * bytesOf(plan.aggregate);
    case 'bar':
    case 'binned line':
    case 'heatmap':
      return plan.layers.reduce(
        (sum, { aggregate, band }) =>
          sum + rows * (bytesOf(aggregate) + (band === undefined ? 0 : QUANTILE_BYTES)),
        0,
      );
    default:
      return 0;
  }
}

function bytesOf(aggregate: AggregatePlan): number {
  if (aggregate.op === 'quantile') return QUANTILE_BYTES;
  if (aggregate.op !== 'distinct') return 0;
  // Codes and small integers are few: what comes of them is counted as it comes.
  const { form } = aggregate.as;
  return form === 'codes' || form === 'small' ? 0 : DISTINCT_BYTES;
}
