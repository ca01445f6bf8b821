import { selectNth } from '../../aggregate/select-nth.js';
import { BLOCK_ROWS } from '../../columns.js';
import type { Mark } from '../../scan/mark.js';
import { NOT_KEYED, openLevel, type LevelPlan } from './level.js';

/** Asks for the first rows of an order. */
export interface TopPlan {
  kind: 'top';
  level: LevelPlan;
  /** Whether rows with one key are in order of their numbers: no further level follows. */
  decisive: boolean;
  count: number;
}

/** Rows that may be among the first, ascending, and their keys; and the first ones without a value. */
export interface TopPartial {
  rows: Uint32Array<ArrayBuffer>;
  high: Uint32Array<ArrayBuffer>;
  low: Uint32Array<ArrayBuffer>;
  nulls: Uint32Array<ArrayBuffer>;
  /** Whether a row had a value without a key: it comes behind those that have one. */
  passed: boolean;
}

/** Rows among which the first `count` are, ascending; null where they would be very many, or too few have a key. */
export type Top = Uint32Array<ArrayBuffer> | null;

/** Rows beyond those asked for, of keys that are equal, that are still brought together. */
const MOST_MORE = 65_536;

/** The first `count` rows of an order, in one scan: what comes behind the `count`th of those so far is passed over. */
export const top: Mark<TopPlan, TopPartial | null, Top> = {
  open(plan, scope) {
    const keysOf = openLevel(plan.level, scope);
    const { count, decisive } = plan;
    const held = new Candidates(count, decisive);
    const nulls: number[] = [];
    let passed = false;
    return {
      add(block) {
        const keys = keysOf(block);
        const { mask, rows, firstRow } = block;
        for (let i = 0; i < rows; i++) {
          if (mask !== null && mask[i] === 0) continue;
          const kind = keys.nulls[i]!;
          if (kind === NOT_KEYED) passed = true;
          else if (kind === 1) {
            if (nulls.length < count) nulls.push(firstRow + i);
          } else held.add(keys.high[i]!, keys.low[i]!, firstRow + i);
        }
        held.shrink();
      },
      partial: () =>
        held.overflown ? null : { ...held.partial(), nulls: Uint32Array.from(nulls), passed },
    };
  },

  merge({ count, decisive }, partials) {
    const all = new Candidates(count, decisive);
    const nulls: number[] = [];
    for (const partial of partials) {
      if (partial === null) return null;
      const { rows, high, low } = partial;
      for (let i = 0; i < rows.length; i++) all.add(high[i]!, low[i]!, rows[i]!);
      nulls.push(...partial.nulls);
    }
    all.shrink(0);
    if (all.overflown) return null;
    const { rows } = all.partial();
    const missing = Math.max(0, count - rows.length);
    if (missing > 0 && partials.some((partial) => partial?.passed)) return null;
    return Uint32Array.from([...rows, ...nulls.slice(0, missing)]).sort();
  },
};

function nthOf(values: Float64Array, n: number): number {
  selectNth(values, 0, values.length, n);
  return values[n]!;
}

/** The rows with the least keys so far, and sometimes some more. */
class Candidates {
  overflown = false;
  readonly #count: number;
  readonly #decisive: boolean;
  #high: Uint32Array<ArrayBuffer>;
  #low: Uint32Array<ArrayBuffer>;
  #rows: Uint32Array<ArrayBuffer>;
  #size = 0;
  /** Keys above this one, and if they are decisive those equal to it, cannot be among the first. */
  #lastHigh = 0xffff_ffff;
  #lastLow = 0xffff_ffff;
  #isFull = false;

  constructor(count: number, decisive: boolean) {
    this.#count = count;
    this.#decisive = decisive;
    const room = count * 4 + 2 * BLOCK_ROWS;
    this.#high = new Uint32Array(room);
    this.#low = new Uint32Array(room);
    this.#rows = new Uint32Array(room);
  }

  add(high: number, low: number, row: number): void {
    if (high > this.#lastHigh || this.overflown) return;
    if (high === this.#lastHigh && this.#isFull) {
      if (low > this.#lastLow || (this.#decisive && low === this.#lastLow)) return;
    }
    if (this.#size === this.#rows.length) this.#grow();
    this.#high[this.#size] = high;
    this.#low[this.#size] = low;
    this.#rows[this.#size++] = row;
  }

  /** Lets go what has turned out not to be among the first; with more than `spare` above those asked for. */
  shrink(spare = this.#count * 3 + BLOCK_ROWS): void {
    const count = this.#count;
    if (this.#size <= count + spare) return;
    const last = nthOf(Float64Array.from(this.#high.subarray(0, this.#size)), count - 1);
    let below = 0;
    const lows: number[] = [];
    for (let i = 0; i < this.#size; i++) {
      if (this.#high[i]! < last) below++;
      else if (this.#high[i] === last) lows.push(this.#low[i]!);
    }
    const lastLow = nthOf(Float64Array.from(lows), count - below - 1);
    let less = below;
    for (const low of lows) if (low < lastLow) less++;
    // Rows come in ascending order: of those with the last key the first are kept, where nothing else tells them apart.
    let equal = this.#decisive ? count - less : Infinity;
    let kept = 0;
    for (let i = 0; i < this.#size; i++) {
      const [high, low] = [this.#high[i]!, this.#low[i]!];
      if (high > last || (high === last && low > lastLow)) continue;
      if (high === last && low === lastLow && --equal < 0) continue;
      this.#high[kept] = high;
      this.#low[kept] = low;
      this.#rows[kept++] = this.#rows[i]!;
    }
    this.#size = kept;
    this.#lastHigh = last;
    this.#lastLow = lastLow;
    this.#isFull = true;
    if (kept > count + MOST_MORE) this.overflown = true;
  }

  partial(): Omit<TopPartial, 'nulls' | 'passed'> {
    return {
      rows: this.#rows.slice(0, this.#size),
      high: this.#high.slice(0, this.#size),
      low: this.#low.slice(0, this.#size),
    };
  }

  #grow(): void {
    const grown = (from: Uint32Array): Uint32Array<ArrayBuffer> => {
      const to = new Uint32Array(from.length * 2);
      to.set(from);
      return to;
    };
    this.#high = grown(this.#high);
    this.#low = grown(this.#low);
    this.#rows = grown(this.#rows);
  }
}
