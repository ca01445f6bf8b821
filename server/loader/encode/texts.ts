import type { Storage } from '../../../workers/storage.js';
import { TextDictionary } from './dictionary.js';
import type { EncodedColumn, EncodedDictionary } from '../../snapshots/encoded-column.js';
import type { ColumnEncoder, ColumnState, ColumnSummary, StagedView } from './encoded.js';
import { countNulls, packBits } from './validity.js';

/** Fewer distinct texts than this, if they are short, are always worth a dictionary: filters and dropdowns become cheap. */
const SMALL_DICTIONARY = 65_536;
const SMALL_DICTIONARY_BYTES = 2 ** 24;
/** A first batch with a larger share of distinct texts is nearly unique: a dictionary would only be in the way. */
const UNIQUE_SHARE = 0.8;
/** Codes stay far below 2^31. */
const MAX_DICTIONARY_SIZE = 2 ** 27;

// A byte order mark inside of a table is part of its text.
const UTF8 = new TextDecoder('utf-8', { ignoreBOM: true });

type TextState = {
  plain: boolean;
  anyPlain: boolean;
  nulls: number;
  values: number;
  extremes: ExtremesState;
};

type ExtremesState = { min: Uint8Array | undefined; max: Uint8Array | undefined };

/**
 * Encodes texts as dictionary codes, or, where the first batch is nearly unique or the dictionary grows out of
 * bounds, as offsets and bytes from then on.
 */
export class DictionaryEncoder implements ColumnEncoder {
  #dictionary = new TextDictionary();
  readonly #extremes = new ByteExtremes();
  readonly #maxBytes: number;
  #plain = false;
  #anyPlain = false;
  #nulls = 0;
  #values = 0;

  /** `maxBytes` is far below 2^31, in which Arrow counts the bytes of a dictionary. */
  constructor(maxBytes: number) {
    this.#maxBytes = maxBytes;
  }

