import { DataType, type Vector } from 'apache-arrow';
import type { JsonValue } from '../../protocol/column.js';
import { jsonValue } from '../json-value.js';
import type { Logical } from '../storage.js';
import { createTimeWriter } from './time-writer.js';

const UNITS = ['s', 'ms', 'us', 'ns'] as const;

/** Gives the value of a row as JSON has it, exactly; null where it is absent. */
export type ColumnReader = (row: number) => JsonValue;

/** Reads one column of a record batch. Values are taken as they are stored, never by way of a date or a double. */
export function createColumnReader(vector: Vector): ColumnReader {
  const logical = logicalOf(vector.type);
  if (logical === undefined) return (row) => otherValue(vector.get(row));
  const [data] = vector.data;
  if (data === undefined) return () => null;
  const { values } = data as { values: ArrayLike<number | bigint> };
  const read =
    logical.kind === 'decimal'
      ? (row: number) => decimalAt(values as Uint32Array, row)
      : (row: number) => values[row]!;
  const time = logical.kind === 'time' ? createTimeWriter(logical) : undefined;
  const write =
    time === undefined
      ? (row: number) => jsonValue(logical, read(row))
      : (row: number) => time(BigInt(read(row)));
  if (data.nullCount === 0) return write;
  return (row) => (data.getValid(row) ? write(row) : null);
}

/** What the stored numbers of a type mean; undefined for text, bytes, booleans and dictionaries. */
export function logicalOf(type: DataType): Logical | undefined {
  if (DataType.isInt(type)) {
    return { kind: 'integer', bits: type.bitWidth, signed: type.isSigned };
  }
  if (DataType.isFloat(type)) return { kind: 'float', bits: type.precision === 1 ? 32 : 64 };
  if (DataType.isDecimal(type)) {
    return { kind: 'decimal', precision: type.precision, scale: type.scale };
  }
  if (DataType.isDate(type)) return { kind: 'time', unit: 'day', zoned: false };
  if (DataType.isTimestamp(type)) {
    const zoned = typeof type.timezone === 'string' && type.timezone !== '';
    return { kind: 'time', unit: UNITS[type.unit], zoned };
  }
  if (DataType.isTime(type)) return { kind: 'clock', unit: UNITS[type.unit] };
  return undefined;
}

function otherValue(value: unknown): JsonValue {
  if (value === null || value === undefined) return null;
  if (value instanceof Uint8Array) {
    return Buffer.from(value.buffer, value.byteOffset, value.byteLength).toString('base64');
  }
  if (typeof value === 'boolean' || typeof value === 'string') return value;
  throw new Error(`Expected a text, bytes or a boolean, read ${typeof value}.`);
}

/** 128 bits, least significant word first, in two's complement. */
function decimalAt(words: Uint32Array, row: number): bigint {
  let value = 0n;
  for (let i = 3; i >= 0; i--) value = (value << 32n) | BigInt(words[row * 4 + i]!);
  return BigInt.asIntN(128, value);
}
