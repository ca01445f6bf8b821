/** The Arrow types of columns in frames and exports. */
export type ArrowType =
  | { type: 'null' }
  | { type: 'bool' }
  | { type: 'int'; bits: 8 | 16 | 32 | 64; signed: boolean }
  | { type: 'float'; bits: 32 | 64 }
  | { type: 'decimal'; precision: number; scale: number }
  | { type: 'utf8' }
  | { type: 'binary' }
  | { type: 'date' }
  | { type: 'time'; unit: ArrowUnit }
  | { type: 'timestamp'; unit: ArrowUnit; timeZone?: string };

/** Units of times; dates count days. */
export type ArrowUnit = 's' | 'ms' | 'us' | 'ns';

/** The ids of the union `Type` in Arrow's Schema.fbs. */
export const ARROW_TYPE_ID = {
  null: 1,
  int: 2,
  float: 3,
  binary: 4,
  utf8: 5,
  bool: 6,
  decimal: 7,
  date: 8,
  time: 9,
  timestamp: 10,
} as const;

/** Arrow's numbers of units are the places in this list. */
export const ARROW_UNITS = ['s', 'ms', 'us', 'ns'] as const;
