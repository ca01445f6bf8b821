import { markOf, type MarkPlan } from './marks/index.js';
import { checkCancel, unlessWithdrawn, type CancelWord } from './scan/cancel.js';

export interface JoinPartialsTask {
  /** Of a mark that knows how. */
  plan: MarkPlan;
  /** In row order. */
  partials: unknown[];
  cancel?: CancelWord | undefined;
}

export type JoinedPartials = { withdrawn: false; partial: unknown } | { withdrawn: true };

/** Makes one partial of several. */
export function joinPartials({ plan, partials, cancel }: JoinPartialsTask): JoinedPartials {
  return unlessWithdrawn(() => ({
    withdrawn: false,
    partial: markOf(plan).join!(plan, partials, () => checkCancel(cancel)),
  }));
}
