import type { TimeUnit } from '../../protocol/column.js';
import type { Logical } from '../../workers/storage.js';

/** How DuckDB lays out one value of a flat vector. `string` is its 16-byte string view, for bytes too. */
export type Lane =
  | 'bool'
  | 'int8'
  | 'int16'
  | 'int32'
  | 'int64'
  | 'int128'
  | 'uint8'
  | 'uint16'
  | 'uint32'
  | 'uint64'
  | 'float32'
  | 'float64'
  | 'string';

/** Bytes of one value in a vector. */
export const LANE_BYTES: Readonly<Record<Lane, number>> = {
  bool: 1,
  int8: 1,
  int16: 2,
  int32: 4,
  int64: 8,
  int128: 16,
  uint8: 1,
  uint16: 2,
  uint32: 4,
  uint64: 8,
  float32: 4,
  float64: 8,
  string: 16,
};

/** What the loader does with a column of one DuckDB type. */
export interface LoadedType {
  logical: Logical;
  /** How the pulled vector is read, after `cast`. */
  lane: Lane;
  /** The type the column is cast to in SQL before it is pulled; absent where it is pulled as it is. */
  cast?: string;
}

/** One row of the table of types: what the reference page says, and what the loader does. */
export interface TypeRule {
  /** DuckDB's name; of a parameterised type what stands before the parenthesis. */
  name: string;
  load: LoadedType | ((declared: string) => LoadedType);
  kept: string;
  shown: string;
  filtered: string;
}

const NARROW = 'the narrowest integer that holds the values';
const NUMBER = 'range, in, null, polygon';
const TEXT = 'in, contains, null';

const integer = (bits: 8 | 16 | 32 | 64, signed: boolean): TypeRule['load'] => ({
  logical: { kind: 'integer', bits, signed },
  lane: `${signed ? '' : 'u'}int${bits}`,
});
const time = (unit: TimeUnit, zoned: boolean): TypeRule['load'] => ({
  logical: { kind: 'time', unit, zoned },
  lane: unit === 'day' ? 'int32' : 'int64',
});
const clock = (unit: 'us' | 'ns'): TypeRule['load'] => ({
  logical: { kind: 'clock', unit },
  lane: 'int64',
});
const asText: LoadedType = { logical: { kind: 'text' }, lane: 'string', cast: 'VARCHAR' };

function decimal(declared: string): LoadedType {
  const [precision = 18, scale = 3] = (/\((\d+),\s*(\d+)\)/.exec(declared) ?? [])
    .slice(1)
    .map(Number);
  // DuckDB keeps a decimal in the narrowest of four integers, by its precision.
  const lane =
    precision <= 4 ? 'int16' : precision <= 9 ? 'int32' : precision <= 18 ? 'int64' : 'int128';
  return { logical: { kind: 'decimal', precision, scale }, lane };
}

const whole = (name: string, load: TypeRule['load'], shown = 'number'): TypeRule => ({
  name,
  load,
  kept: NARROW,
  shown,
  filtered: NUMBER,
});
const instant = (name: string, load: TypeRule['load'], kept: string): TypeRule => ({
  name,
  load,
  kept,
  shown: 'ISO 8601',
  filtered: NUMBER,
});
const texts = (name: string, shown: string): TypeRule => ({
  name,
  load: asText,
  kept: 'dictionary, or UTF-8 where nearly unique',
  shown,
  filtered: TEXT,
});

