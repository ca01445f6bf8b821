import type { AggregatePlan } from '../../../workers/aggregate/plan.js';
import type { MarkPlan } from '../../../workers/marks/index.js';

/**
 * Whether the partials of a scan add up to the very same result wherever the rows are cut: counts, extremes and sums of
 * integers do. Sums of doubles depend on the order of addition in their last digits, and lists of values grow with the rows.
 */
export function addsUp(plan: MarkPlan): boolean {
  switch (plan.kind) {
    case 'extent':
    case 'histogram':
    case 'tally':
      return true;
    case 'scatter':
      return plan.budget === 0 && plan.color?.kind !== 'number';
    case 'value':
      return plan.known === undefined && isExact(plan.aggregate);
    case 'bar':
    case 'binned line':
    case 'heatmap':
      return plan.layers.every(({ aggregate }) => isExact(aggregate));
    default:
      return false;
  }
}

function isExact(plan: AggregatePlan): boolean {
  switch (plan.op) {
    case 'count':
    case 'min':
    case 'max':
      return true;
    case 'sum':
    case 'mean':
      return plan.form !== 'value';
    default:
      return false;
  }
}
