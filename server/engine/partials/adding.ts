import { MOST_KERNEL_GROUPS } from '../../../workers/aggregate/group-sums.js';
import { isSumOfDoubles, type AggregatePlan } from '../../../workers/aggregate/plan.js';
import type { KeyForm } from '../../../workers/groups/key-ids.js';
import type { CellAxis, GroupsPlan } from '../../../workers/groups/plan.js';
import type { MarkPlan } from '../../../workers/marks/index.js';
import { axisWidth } from '../../../workers/scan/axis.js';
import { keptSlots } from '../../../workers/scan/slots.js';

/**
 * How the partials of a scan add up to the very same result: `anyhow`, wherever the rows are cut, as counts, extremes and sums of integers
 * do; `in order`, where they are cut in the same places, as sums of doubles, of which the order of addition may show in the last digit.
 */
export type Adding = 'anyhow' | 'in order';

/** Undefined where nothing is kept: lists of values grow with the rows, and so may the groups of doubles. A band is not looked at. */
export function addingOf(plan: MarkPlan): Adding | undefined {
  switch (plan.kind) {
    case 'extent':
    case 'histogram':
    case 'tally':
      return 'anyhow';
    case 'scatter':
      return plan.budget === 0 && plan.color?.kind !== 'number' ? 'anyhow' : undefined;
    case 'value':
      return plan.known === undefined ? addingOfAll([plan.aggregate]) : undefined;
    case 'bar':
    case 'binned line':
    case 'heatmap': {
      const adding = addingOfAll(plan.layers.map(({ aggregate }) => aggregate));
      return adding === 'in order' && mostGroups(plan) > MOST_KERNEL_GROUPS ? undefined : adding;
    }
    default:
      return undefined;
  }
}

function addingOfAll(plans: readonly AggregatePlan[]): Adding | undefined {
  if (plans.every(isExact)) return 'anyhow';
  return plans.every((plan) => isExact(plan) || isSumOfDoubles(plan)) ? 'in order' : undefined;
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

/** Each part of the rows has as many, where their number is known beforehand. */
function mostGroups({ by, slots }: GroupsPlan): number {
  const ids = by.kind === 'column' ? mostKeys(by.as) : widthOf(by.x) * widthOf(by.y);
  return ids * (slots === null ? 1 : keptSlots(slots) + 2);
}

function mostKeys(as: KeyForm): number {
  switch (as.form) {
    case 'codes':
    case 'small':
      return as.size + 1;
    case 'time bins':
      return as.edges.length;
    case 'width bins':
      return Math.ceil((as.high - as.low) / as.width) + 2;
    default:
      return Infinity;
  }
}

function widthOf(cells: CellAxis): number {
  return cells.kind === 'axis' ? axisWidth(cells.axis) : keptSlots(cells.slots);
}
