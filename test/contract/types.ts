import { tableSql, type Literal } from './halftone.js';

/** One column of a type: its values in SQL, what `rows` gives for them, and what JSON does. */
export interface TypeCase {
  type: string;
  values: readonly Literal[];
  /** As the Arrow reader shows them: 64-bit integers, decimals and times as bigint in their unit. */
  arrow: readonly unknown[];
  json: readonly unknown[];
  /** The Arrow type in short. */
  as: string;
}

/** Four rows of every type: an ordinary value, an extreme one, null, and another one. */
export const TYPES: Readonly<Record<string, TypeCase>> = {
  boolean: {
    type: 'BOOLEAN',
    values: [true, false, null, true],
    arrow: [true, false, null, true],
    json: [true, false, null, true],
    as: 'bool',
  },
  tiny: {
    type: 'TINYINT',
    values: [-128, 127, null, 0],
    arrow: [-128, 127, null, 0],
    json: [-128, 127, null, 0],
    as: 'int8',
  },
  small: {
    type: 'SMALLINT',
    values: [-32768, 32767, null, 0],
    arrow: [-32768, 32767, null, 0],
    json: [-32768, 32767, null, 0],
    as: 'int16',
  },
  integer: {
    type: 'INTEGER',
    values: [-2147483648, 2147483647, null, 5],
    arrow: [-2147483648, 2147483647, null, 5],
    json: [-2147483648, 2147483647, null, 5],
    as: 'int32',
  },
  big: {
    type: 'BIGINT',
    values: ['-9223372036854775808', '9223372036854775807', null, '9007199254740993'],
    arrow: [-9223372036854775808n, 9223372036854775807n, null, 9007199254740993n],
    json: ['-9223372036854775808', '9223372036854775807', null, '9007199254740993'],
    as: 'int64',
  },
  bigsmall: {
    type: 'BIGINT',
    values: [1, 2, null, 9007199254740991],
    arrow: [1n, 2n, null, 9007199254740991n],
    json: [1, 2, null, 9007199254740991],
    as: 'int64',
  },
  utiny: {
    type: 'UTINYINT',
    values: [0, 255, null, 7],
    arrow: [0, 255, null, 7],
    json: [0, 255, null, 7],
    as: 'uint8',
  },
  usmall: {
    type: 'USMALLINT',
    values: [0, 65535, null, 7],
    arrow: [0, 65535, null, 7],
    json: [0, 65535, null, 7],
    as: 'uint16',
  },
  uinteger: {
    type: 'UINTEGER',
    values: [0, 4294967295, null, 7],
    arrow: [0, 4294967295, null, 7],
    json: [0, 4294967295, null, 7],
    as: 'uint32',
  },
  ubig: {
    type: 'UBIGINT',
    values: [0, '18446744073709551615', null, '9007199254740993'],
    arrow: [0n, 18446744073709551615n, null, 9007199254740993n],
    json: [0, '18446744073709551615', null, '9007199254740993'],
    as: 'uint64',
  },
  huge: {
    type: 'HUGEINT',
    values: [
      '-170141183460469231731687303715884105728',
      '170141183460469231731687303715884105727',
      null,
      3,
    ],
    arrow: [
      '-170141183460469231731687303715884105728',
      '170141183460469231731687303715884105727',
      null,
      '3',
    ],
    json: [
      '-170141183460469231731687303715884105728',
      '170141183460469231731687303715884105727',
      null,
      '3',
    ],
    as: 'utf8',
  },
  hugesmall: {
    type: 'HUGEINT',
    values: [1, 2, null, 3],
    arrow: ['1', '2', null, '3'],
    json: ['1', '2', null, '3'],
    as: 'utf8',
  },
  float: {
    type: 'FLOAT',
    values: [0.1, 'Infinity', null, 'NaN'],
    arrow: [Math.fround(0.1), Infinity, null, NaN],
    json: [Math.fround(0.1), 'Infinity', null, 'NaN'],
    as: 'float32',
  },
  double: {
    type: 'DOUBLE',
    values: [0.1, '-Infinity', null, 1e300],
    arrow: [0.1, -Infinity, null, 1e300],
    json: [0.1, '-Infinity', null, 1e300],
    as: 'float64',
  },
  doublenarrow: {
    type: 'DOUBLE',
    values: [0.5, 2, null, 'NaN'],
    arrow: [0.5, 2, null, NaN],
    json: [0.5, 2, null, 'NaN'],
    as: 'float64',
  },
  decimal: {
    type: 'DECIMAL(9,2)',
    values: ['-12.30', '0.05', null, '9999999.99'],
    arrow: [-1230n, 5n, null, 999999999n],
    json: ['-12.30', '0.05', null, '9999999.99'],
    as: 'decimal(9,2)',
  },
  decimalwide: {
    type: 'DECIMAL(38,10)',
    values: ['-1234567890123456789012345678.0123456789', '0.0000000001', null, '1'],
    arrow: [-12345678901234567890123456780123456789n, 1n, null, 10000000000n],
    json: ['-1234567890123456789012345678.0123456789', '0.0000000001', null, '1.0000000000'],
    as: 'decimal(38,10)',
  },
  date: {
    type: 'DATE',
    values: ['2001-02-03', '1969-12-31', null, '9999-12-31'],
    arrow: [11356n, -1n, null, 2932896n],
    json: ['2001-02-03', '1969-12-31', null, '9999-12-31'],
    as: 'date32',
  },
  time: {
    type: 'TIME',
    values: ['10:20:30.123456', '23:59:59.999999', null, '00:00:00'],
    arrow: [37230123456n, 86399999999n, null, 0n],
    json: ['10:20:30.123456', '23:59:59.999999', null, '00:00:00.000000'],
    as: 'time64us',
  },
  seconds: {
    type: 'TIMESTAMP_S',
    values: ['2001-02-03 04:05:06', '1969-12-31 23:59:59', null, '2001-01-01 00:00:00'],
    arrow: [981173106n, -1n, null, 978307200n],
    json: ['2001-02-03T04:05:06', '1969-12-31T23:59:59', null, '2001-01-01T00:00:00'],
    as: 'timestamp s',
  },
  millis: {
    type: 'TIMESTAMP_MS',
    values: ['2001-02-03 04:05:06.007', '1969-12-31 23:59:59.999', null, '2001-01-01 00:00:00'],
    arrow: [981173106007n, -1n, null, 978307200000n],
    json: ['2001-02-03T04:05:06.007', '1969-12-31T23:59:59.999', null, '2001-01-01T00:00:00.000'],
    as: 'timestamp ms',
  },
  micros: {
    type: 'TIMESTAMP',
    values: [
      '2001-02-03 04:05:06.007008',
      '1969-12-31 23:59:59.999999',
      null,
      '2001-01-01 00:00:00',
    ],
    arrow: [981173106007008n, -1n, null, 978307200000000n],
    json: [
      '2001-02-03T04:05:06.007008',
      '1969-12-31T23:59:59.999999',
      null,
      '2001-01-01T00:00:00.000000',
    ],
    as: 'timestamp us',
  },
  nanos: {
    type: 'TIMESTAMP_NS',
    values: [
      '2001-02-03 04:05:06.007008009',
      '1969-12-31 23:59:59.999999999',
      null,
      '2001-01-01 00:00:00',
    ],
    arrow: [981173106007008009n, -1n, null, 978307200000000000n],
    json: [
      '2001-02-03T04:05:06.007008009',
      '1969-12-31T23:59:59.999999999',
      null,
      '2001-01-01T00:00:00.000000000',
    ],
    as: 'timestamp ns',
  },
  zoned: {
    type: 'TIMESTAMPTZ',
    values: [
      '2001-02-03 04:05:06.007008+02',
      '1970-01-01 00:00:00+00',
      null,
      '2001-01-01 00:00:00-05',
    ],
    arrow: [981165906007008n, 0n, null, 978325200000000n],
    json: [
      '2001-02-03T02:05:06.007008Z',
      '1970-01-01T00:00:00.000000Z',
      null,
      '2001-01-01T05:00:00.000000Z',
    ],
    as: 'timestamp us UTC',
  },
  interval: {
    type: 'INTERVAL',
    values: ['1 year 2 days 3 seconds', '0 seconds', null, '-1 month'],
    arrow: ['1 year 2 days 00:00:03', '00:00:00', null, '-1 month'],
    json: ['1 year 2 days 00:00:03', '00:00:00', null, '-1 month'],
    as: 'utf8',
  },
  uuid: {
    type: 'UUID',
    values: [
      'a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11',
      '00000000-0000-0000-0000-000000000000',
      null,
      'ffffffff-ffff-ffff-ffff-ffffffffffff',
    ],
    arrow: [
      'a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11',
      '00000000-0000-0000-0000-000000000000',
      null,
      'ffffffff-ffff-ffff-ffff-ffffffffffff',
    ],
    json: [
      'a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11',
      '00000000-0000-0000-0000-000000000000',
      null,
      'ffffffff-ffff-ffff-ffff-ffffffffffff',
    ],
    as: 'utf8',
  },
  enum: {
    type: "ENUM('z', 'a', 'm')",
    values: ['z', 'a', null, 'm'],
    arrow: ['z', 'a', null, 'm'],
    json: ['z', 'a', null, 'm'],
    as: 'utf8',
  },
  text: {
    type: 'VARCHAR',
    values: ['', 'Zürich 👩‍🚀', null, 'null'],
    arrow: ['', 'Zürich 👩‍🚀', null, 'null'],
    json: ['', 'Zürich 👩‍🚀', null, 'null'],
    as: 'utf8',
  },
  blob: {
    type: 'BLOB',
    values: ['abc', '\\x00\\xFF', null, ''],
    arrow: [Uint8Array.of(97, 98, 99), Uint8Array.of(0, 255), null, Uint8Array.of()],
    json: ['YWJj', 'AP8=', null, ''],
    as: 'binary',
  },
  nothing: {
    type: 'INTEGER',
    values: [null, null, null, null],
    arrow: [null, null, null, null],
    json: [null, null, null, null],
    as: 'int32',
  },
  list: {
    type: 'INTEGER[]',
    values: ['[1, 2]', '[]', null, '[NULL]'],
    arrow: ['[1, 2]', '[]', null, '[NULL]'],
    json: ['[1, 2]', '[]', null, '[NULL]'],
    as: 'utf8',
  },
  struct: {
    type: 'STRUCT(a INTEGER, b VARCHAR)',
    values: ["{'a': 1, 'b': x}", "{'a': NULL, 'b': y}", null, "{'a': 2, 'b': NULL}"],
    arrow: ["{'a': 1, 'b': x}", "{'a': NULL, 'b': y}", null, "{'a': 2, 'b': NULL}"],
    json: ["{'a': 1, 'b': x}", "{'a': NULL, 'b': y}", null, "{'a': 2, 'b': NULL}"],
    as: 'utf8',
  },
  map: {
    type: 'MAP(VARCHAR, INTEGER)',
    values: ['{a=1}', '{}', null, '{b=NULL}'],
    arrow: ['{a=1}', '{}', null, '{b=NULL}'],
    json: ['{a=1}', '{}', null, '{b=NULL}'],
    as: 'utf8',
  },
};

/** All of them side by side. */
export const TYPES_SQL = tableSql(
  Object.fromEntries(
    Object.entries(TYPES).map(([name, { type, values }]) => [name, [type, values]]),
  ),
);
