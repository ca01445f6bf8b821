import type { AggregatePartial, AggregatePlan } from '../aggregate/plan.js';

export interface ValuePlan {
  kind: 'value';
  aggregate: AggregatePlan;
  /** The answer, where it was found without a scan of this mark; null is that of no values. */
  known?: { value: number | null; seen: number };
}

export interface ValuePartial {
  /** Rows that have a value. */
  seen: number;
  aggregate: AggregatePartial;
}