  encode(staged: StagedView): EncodedColumn {
    const { rows, valid } = staged;
    const nulls = valid === undefined ? 0 : countNulls(valid, rows);
    const isFirst = this.#values === 0;
    this.#nulls += nulls;
    this.#values += rows - nulls;
    if (this.#values === 0) return { storage: 'null', nulls };
    const validity = nulls === 0 ? {} : { validity: packBits(valid!, rows) };
    if (this.#plain) return { ...this.#encodePlain(staged), nulls, ...validity };

    const codes = new Int32Array(rows);
    const dictionary = this.#dictionary;
    dictionary.encode(staged.data, staged.starts!, staged.lengths!, valid, rows, codes);
    if (isFirst && this.#isNearlyUnique(rows - nulls)) {
      this.#plain = true;
      this.#dictionary = new TextDictionary();
      return { ...this.#encodePlain(staged), nulls, ...validity };
    }
    if (dictionary.byteLength > this.#maxBytes || dictionary.size > MAX_DICTIONARY_SIZE) {
      this.#plain = true;
    }
    return { ...narrowCodes(codes, dictionary.size), nulls, ...validity };
  }

  dictionary(): EncodedDictionary | undefined {
    const { size, offsets, bytes } = this.#dictionary;
    return { size, offsets, bytes };
  }

  summary(): ColumnSummary {
    const { offsets, bytes, size } = this.#dictionary;
    const extremes = this.#extremes;
    for (let code = 0; code < size; code++)
      extremes.take(bytes, offsets[code]!, offsets[code + 1]!);
    return {
      nulls: this.#nulls,
      nulled: 0,
      min: extremes.min,
      max: extremes.max,
      ...(this.#anyPlain ? {} : { distinct: size }),
    };
  }

  state(): ColumnState {
    return {
      plain: this.#plain,
      anyPlain: this.#anyPlain,
      nulls: this.#nulls,
      values: this.#values,
      extremes: this.#extremes.state,
    } satisfies TextState;
  }

  resume(state: ColumnState, dictionary: EncodedDictionary | undefined): void {
    const { plain, anyPlain, nulls, values, extremes } = state as TextState;
    this.#plain = plain;
    this.#anyPlain = anyPlain;
    this.#nulls = nulls;
    this.#values = values;
    this.#extremes.state = extremes;
    if (dictionary !== undefined) this.#dictionary.addAll(dictionary);
  }

  #isNearlyUnique(values: number): boolean {
    const { size, byteLength } = this.#dictionary;
    const isSmall = size <= SMALL_DICTIONARY && byteLength <= SMALL_DICTIONARY_BYTES;
    return !isSmall && size > values * UNIQUE_SHARE;
  }

  #encodePlain(staged: StagedView): Pick<EncodedColumn, 'storage' | 'offsets' | 'data'> {
    this.#anyPlain = true;
    const { offsets, data } = gatherBytes(staged);
    for (let row = 0; row < staged.rows; row++) {
      if (staged.valid === undefined || staged.valid[row] === 1) {
        this.#extremes.take(data, offsets[row]!, offsets[row + 1]!);
      }
    }
    return { storage: 'utf8', offsets, data };
  }
}

type BinaryState = { nulls: number; anyValue: boolean };

/** Encodes blobs as offsets and bytes. */
export class BinaryEncoder implements ColumnEncoder {
  #nulls = 0;
  #anyValue = false;

  encode(staged: StagedView): EncodedColumn {
    const { rows, valid } = staged;
    const nulls = valid === undefined ? 0 : countNulls(valid, rows);
    this.#nulls += nulls;
    this.#anyValue ||= nulls < rows;
    if (!this.#anyValue) return { storage: 'null', nulls };
    const validity = nulls === 0 ? {} : { validity: packBits(valid!, rows) };
    return { storage: 'binary', nulls, ...gatherBytes(staged), ...validity };
  }

  dictionary(): undefined {
    return undefined;
  }

  summary(): ColumnSummary {
    return { nulls: this.#nulls, nulled: 0, min: null, max: null };
  }

  state(): ColumnState {
    return { nulls: this.#nulls, anyValue: this.#anyValue } satisfies BinaryState;
  }

  resume(state: ColumnState): void {
    const { nulls, anyValue } = state as BinaryState;
    this.#nulls = nulls;
    this.#anyValue = anyValue;
  }
}

function narrowCodes(codes: Int32Array, size: number): { storage: Storage; data: Uint8Array } {
  if (size <= 2 ** 8) return { storage: 'dict8', data: Uint8Array.from(codes) };
  if (size <= 2 ** 16) {
    return { storage: 'dict16', data: new Uint8Array(Uint16Array.from(codes).buffer) };
  }
  return { storage: 'dict32', data: new Uint8Array(codes.buffer) };
}

function gatherBytes({ rows, valid, data: arena, starts, lengths }: StagedView): {
  offsets: Int32Array;
  data: Uint8Array;
} {
  const offsets = new Int32Array(rows + 1);
  let total = 0;
  for (let row = 0; row < rows; row++) {
    if (valid === undefined || valid[row] === 1) total += lengths![row]!;
    offsets[row + 1] = total;
  }
  const data = new Uint8Array(total);
  for (let row = 0; row < rows; row++) {
    const from = offsets[row]!;
    const length = offsets[row + 1]! - from;
    const start = starts![row]!;
    // A call of `set` costs as much as copying some 60 bytes one by one.
    if (length > 64) data.set(arena.subarray(start, start + length), from);
    else for (let i = 0; i < length; i++) data[from + i] = arena[start + i]!;
  }
  return { offsets, data };
}

/** The least and the greatest text by their UTF-8 bytes. */
class ByteExtremes {
  #min: Uint8Array | undefined;
  #max: Uint8Array | undefined;

  take(bytes: Uint8Array, start: number, end: number): void {
    if (this.#min === undefined || compareBytes(bytes, start, end, this.#min) < 0) {
      this.#min = bytes.slice(start, end);
    }
    if (this.#max === undefined || compareBytes(bytes, start, end, this.#max) > 0) {
      this.#max = bytes.slice(start, end);
    }
  }

  get state(): ExtremesState {
    return { min: this.#min, max: this.#max };
  }

  set state({ min, max }: ExtremesState) {
    this.#min = min;
    this.#max = max;
  }

  get min(): string | null {
    return this.#min === undefined ? null : UTF8.decode(this.#min);
  }

  get max(): string | null {
    return this.#max === undefined ? null : UTF8.decode(this.#max);
  }
}

function compareBytes(bytes: Uint8Array, start: number, end: number, other: Uint8Array): number {
  const length = Math.min(end - start, other.length);
  for (let i = 0; i < length; i++) {
    const difference = bytes[start + i]! - other[i]!;
    if (difference !== 0) return difference;
  }
  return end - start - other.length;
}
