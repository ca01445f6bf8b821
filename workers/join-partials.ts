import { markOf, type MarkPlan } from './marks/index.js';
import { checkCancel, unlessWithdrawn, type CancelWord } from './scan/cancel.js';

export interface JoinPartialsTask {
  plan: MarkPlan;
  /** In row order. */
  partials: unknown[];
  cancel?: CancelWord | undefined;
}

export type JoinedPartials = { withdrawn: false; partials: unknown[] } | { withdrawn: true };

/** Makes one of several partials where the mark knows how; else gives them back. */
export function joinPartials({ plan, partials, cancel }: JoinPartialsTask): JoinedPartials {
  return unlessWithdrawn(() => {
    const joined = markOf(plan).join?.(plan, partials, () => checkCancel(cancel));
    return { withdrawn: false, partials: joined === undefined ? partials : [joined] };
  });
}
