/** Types that can be said of a column, by every name they are written under. */
const TYPES: Readonly<Record<string, readonly string[]>> = {
  VARCHAR: ['text', 'varchar', 'string', 'char', 'bpchar'],
  BOOLEAN: ['boolean', 'bool', 'logical'],
  TINYINT: ['tinyint', 'int1'],
  SMALLINT: ['smallint', 'int2', 'int16', 'short'],
  INTEGER: ['integer', 'int', 'int4', 'int32', 'signed'],
  BIGINT: ['bigint', 'int8', 'int64', 'long'],
  HUGEINT: ['hugeint', 'int128'],
  UTINYINT: ['utinyint', 'uint8'],
  USMALLINT: ['usmallint', 'uint16'],
  UINTEGER: ['uinteger', 'uint32'],
  UBIGINT: ['ubigint', 'uint64'],
  FLOAT: ['float', 'real', 'float4', 'float32'],
  DOUBLE: ['double', 'float8', 'float64', 'number'],
  DATE: ['date'],
  TIME: ['time'],
  TIMESTAMP: ['timestamp', 'datetime'],
  TIMESTAMP_NS: ['timestamp_ns'],
  'TIMESTAMP WITH TIME ZONE': ['timestamptz', 'timestamp with time zone', 'instant'],
};
const NAMES = new Map(
  Object.entries(TYPES).flatMap(([type, names]) => names.map((name) => [name, type] as const)),
);
const DECIMAL = /^(?:decimal|numeric)\s*\(\s*(\d{1,2})\s*(?:,\s*(\d{1,2})\s*)?\)$/u;
const MAX_DIGITS = 38;

/** The names that a type can be said by; decimals have digits beside, as in decimal(10,2). */
export const COLUMN_TYPE_NAMES: readonly string[] = [...NAMES.keys(), 'decimal(18,3)'];

/** A type in DuckDB's own words; undefined for what is none. */
export function columnType(name: string): string | undefined {
  const plain = name.trim().toLowerCase().replaceAll(/\s+/gu, ' ');
  if (plain === 'decimal' || plain === 'numeric') return 'DECIMAL(18,3)';
  const [, digits, scale = '0'] = DECIMAL.exec(plain) ?? [];
  if (digits === undefined) return NAMES.get(plain);
  const fits =
    Number(digits) >= 1 && Number(digits) <= MAX_DIGITS && Number(scale) <= Number(digits);
  return fits ? `DECIMAL(${Number(digits)},${Number(scale)})` : undefined;
}
