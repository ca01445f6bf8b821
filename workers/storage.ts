import type { TimeUnit } from '../protocol/column.js';

/**
 * How the values of one column lie in one batch: Arrow's own layouts, as narrow as the values allow.
 * Width is a matter of the segment; what the values mean is the column's `Logical` type.
 */
export const STORAGES = [
  'null',
  'bool',
  'int8',
  'int16',
  'int32',
  'int64',
  'uint8',
  'uint16',
  'uint32',
  'uint64',
  'float32',
  'float64',
  'decimal128',
  'utf8',
  'binary',
  'dict8',
  'dict16',
  'dict32',
] as const;
export type Storage = (typeof STORAGES)[number];

/** Bytes of one value in the data buffer; 0 where values have no fixed number of whole bytes. */
export const STORAGE_BYTES: Readonly<Record<Storage, number>> = {
  null: 0,
  bool: 0,
  int8: 1,
  int16: 2,
  int32: 4,
  int64: 8,
  uint8: 1,
  uint16: 2,
  uint32: 4,
  uint64: 8,
  float32: 4,
  float64: 8,
  decimal128: 16,
  utf8: 0,
  binary: 0,
  dict8: 1,
  dict16: 2,
  dict32: 4,
};

/**
 * What the values of a column mean, the same in every segment of a snapshot.
 * `integer` and `decimal` hold whole numbers; a decimal's are multiplied by 10^scale. HUGEINT is an integer of
 * 128 bits. `time` counts its unit since 1970-01-01T00:00:00, in UTC where `zoned`. `clock` counts since midnight.
 * ENUM, UUID, INTERVAL and nested types are `text`.
 */
export type Logical =
  | { kind: 'boolean' }
  | { kind: 'integer'; bits: 8 | 16 | 32 | 64 | 128; signed: boolean }
  | { kind: 'float'; bits: 32 | 64 }
  | { kind: 'decimal'; precision: number; scale: number }
  | { kind: 'time'; unit: TimeUnit; zoned: boolean }
  | { kind: 'clock'; unit: 's' | 'ms' | 'us' | 'ns' }
  | { kind: 'text' }
  | { kind: 'binary' };
