import type { ArrowType } from '../../../protocol/arrow-type.js';
import { utf8 } from './utf8.js';

/** The numbers of a column as they lie in the frame; 64-bit integers and times as big integers. */
export type Numbers =
  | Int8Array
  | Int16Array
  | Int32Array
  | Uint8Array
  | Uint16Array
  | Uint32Array
  | Float32Array
  | Float64Array
  | BigInt64Array
  | BigUint64Array;

/** A column as it came: all arrays are views of the bytes received. */
export interface Column {
  name: string;
  /** With a dictionary, the type of its values. */
  type: ArrowType;
  length: number;
  nullCount: number;
  /** A bit a row, the lowest first, 1 where there is a value; null where all rows have one. */
  validity: Uint8Array | null;
  /** Numbers, days and times as stored, 0 at most nulls; bits of booleans; four words a decimal; bytes of texts; or codes. */
  values: Numbers;
  /** Where the bytes of each text begin, and where the last one ends. */
  offsets: Int32Array | null;
  /** What the codes stand for. */
  dictionary: Column | null;
}

/** True where the row has a value. */
export const isValid = ({ validity }: Column, row: number): boolean =>
  validity === null || ((validity[row >> 3]! >> (row & 7)) & 1) === 1;

/** A value as a program takes it: times and days as they are stored, decimals as exact text. */
export type Value = number | bigint | boolean | string | Uint8Array | null;

/** The value of a row; a fraction of a microsecond, so for few rows: loops take `values`. */
export function valueAt(column: Column, row: number): Value {
  const { type, values, dictionary } = column;
  if (row < 0 || row >= column.length || !isValid(column, row)) return null;
  if (dictionary !== null) return valueAt(dictionary, Number(values[row]!));
  switch (type.type) {
    case 'null':
      return null;
    case 'bool':
      return ((Number(values[row >> 3]!) >> (row & 7)) & 1) === 1;
    case 'utf8':
      return utf8.decode(bytesAt(column, row));
    case 'binary':
      return bytesAt(column, row);
    case 'decimal':
      return decimalText(values as Uint32Array, row, type.scale);
    default:
      return values[row]!;
  }
}

function bytesAt({ offsets, values }: Column, row: number): Uint8Array {
  return (values as Uint8Array).subarray(offsets![row], offsets![row + 1]);
}

/** A decimal of 128 bits, four little-endian words in two's complement, with its point. */
function decimalText(words: Uint32Array, row: number, scale: number): string {
  let value = 0n;
  for (let word = 3; word >= 0; word--) value = (value << 32n) | BigInt(words[row * 4 + word]!);
  value = BigInt.asIntN(128, value);
  const sign = value < 0n ? '-' : '';
  const digits = (value < 0n ? -value : value).toString().padStart(scale + 1, '0');
  return scale > 0 ? `${sign}${digits.slice(0, -scale)}.${digits.slice(-scale)}` : sign + digits;
}
