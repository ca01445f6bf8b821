import type { Plan } from './plan.js';

/** A plan, and whether the frame that it makes is exact. */
export interface PlannedFrame {
  plan: Plan;
  exact: boolean;
}
