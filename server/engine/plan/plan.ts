import type { IndexNeed, OtherWay } from '../../../protocol/explanation.js';
import type { PlanTier } from '../../../protocol/frame.js';

/** About what a way to compute a frame reads, by what is known of the columns before any row is read. */
export interface Estimate {
  rows: number;
  bytes: number;
}

/**
 * How a frame would be computed, and what else was weighed. Whoever chooses a route makes it beside the route, so that
 * `POST /api/v1/explain` tells the choice that a frame would follow.
 */
export interface Plan extends Estimate {
  tier: PlanTier;
  /** Why this way: a part of a sentence. */
  reason: string;
  others: readonly OtherWay[];
  indexes: readonly IndexNeed[];
}

/** A way that is not taken, for the reason given; without an estimate where it cannot be had. */
export function otherWay(tier: PlanTier, reason: string, estimate?: Estimate): OtherWay {
  return {
    tier,
    reason,
    ...(estimate && { rows: Math.round(estimate.rows), bytes: Math.round(estimate.bytes) }),
  };
}
