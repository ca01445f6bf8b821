import type { ArrowType, Field } from '../../workers/arrow/types.js';
import type { Logical, Storage } from '../../workers/storage.js';

/** The key under which a field's metadata keeps the declared type: its integers may be narrower, or scaled. */
export const TYPE_KEY = 'halftone.type';

/** A column as a segment's schema names it. */
export interface FieldColumn {
  name: string;
  /** DuckDB's name of the declared type. */
  type: string;
  logical: Logical;
}

/**
 * The Arrow field of a column as it is stored. Times stored in their full width are Arrow times; everything that was
 * narrowed or scaled is a plain integer, and says its declared type in its metadata. `id` is the column's position,
 * and names its dictionary.
 */
export function fieldOf({ name, type, logical }: FieldColumn, storage: Storage, id: number): Field {
  const metadata = { [TYPE_KEY]: type };
  switch (storage) {
    case 'dict8':
    case 'dict16':
    case 'dict32': {
      const bits = Number(storage.slice(4)) as 8 | 16 | 32;
      return { name, type: { type: 'utf8' }, dictionary: { id, bits }, metadata };
    }
    case 'null':
    case 'bool':
    case 'utf8':
    case 'binary':
      return { name, type: { type: storage }, metadata };
    case 'float32':
    case 'float64':
      return { name, type: { type: 'float', bits: storage === 'float32' ? 32 : 64 }, metadata };
    case 'decimal128': {
      const scale = logical.kind === 'decimal' ? logical.scale : 0;
      return { name, type: { type: 'decimal', precision: 38, scale }, metadata };
    }
    default:
      return { name, type: timeType(logical, storage) ?? integerType(storage), metadata };
  }
}

function timeType(logical: Logical, storage: Storage): ArrowType | undefined {
  if (logical.kind === 'time') {
    if (logical.unit === 'day') return storage === 'int32' ? { type: 'date' } : undefined;
    if (storage !== 'int64') return undefined;
    const { unit, zoned } = logical;
    return { type: 'timestamp', unit, ...(zoned ? { timeZone: 'UTC' } : {}) };
  }
  if (logical.kind === 'clock') {
    const full = logical.unit === 's' || logical.unit === 'ms' ? 'int32' : 'int64';
    return storage === full ? { type: 'time', unit: logical.unit } : undefined;
  }
  return undefined;
}

function integerType(storage: Storage): ArrowType {
  const match = /^(u?)int(8|16|32|64)$/.exec(storage);
  if (!match) throw new Error(`Expected an integer storage, got "${storage}".`);
  return { type: 'int', bits: Number(match[2]) as 8 | 16 | 32 | 64, signed: match[1] === '' };
}
