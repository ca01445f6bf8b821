import type { F64, I64, Kernels, U32 } from '../kernels/kernels.js';
import { doubleReader } from '../scan/double-at.js';
import type { Source } from '../scan/source.js';

/** Writes the values of rows of a batch that are not null: `rows[from + i]` to `out[i]`. */
export type GatherValues = (rows: U32, from: number, count: number, out: F64 | I64) => void;

/** Makes a batch ready to be read here and there: as the doubles of `Block.f64`, `scale` being that of a decimal, else 0. */
export function openDoubles(source: Source, scale: number, kernels: Kernels): GatherValues {
  const { numbers, bigints, batch } = source;
  if (numbers !== undefined && scale === 0) return (...asked) => gatherNumbers(numbers, ...asked);
  if (bigints !== undefined && scale === 0 && batch.storage !== 'decimal128') {
    const words = wordsOf(bigints);
    return (rows, from, count, out) => {
      const raw = new Constructors[batch.storage as 'int64'](out.buffer, out.byteOffset, count);
      gatherWords(words, rows, from, count, wordsOf(raw));
      kernels.doublesOfBigints(raw, 0, count, out as F64);
    };
  }
  const read = doubleReader(source, scale);
  return (rows, from, count, out) => {
    for (let i = 0; i < count; i++) out[i] = read(rows[from + i]!);
  };
}

/** The same as exact integers of up to 64 bits. */
export function openIntegers({ numbers, bigints, batch }: Source): GatherValues {
  if (bigints !== undefined) {
    const words = wordsOf(bigints);
    return (rows, from, count, out) => gatherWords(words, rows, from, count, wordsOf(out));
  }
  if (numbers === undefined) throw new Error(`Values stored as ${batch.storage} are no integers.`);
  return (rows, from, count, out) => {
    const words = wordsOf(out);
    for (let i = 0; i < count; i++) {
      const value = numbers[rows[from + i]!]!;
      words[2 * i] = value;
      words[2 * i + 1] = value < 0 ? -1 : 0;
    }
  };
}

const Constructors = { int64: BigInt64Array, uint64: BigUint64Array } as const;

/** The halves of values of 64 bits: to copy a double may change the bits of a NaN, and a bigint is an object. */
function wordsOf({ buffer, byteOffset, length }: BigInt64Array | BigUint64Array | F64): Int32Array {
  return new Int32Array(buffer, byteOffset, length * 2);
}

function gatherWords(
  words: Int32Array,
  rows: U32,
  from: number,
  count: number,
  out: Int32Array,
): void {
  for (let i = 0; i < count; i++) {
    const row = rows[from + i]!;
    out[2 * i] = words[2 * row]!;
    out[2 * i + 1] = words[2 * row + 1]!;
  }
}

// A loop for each of the widths that matter, as a compiler makes the best of a loop that sees one kind of array.
function gatherNumbers(
  numbers: NonNullable<Source['numbers']>,
  rows: U32,
  from: number,
  count: number,
  out: F64 | I64,
): void {
  if (numbers instanceof Float64Array) {
    for (let i = 0; i < count; i++) out[i] = numbers[rows[from + i]!]!;
  } else if (numbers instanceof Float32Array) {
    for (let i = 0; i < count; i++) out[i] = numbers[rows[from + i]!]!;
  } else if (numbers instanceof Int32Array) {
    for (let i = 0; i < count; i++) out[i] = numbers[rows[from + i]!]!;
  } else if (numbers instanceof Int16Array) {
    for (let i = 0; i < count; i++) out[i] = numbers[rows[from + i]!]!;
  } else {
    for (let i = 0; i < count; i++) out[i] = numbers[rows[from + i]!]!;
  }
}
