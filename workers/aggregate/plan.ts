import type { TallyForm, TallyKeys } from '../tally/tally.js';

/**
 * What is computed of the rows of each group. Null and NaN are no values; infinities are. Sums of integers and
 * decimals are made of the stored integers, exactly, and then divided by 10^scale.
 */
export type AggregatePlan =
  /** The values of a column; without one the rows. */
  | { op: 'count'; column: number | null }
  /** `value` adds up doubles; the others stored integers: within 2^53, within 64 bits, of any width. */
  | { op: 'sum' | 'mean'; column: number; form: 'value' | 'raw'; scale: number }
  | { op: 'sum' | 'mean'; column: number; form: 'i64' | 'wide'; scale: number }
  | { op: 'min' | 'max'; column: number }
  /** The quantile `p` by linear interpolation, as quantile_cont of SQL has it; a median is that of 0.5. */
  | { op: 'quantile'; column: number; p: number }
  | { op: 'distinct'; column: number; as: TallyForm };

/** A sum or mean that is made of doubles: `openWholeSum`, `openGroupSums`. */
export type SumOfDoubles = Extract<AggregatePlan, { form: 'value' | 'raw' }>;

export function isSumOfDoubles(plan: AggregatePlan): plan is SumOfDoubles {
  return (
    (plan.op === 'sum' || plan.op === 'mean') && (plan.form === 'value' || plan.form === 'raw')
  );
}

/** What one task knows of its groups, by their numbers in that task. */
export type AggregatePartial =
  | { op: 'count'; counts: Uint32Array<ArrayBuffer> }
  | {
      op: 'sum' | 'mean';
      counts: Uint32Array<ArrayBuffer>;
      sums: Float64Array<ArrayBuffer>;
      /** What rounding lost of the sums. */
      rests: Float64Array<ArrayBuffer>;
    }
  /** NaN where there is no value. */
  | { op: 'min' | 'max'; values: Float64Array<ArrayBuffer> }
  | ({ op: 'quantile' } & ValuesPartial)
  /** Group and value of each pair that occurs, side by side; the value is an id of `keys`. */
  | { op: 'distinct'; pairs: Uint32Array<ArrayBuffer>; keys: TallyKeys };

/** Every value of a task with its group. */
export interface ValuesPartial {
  groups: Uint32Array<ArrayBuffer>;
  values: Float64Array<ArrayBuffer>;
}

/** The aggregate of each group; `valid` is 0 where no value went into it. */
export interface Aggregated {
  values: Float64Array<ArrayBuffer>;
  valid: Uint8Array<ArrayBuffer>;
}
