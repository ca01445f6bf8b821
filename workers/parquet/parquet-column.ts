import { DataType, type Field, type Vector } from 'apache-arrow';
import type { SchemaElement } from 'hyparquet';

/** A value as `hyparquet-writer` takes it. */
export type ParquetValue = number | bigint | boolean | string | Uint8Array | null;

/** How a column stands in a Parquet file: its schema, and its values as the file's own physical type has them. */
export interface ParquetColumn {
  element: SchemaElement;
  /** The value of a row; null where it is absent. */
  read: (row: number) => ParquetValue;
}

const UNITS = ['MILLIS', 'MILLIS', 'MICROS', 'NANOS'] as const;

/**
 * The Parquet column of an Arrow column, of the same type wherever Parquet has it: times of whole seconds become
 * milliseconds, because it has none. Values are taken as they are stored, never by way of a date or a double.
 */
export function parquetColumn({ name, type }: Field, vector: Vector): ParquetColumn {
  const { values } = (vector.data[0] ?? {}) as { values?: ArrayLike<number | bigint> };
  const made = (
    element: Omit<SchemaElement, 'name' | 'repetition_type'>,
    read: (row: number) => ParquetValue = (row) => values![row]!,
  ): ParquetColumn => ({
    element: { ...element, name, repetition_type: 'OPTIONAL' },
    read: vector.nullCount === 0 ? read : (row) => (vector.isValid(row) ? read(row) : null),
  });
  const get = (row: number): ParquetValue => vector.get(row) as ParquetValue;

  if (DataType.isInt(type)) {
    const { bitWidth, isSigned } = type;
    return made({
      type: bitWidth === 64 ? 'INT64' : 'INT32',
      // Of the two ways to say it the older: the writer gives the newer one's width too many bytes.
      converted_type: `${isSigned ? 'INT' : 'UINT'}_${bitWidth}`,
    });
  }
  if (DataType.isFloat(type)) return made({ type: type.precision === 1 ? 'FLOAT' : 'DOUBLE' });
  if (DataType.isBool(type)) return made({ type: 'BOOLEAN' }, get);
  if (DataType.isDecimal(type)) {
    const { precision, scale } = type;
    const physical =
      precision <= 9
        ? ({ type: 'INT32' } as const)
        : precision <= 18
          ? ({ type: 'INT64' } as const)
          : ({ type: 'FIXED_LEN_BYTE_ARRAY', type_length: 16 } as const);
    const words = values as Uint32Array | undefined;
    return made({ ...physical, converted_type: 'DECIMAL', precision, scale }, (row) =>
      wordsToInteger(words!, row),
    );
  }
  if (DataType.isDate(type)) return made({ type: 'INT32', converted_type: 'DATE' });
  if (DataType.isTimestamp(type)) {
    const isAdjustedToUTC = typeof type.timezone === 'string' && type.timezone !== '';
    const logical = { type: 'TIMESTAMP', isAdjustedToUTC, unit: UNITS[type.unit] } as const;
    const read = (row: number) => (values as BigInt64Array)[row]!;
    return made(
      { type: 'INT64', logical_type: logical },
      type.unit === 0 ? (row) => read(row) * 1000n : read,
    );
  }
  if (DataType.isTime(type)) {
    const logical = { type: 'TIME', isAdjustedToUTC: false, unit: UNITS[type.unit] } as const;
    return made(
      { type: type.bitWidth === 32 ? 'INT32' : 'INT64', logical_type: logical },
      type.unit === 0 ? (row) => (values as Int32Array)[row]! * 1000 : undefined,
    );
  }
  if (DataType.isBinary(type)) return made({ type: 'BYTE_ARRAY' }, get);
  return made({ type: 'BYTE_ARRAY', converted_type: 'UTF8' }, get);
}

/** 128 bits, least significant word first, in two's complement. */
function wordsToInteger(words: Uint32Array, row: number): bigint {
  let value = 0n;
  for (let i = 3; i >= 0; i--) value = (value << 32n) | BigInt(words[row * 4 + i]!);
  return BigInt.asIntN(128, value);
}
