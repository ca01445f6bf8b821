import { MAX_DROPDOWN } from '../../../protocol/limits.js';
import { jsonValue } from '../../../workers/json-value.js';
import type { Logical, Storage } from '../../../workers/storage.js';
import type { Lane } from '../types.js';
import { DistinctCounter } from './distinct.js';
import type { EncodedColumn } from '../../snapshots/encoded-column.js';
import type { ColumnEncoder, ColumnState, ColumnSummary, StagedView } from './encoded.js';
import { packIntegers, unpackIntegers, type PackedIntegers } from './packed-integers.js';
import { quantilesOf } from './quantiles.js';
import { sortedIntegers } from './sorted-integers.js';
import { countNulls, packBits } from './validity.js';
import {
  copyLowWords,
  extremesOf,
  isAscending,
  toWords,
  valueAt,
  type Extremes,
  type Words,
} from './words.js';

/** Values that span less than this are counted in a table of marks, without hashing. */
const MARKED_SPAN = 65_536;

const NARROWING: readonly (readonly [Storage, bigint, bigint])[] = [
  ['uint8', 0n, 2n ** 8n - 1n],
  ['int8', -(2n ** 7n), 2n ** 7n - 1n],
  ['uint16', 0n, 2n ** 16n - 1n],
  ['int16', -(2n ** 15n), 2n ** 15n - 1n],
  ['uint32', 0n, 2n ** 32n - 1n],
  ['int32', -(2n ** 31n), 2n ** 31n - 1n],
  ['int64', -(2n ** 63n), 2n ** 63n - 1n],
  ['uint64', 0n, 2n ** 64n - 1n],
];

/** The narrowest storage that holds every whole number from `min` to `max`. */
export function narrowest(min: bigint, max: bigint): Storage {
  for (const [storage, low, high] of NARROWING) if (min >= low && max <= high) return storage;
  return 'decimal128';
}

type IntegerState = {
  sample: PackedIntegers;
  range: Extremes | undefined;
  nulls: number;
  nulled: number;
  last: bigint | undefined;
  ascending: boolean;
  distinct: Int32Array | null;
};

/**
 * Encodes whole numbers: integers and decimals of any width, dates, times, booleans. Integers and decimals become as
 * narrow as all batches so far allow and never narrower again, so that a column starts few segments; times
 * keep the width that Arrow prescribes. A null's slot holds the batch's first value, so that no loop looks at the mask.
 */
export class IntegerEncoder implements ColumnEncoder {
  readonly #logical: Logical;
  readonly #lane: Lane;
  readonly #distinct = new DistinctCounter(MAX_DROPDOWN);
  #sample: (bigint | null)[] = [];
  #range: Extremes | undefined;
  #nulls = 0;
  #nulled = 0;
  #last: bigint | undefined;
  #ascending = true;

  constructor(logical: Logical, lane: Lane) {
    this.#logical = logical;
    this.#lane = lane;
  }

