import type { Snapshot } from '../snapshots/manifest.js';
import { planLease, type LeasePlan } from './lease-plan.js';

/** Plans kept for a snapshot at most: those of a dashboard's charts. */
const MOST_PLANS = 64;

/** The lease plans of late: a frame that is zoomed or filtered asks for the same columns again and again. */
export class LeasePlans {
  readonly #plans = new WeakMap<Snapshot, Map<string, LeasePlan>>();

  /** The plan of `planLease`, which nobody changes. */
  of(
    snapshot: Snapshot,
    names: readonly string[],
    batches: readonly number[] | undefined,
  ): LeasePlan {
    let plans = this.#plans.get(snapshot);
    if (plans === undefined) this.#plans.set(snapshot, (plans = new Map<string, LeasePlan>()));
    const key = JSON.stringify([names, batches]);
    let plan = plans.get(key);
    if (plan === undefined) {
      if (plans.size >= MOST_PLANS) plans.clear();
      plans.set(key, (plan = planLease(snapshot, names, batches)));
    }
    return plan;
  }
}
