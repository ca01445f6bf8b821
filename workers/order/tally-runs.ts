import { checkCancel, unlessWithdrawn, type CancelWord } from '../scan/cancel.js';
import type { Tally, TallyForm } from '../tally/tally.js';
import { matchingRuns, type RunsOf } from './each-run.js';

/** Asks how often each value of the category occurs among the matching rows. */
export interface TallyRunsTask extends RunsOf {
  as: TallyForm;
  cancel?: CancelWord;
}

export type TalliedRuns = { withdrawn: false; tally: Tally; matched: number } | { withdrawn: true };

/** Counts what a scan counts, by the lengths of runs. */
export function tallyRuns(task: TallyRunsTask): TalliedRuns {
  return unlessWithdrawn(() => {
    const { as, cancel } = task;
    if (as.form !== 'codes' && as.form !== 'small')
      throw new Error(`Runs are not counted by "${as.form}".`);
    const base = as.form === 'small' ? as.base : 0;
    const counts = new Uint32Array(as.size);
    let nulls = 0;
    let matched = 0;
    for (const { key, rows } of matchingRuns(task, () => checkCancel(cancel))) {
      matched += rows;
      if (Number.isNaN(key)) nulls += rows;
      else counts[key - base]! += rows;
    }
    const keys = as.form === 'small' ? { form: as.form, base } : { form: as.form };
    return { withdrawn: false, tally: { nulls, counts, keys }, matched };
  });
}