  encode(staged: StagedView, kept?: Int32Array): EncodedColumn {
    const { rows } = staged;
    const words = toWords(this.#lane, staged.data, rows);
    const valid =
      this.#logical.kind === 'time' ? this.#withoutInfinite(words, staged.valid) : staged.valid;
    const nulls = valid === undefined ? 0 : countNulls(valid, rows);
    this.#nulls += nulls;
    this.#takeSample(words, valid, staged.sample, kept);
    if (nulls > 0) this.#ascending = false;
    if (nulls === rows) return this.#encodeNulls(rows);

    if (nulls > 0) fillNulls(words, valid!);
    const extremes = extremesOf(words);
    const range = this.#range;
    this.#range =
      range === undefined
        ? extremes
        : {
            min: extremes.min < range.min ? extremes.min : range.min,
            max: extremes.max > range.max ? extremes.max : range.max,
          };
    if (!this.#distinct.overflown) this.#countDistinct(words, extremes);
    if (this.#ascending) this.#checkOrder(words);

    const storage = this.#storage(this.#range);
    return {
      storage,
      nulls,
      ...(nulls === 0 ? {} : { validity: packBits(valid!, rows) }),
      data: encodeWords(words, storage),
      ...plainExtremes(extremes),
    };
  }

  dictionary(): undefined {
    return undefined;
  }

  summary(): ColumnSummary {
    const { min, max } = this.#range ?? {};
    const logical = this.#logical;
    const distinct = this.#distinct.count;
    const values = this.#sample.filter((value) => value !== null);
    const quantiles =
      logical.kind === 'boolean' || this.#range === undefined
        ? undefined
        : quantilesOf(sortedIntegers(values, this.#range), (value) => jsonValue(logical, value));
    return {
      nulls: this.#nulls,
      nulled: this.#nulled,
      min: min === undefined ? null : jsonValue(logical, min),
      max: max === undefined ? null : jsonValue(logical, max),
      ...(distinct === undefined ? {} : { distinct }),
      ...(quantiles === undefined ? {} : { quantiles }),
      ascending: min !== undefined && this.#ascending,
    };
  }

  state(): ColumnState {
    return {
      sample: packIntegers(this.#sample, this.#range),
      range: this.#range,
      nulls: this.#nulls,
      nulled: this.#nulled,
      last: this.#last,
      ascending: this.#ascending,
      distinct: this.#distinct.state,
    } satisfies IntegerState;
  }

  resume(state: ColumnState): void {
    const { sample, range, nulls, nulled, last, ascending, distinct } = state as IntegerState;
    this.#sample = unpackIntegers(sample);
    this.#range = range;
    this.#nulls = nulls;
    this.#nulled = nulled;
    this.#last = last;
    this.#ascending = ascending;
    this.#distinct.resume(distinct);
  }

  #storage({ min, max }: Extremes): Storage {
    const { kind } = this.#logical;
    if (kind === 'boolean') return 'bool';
    if (kind === 'time' || kind === 'clock') return this.#lane === 'int32' ? 'int32' : 'int64';
    return narrowest(min, max);
  }

  /** A batch without any value: as wide as the batches before, or `null` where there was never a value. */
  #encodeNulls(rows: number): EncodedColumn {
    if (this.#range === undefined) return { storage: 'null', nulls: rows };
    const storage = this.#storage(this.#range);
    const words: Words = { rows, width: 2, unsigned: false, words: new Int32Array(rows * 2) };
    const validity = new Uint8Array(Math.ceil(rows / 8));
    return { storage, nulls: rows, validity, data: encodeWords(words, storage) };
  }

  /**
   * DuckDB's infinite dates and times (the largest integer and its negative) have no place on an axis and no ISO 8601
   * form: they become null, and are counted.
   */
  #withoutInfinite({ rows, words }: Words, valid: Uint8Array | undefined): Uint8Array | undefined {
    const isDate = this.#lane === 'int32';
    const lowOfMost = isDate ? 0x7fffffff : -1;
    const highOfMost = isDate ? 0 : 0x7fffffff;
    const lowOfLeast = isDate ? -0x7fffffff : 1;
    const highOfLeast = isDate ? -1 : -0x80000000;
    for (let row = 0; row < rows; row++) {
      const low = words[row * 2]!;
      const high = words[row * 2 + 1]!;
      const infinite =
        (low === lowOfMost && high === highOfMost) || (low === lowOfLeast && high === highOfLeast);
      if (!infinite || (valid !== undefined && valid[row] === 0)) continue;
      valid ??= new Uint8Array(rows).fill(1);
      valid[row] = 0;
      this.#nulled++;
    }
    return valid;
  }

  #takeSample(
    words: Words,
    valid: Uint8Array | undefined,
    sample: Int32Array,
    kept: Int32Array | undefined,
  ): void {
    if (kept !== undefined) {
      const before = this.#sample;
      this.#sample = Array.from(kept, (i) => before[i]!);
    }
    for (const row of sample) {
      this.#sample.push(valid !== undefined && valid[row] === 0 ? null : valueAt(words, row));
    }
  }

  #countDistinct(words: Words, { min, max }: Extremes): void {
    const distinct = this.#distinct;
    if (words.width === 4) {
      distinct.giveUp();
      return;
    }
    const { rows, words: values } = words;
    if (max - min < BigInt(MARKED_SPAN)) {
      const marks = new Uint8Array(Number(max - min) + 1);
      const lowest = Number(BigInt.asIntN(32, min));
      for (let row = 0; row < rows; row++) marks[(values[row * 2]! - lowest) | 0] = 1;
      for (let i = 0; i < marks.length && !distinct.overflown; i++) {
        if (marks[i] === 0) continue;
        const value = min + BigInt(i);
        distinct.add(Number(BigInt.asIntN(32, value)), Number(BigInt.asIntN(32, value >> 32n)));
      }
      return;
    }
    for (let row = 0; row < rows && !distinct.overflown; row++) {
      distinct.add(values[row * 2]!, values[row * 2 + 1]!);
    }
  }

  #checkOrder(words: Words): void {
    const first = valueAt(words, 0);
    this.#ascending = (this.#last === undefined || first >= this.#last) && isAscending(words);
    this.#last = valueAt(words, words.rows - 1);
  }
}

function fillNulls({ words, width, rows }: Words, valid: Uint8Array): void {
  const first = valid.indexOf(1) * width;
  for (let row = 0; row < rows; row++) {
    if (valid[row] === 0) words.copyWithin(row * width, first, first + width);
  }
}

function plainExtremes({ min, max }: Extremes): { min: number | bigint; max: number | bigint } {
  const safe = min >= BigInt(Number.MIN_SAFE_INTEGER) && max <= BigInt(Number.MAX_SAFE_INTEGER);
  return safe ? { min: Number(min), max: Number(max) } : { min, max };
}

function encodeWords(source: Words, storage: Storage): Uint8Array {
  const { rows, words, width } = source;
  switch (storage) {
    case 'bool': {
      const flags = new Uint8Array(rows);
      for (let row = 0; row < rows; row++) flags[row] = words[row * 2] === 0 ? 0 : 1;
      return packBits(flags, rows);
    }
    case 'int8':
    case 'uint8':
      return copyLowWords(source, new Uint8Array(rows));
    case 'int16':
    case 'uint16':
      return bytesOf(copyLowWords(source, new Uint16Array(rows)));
    case 'int32':
    case 'uint32':
      return bytesOf(copyLowWords(source, new Int32Array(rows)));
    case 'int64':
    case 'uint64':
      return width === 2 ? bytesOf(words.slice(0, rows * 2)) : bytesOf(halve(source));
    default:
      return width === 4 ? bytesOf(words.slice(0, rows * 4)) : bytesOf(double(source));
  }
}

/** 128-bit values that fit 64 bits, without their upper halves. */
function halve({ rows, words }: Words): Int32Array {
  const out = new Int32Array(rows * 2);
  for (let row = 0; row < rows; row++) {
    out[row * 2] = words[row * 4]!;
    out[row * 2 + 1] = words[row * 4 + 1]!;
  }
  return out;
}

function double({ rows, words, unsigned }: Words): Int32Array {
  const out = new Int32Array(rows * 4);
  for (let row = 0; row < rows; row++) {
    const high = words[row * 2 + 1]!;
    const sign = unsigned ? 0 : high >> 31;
    out[row * 4] = words[row * 2]!;
    out[row * 4 + 1] = high;
    out[row * 4 + 2] = sign;
    out[row * 4 + 3] = sign;
  }
  return out;
}

function bytesOf({ buffer, byteOffset, byteLength }: ArrayBufferView): Uint8Array {
  return new Uint8Array(buffer, byteOffset, byteLength);
}
