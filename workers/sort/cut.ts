import { compareValues, type SortedBatch, type SortValue } from './sorted-batch.js';

/**
 * A place between two rows of the order of all batches. In each, the rows of one value (that of the row behind the cut) lie from `low` to
 * `high`, and of these so many come before the cut as `taken` says; of the nulls, `nulls`.
 */
export interface Cut {
  low: Float64Array;
  high: Float64Array;
  taken: Float64Array;
  nulls: Float64Array;
}

/** Stretches of places of one batch, `from` inclusive, `to` exclusive. */
export interface Places {
  batch: number;
  from: number;
  to: number;
}

/** The order of all batches of a column, ascending or descending; nulls are last in either direction, ties by row. */
export class SortedRows {
  readonly batches: readonly SortedBatch[];
  readonly rows: number;
  /** Rows that have a value. */
  readonly valid: number;
  /** Values that were compared so far. */
  looks = 0;
  readonly #descending: boolean;

  constructor(batches: readonly SortedBatch[], descending: boolean) {
    this.batches = batches;
    this.rows = batches.reduce((sum, { rows }) => sum + rows, 0);
    this.valid = batches.reduce((sum, { valid }) => sum + valid, 0);
    this.#descending = descending;
  }

  /** The cut that has `rank` rows before it. */
  cut(rank: number): Cut {
    const { batches, valid } = this;
    const nulls = share(
      batches.map((batch) => batch.rows - batch.valid),
      Math.max(0, rank - valid),
    );
    if (rank >= valid) {
      const end = Float64Array.from(batches, (batch) => (this.#descending ? 0 : batch.valid));
      return { low: end, high: end, taken: new Float64Array(batches.length), nulls };
    }
    const value = this.#valueAt(this.#descending ? valid - 1 - rank : rank);
    const low = Float64Array.from(batches, (batch) => this.#bound(batch, value, 0));
    const high = Float64Array.from(batches, (batch, b) => this.#bound(batch, value, 1, low[b]!));
    const before = this.#descending
      ? batches.reduce((sum, batch, b) => sum + batch.valid - high[b]!, 0)
      : low.reduce((sum, places) => sum + places, 0);
    const taken = share(
      batches.map((_, b) => high[b]! - low[b]!),
      rank - before,
    );
    return { low, high, taken, nulls };
  }

  /** How many rows of the value behind the cut come before it, and how many there are; of the nulls, where it is among them. */
  group({ low, high, taken, nulls }: Cut, rank: number): { before: number; size: number } {
    if (rank >= this.valid) return { before: sum(nulls), size: this.rows - this.valid };
    return { before: sum(taken), size: sum(high) - sum(low) };
  }

  /** Where the rows between two cuts lie; each stretch in the order of the column. */
  between(a: Cut, b: Cut): Places[] {
    const found: Places[] = [];
    for (const [batch, { valid }] of this.batches.entries()) {
      const add = (from: number, to: number): void => {
        if (to > from) found.push({ batch, from, to });
      };
      const start = a.low[batch]! + a.taken[batch]!;
      const end = b.low[batch]! + b.taken[batch]!;
      const isSame = a.low[batch] === b.low[batch] && a.high[batch] === b.high[batch];
      if (!this.#descending || isSame) add(start, end);
      else {
        add(start, a.high[batch]!);
        add(b.high[batch]!, a.low[batch]!);
        add(b.low[batch]!, end);
      }
      add(valid + a.nulls[batch]!, valid + b.nulls[batch]!);
    }
    return found;
  }

  /**
   * The value with `rank` values before it in ascending order. Of each batch a range is known in which the cut must lie; the middle of
   * the widest is ranked among all, which leaves one side of every range.
   */
  #valueAt(rank: number): SortValue {
    const { batches } = this;
    const low = new Float64Array(batches.length);
    const high = Float64Array.from(batches, ({ valid }) => valid);
    const places = new Float64Array(batches.length);
    for (;;) {
      let widest = 0;
      for (let b = 1; b < batches.length; b++) {
        if (high[b]! - low[b]! > high[widest]! - low[widest]!) widest = b;
      }
      if (high[widest] === low[widest]) break;
      const middle = Math.floor((low[widest]! + high[widest]!) / 2);
      const pivot = batches[widest]!.valueAt(middle);
      let before = 0;
      for (const [b, batch] of batches.entries()) {
        // Of equal values those of earlier batches come first.
        places[b] =
          b === widest ? middle : this.#bound(batch, pivot, b < widest ? 1 : 0, low[b]!, high[b]!);
        before += places[b]!;
      }
      if (before > rank) high.set(places);
      else if (before < rank) {
        low.set(places);
        low[widest] = middle + 1;
      } else return pivot;
    }
    throw new Error(`No value has the rank ${rank} among ${this.valid}.`);
  }

  /** The first place whose value is not less than `value`, or greater where `after` is 1. */
  #bound(
    batch: SortedBatch,
    value: SortValue,
    after: 0 | 1,
    from = 0,
    to: number = batch.valid,
  ): number {
    let low = from;
    let high = to;
    while (low < high) {
      const middle = Math.floor((low + high) / 2);
      this.looks++;
      if (compareValues(batch.valueAt(middle), value) < after) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}

/** Takes `count` from the front of groups of these sizes. */
function share(sizes: readonly number[], count: number): Float64Array {
  let left = count;
  return Float64Array.from(sizes, (size) => {
    const taken = Math.min(size, left);
    left -= taken;
    return taken;
  });
}

const sum = (numbers: Float64Array): number => numbers.reduce((total, number) => total + number, 0);
