import { selectNth } from '../../aggregate/select-nth.js';
import { BLOCK_ROWS } from '../../columns.js';
import { NULL_CODE, type Block } from '../../scan/block.js';
import type { Mark, Scope } from '../../scan/mark.js';
import { columnOf } from '../../scan/values.js';
import { dictionaryStrings } from '../../select/strings.js';
import { firstRanks, NOT_FIRST } from '../../text/first-ranks.js';
import { openLevel, type LevelKeys, type LevelPlan } from './level.js';
import { doubleKeys, integerKeys, type NumberKeys } from './number-key.js';

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
  /** Whether a row had a text that is not among the first: it comes behind those that are. */
  passed: boolean;
}

/** Rows among which the first `count` are, ascending; null where they would be very many, or too few have a key. */
export type Top = Uint32Array<ArrayBuffer> | null;

/** Rows beyond those asked for, of keys that are equal, that are still brought together. */
const MOST_MORE = 65_536;

/** The first `count` rows of an order, in one scan: what comes behind the `count`th of those so far is passed over. */
export const top: Mark<TopPlan, TopPartial | null, Top> = {
  open({ level, count, decisive }, scope) {
    const held = new Candidates(count, decisive);
    // Without a further level the first nulls are enough; else any of them may be among the first.
    const most = decisive ? count : MOST_MORE;
    const found: Found = { held, nulls: [], most, passed: false };
    const take = takeOf(level, scope, found);
    return {
      add(block) {
        take(block);
        held.shrink();
      },
      partial() {
        if (held.overflown) return null;
        const { nulls, passed } = found;
        return { ...held.partial(), nulls: Uint32Array.from(nulls), passed };
      },
    };
  },

  merge({ count, decisive }, partials) {
    const all = new Candidates(count, decisive);
    const nulls: number[] = [];
    for (const partial of partials) {
      if (partial === null) return null;
      const { rows, high, low } = partial;
      for (let i = 0; i < rows.length; i++) all.add(high[i]!, low[i]!, rows[i]!);
      for (const row of partial.nulls) nulls.push(row);
    }
    all.shrink(0);
    if (all.overflown) return null;
    const { rows } = all.partial();
    const missing = Math.max(0, count - rows.length);
    if (missing > 0 && partials.some((partial) => partial?.passed)) return null;
    const isCut = partials.some((partial) => partial!.nulls.length === MOST_MORE);
    if (missing > 0 && !decisive && isCut) return null;
    const some = decisive || missing === 0 ? nulls.slice(0, missing) : nulls;
    return Uint32Array.from([...rows, ...some]).sort();
  },
};

/** What a scan has found so far. */
interface Found {
  held: Candidates;
  nulls: number[];
  /** So many nulls are enough. */
  most: number;
  passed: boolean;
}

/** How the rows of a block are looked at: numbers and texts of a dictionary without a key for each row. */
function takeOf(level: LevelPlan, scope: Scope, found: Found): (block: Block) => void {
  switch (level.by) {
    case 'double':
      return takeNumbers(level, doubleKeys(level.descending), found);
    case 'integer': {
      const { low, bits, descending } = level;
      return takeNumbers(level, integerKeys(low, bits, descending), found);
    }
    case 'first':
      return takeTexts(level, scope, found);
    default:
      return takeKeys(openLevel(level, scope), found);
  }
}

function takeNull(row: number, { nulls, most }: Found): void {
  if (nulls.length < most) nulls.push(row);
}

function takeNumbers(
  { by, column, descending }: LevelPlan & { by: 'double' | 'integer' },
  keys: NumberKeys,
  found: Found,
): (block: Block) => void {
  const { held } = found;
  const key = { high: 0, low: 0 };
  return (block) => {
    const values = by === 'double' ? block.f64(column) : block.raw(column);
    const { mask, rows, firstRow } = block;
    const last = held.last;
    const bound = last === null ? NaN : keys.read(last.high, last.low);
    // Where nothing is passed over yet the bound is NaN, and so no value is beyond it.
    const [least, greatest] = descending ? [bound, Infinity] : [-Infinity, bound];
    let valid: Uint8Array | null | undefined;
    for (let i = 0; i < rows; i++) {
      const value = values[i]!;
      if (value > greatest || value < least || (mask !== null && mask[i] === 0)) continue;
      if (value !== value) {
        if (valid === undefined) valid = block.valid(column);
        if (valid !== null && valid[i] === 0) {
          takeNull(firstRow + i, found);
          continue;
        }
      }
      keys.write(value, key);
      held.add(key.high, key.low, firstRow + i);
    }
  };
}

function takeTexts(
  { column, descending, count }: LevelPlan & { by: 'first' },
  { table, check }: Scope,
  found: Found,
): (block: Block) => void {
  const strings = dictionaryStrings(table, columnOf(table, column).dictionary!);
  const ranks = firstRanks(strings, count, descending, check);
  // A bit a string fits the second-level cache, a rank does not.
  const isFirst = new Uint8Array(Math.ceil(ranks.length / 8));
  for (let code = 0; code < ranks.length; code++) {
    if (ranks[code] !== NOT_FIRST) isFirst[code >>> 3]! |= 1 << (code & 7);
  }
  return (block) => {
    const codes = block.codes(column);
    const { mask, rows, firstRow } = block;
    let passed = false;
    for (let i = 0; i < rows; i++) {
      if (mask !== null && mask[i] === 0) continue;
      const code = codes[i]!;
      if (code === NULL_CODE) takeNull(firstRow + i, found);
      else if (((isFirst[code >>> 3]! >>> (code & 7)) & 1) === 0) passed = true;
      else found.held.add(ranks[code]!, 0, firstRow + i);
    }
    if (passed) found.passed = true;
  };
}

function takeKeys(keysOf: (block: Block) => LevelKeys, found: Found): (block: Block) => void {
  return (block) => {
    const { high, low, nulls } = keysOf(block);
    const { mask, rows, firstRow } = block;
    for (let i = 0; i < rows; i++) {
      if (mask !== null && mask[i] === 0) continue;
      if (nulls[i] === 1) takeNull(firstRow + i, found);
      else found.held.add(high[i]!, low[i]!, firstRow + i);
    }
  };
}

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

  /** The last key that may be among the first; null while any may. */
  get last(): { high: number; low: number } | null {
    return this.#isFull ? { high: this.#lastHigh, low: this.#lastLow } : null;
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
    const last = nthOf(new Float64Array(this.#high.subarray(0, this.#size)), count - 1);
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