/** Every type that DuckDB can give, and what becomes of it. What is not listed is kept as readable text. */
export const TYPE_RULES: readonly TypeRule[] = [
  {
    name: 'BOOLEAN',
    load: { logical: { kind: 'boolean' }, lane: 'bool' },
    kept: 'bits',
    shown: 'true or false',
    filtered: 'in, null',
  },
  whole('TINYINT', integer(8, true)),
  whole('SMALLINT', integer(16, true)),
  whole('INTEGER', integer(32, true)),
  whole('BIGINT', integer(64, true), 'number; a string beyond 2^53'),
  whole('UTINYINT', integer(8, false)),
  whole('USMALLINT', integer(16, false)),
  whole('UINTEGER', integer(32, false)),
  whole('UBIGINT', integer(64, false), 'number; a string beyond 2^53'),
  {
    name: 'HUGEINT',
    load: { logical: { kind: 'integer', bits: 128, signed: true }, lane: 'int128' },
    kept: `${NARROW}, 128 bits where needed`,
    shown: 'string',
    filtered: NUMBER,
  },
  {
    // A UHUGEINT of 2^127 and more has no signed form: a column that holds one is loaded again as text.
    name: 'UHUGEINT',
    load: {
      logical: { kind: 'integer', bits: 128, signed: false },
      lane: 'int128',
      cast: 'HUGEINT',
    },
    kept: 'like HUGEINT; as text where a value reaches 2^127',
    shown: 'string',
    filtered: NUMBER,
  },
  {
    name: 'FLOAT',
    load: { logical: { kind: 'float', bits: 32 }, lane: 'float32' },
    kept: 'float32',
    shown: 'number, "NaN", "Infinity", "-Infinity"',
    filtered: NUMBER,
  },
  {
    name: 'DOUBLE',
    load: { logical: { kind: 'float', bits: 64 }, lane: 'float64' },
    kept: 'float64; float32 where every value survives',
    shown: 'number, "NaN", "Infinity", "-Infinity"',
    filtered: NUMBER,
  },
  {
    name: 'DECIMAL',
    load: decimal,
    kept: 'integer scaled by 10^scale, as narrow as the values',
    shown: 'string',
    filtered: NUMBER,
  },
  instant('DATE', time('day', false), 'int32 days since 1970; infinite dates become null'),
  instant('TIMESTAMP_S', time('s', false), 'int64 seconds; infinite times become null'),
  instant('TIMESTAMP_MS', time('ms', false), 'int64 milliseconds; infinite times become null'),
  instant('TIMESTAMP', time('us', false), 'int64 microseconds; infinite times become null'),
  instant('TIMESTAMP_NS', time('ns', false), 'int64 nanoseconds; infinite times become null'),
  instant(
    'TIMESTAMP WITH TIME ZONE',
    time('us', true),
    'int64 microseconds in UTC; infinite times become null',
  ),
  instant('TIME', clock('us'), 'int64 microseconds since midnight'),
  instant('TIME_NS', clock('ns'), 'int64 nanoseconds since midnight'),
  texts('TIME WITH TIME ZONE', 'text: 10:00:00+01'),
  texts('INTERVAL', 'text: 1 year 2 days 00:00:03'),
  texts('UUID', 'text'),
  texts('ENUM', 'text'),
  {
    ...texts('VARCHAR', 'text'),
    load: { logical: { kind: 'text' }, lane: 'string' },
  },
  texts('JSON', 'text as it was written'),
  texts('BIT', 'text of 0 and 1'),
  texts('BIGNUM', 'text of digits'),
  {
    name: 'BLOB',
    load: { logical: { kind: 'binary' }, lane: 'string' },
    kept: 'bytes',
    shown: 'base64',
    filtered: 'null',
  },
  texts('LIST', 'text: [1, 2]'),
  texts('ARRAY', 'text: [1, 2]'),
  texts('STRUCT', "text: {'a': 1}"),
  texts('MAP', 'text: {a=1}'),
  texts('UNION', 'text of the member'),
  texts('VARIANT', 'text'),
  texts('GEOMETRY', 'text: POINT (1 2)'),
];

const RULES = new Map(TYPE_RULES.map((rule) => [rule.name, rule]));

/** The rule for a type as DESCRIBE names it: `DECIMAL(10,2)`, `INTEGER[]`, `STRUCT(a INTEGER)`; undefined where unknown. */
export function typeRule(declared: string): TypeRule | undefined {
  const list = /\[(\d*)\]$/.exec(declared);
  if (list !== null) return RULES.get(list[1] === '' ? 'LIST' : 'ARRAY');
  return RULES.get(declared) ?? RULES.get(declared.replace(/\(.*$/s, ''));
}

/** How a column of the declared type is loaded. */
export function loadedType(declared: string): LoadedType {
  const { load } = typeRule(declared) ?? { load: asText };
  return typeof load === 'function' ? load(declared) : load;
}

/** As `loadedType`, for a column whose values turned out not to fit their type: readable text. */
export function loadedAsText(): LoadedType {
  return asText;
}
