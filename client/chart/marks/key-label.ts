import { DataType, type Vector } from 'apache-arrow';
import type { JsonValue } from '../../../protocol/column.js';

/** A key of a bar as people read it; what is missing has a name. */
export function keyLabel(keys: Vector, row: number): string {
  const value = keys.get(row) as string | number | bigint | boolean | Uint32Array | null;
  if (value === null) return '(null)';
  if (value === '') return '(empty)';
  if (value instanceof Uint32Array) {
    return DataType.isDecimal(keys.type) ? decimalText(value, keys.type.scale) : value.join(' ');
  }
  if (DataType.isTimestamp(keys.type) || DataType.isDate(keys.type)) {
    // Arrow gives every time in milliseconds.
    const iso = new Date(Number(value)).toISOString();
    return iso.replace(/T00:00:00\.000Z$/, '').replace(/\.000Z$/, '');
  }
  return String(value);
}

/** A key of a bar as a filter names it. */
export function keyValue(keys: Vector, row: number): JsonValue {
  const value = keys.get(row) as JsonValue | bigint | Uint32Array;
  if (typeof value === 'bigint')
    return Number.isSafeInteger(Number(value)) ? Number(value) : String(value);
  if (typeof value === 'number' && !Number.isFinite(value)) return String(value);
  const isTime = DataType.isTimestamp(keys.type) || DataType.isDate(keys.type);
  return value === null || typeof value === 'boolean' || (typeof value !== 'object' && !isTime)
    ? value
    : keyLabel(keys, row);
}

// Arrow gives decimals as four 32-bit words, the least first, in two's complement.
function decimalText(words: Uint32Array, scale: number): string {
  let number = 0n;
  for (let i = words.length - 1; i >= 0; i--) number = (number << 32n) | BigInt(words[i]!);
  number = BigInt.asIntN(128, number);
  if (scale <= 0) return String(number);
  const digits = String(number < 0n ? -number : number).padStart(scale + 1, '0');
  return `${number < 0n ? '-' : ''}${digits.slice(0, -scale)}.${digits.slice(-scale)}`;
}
