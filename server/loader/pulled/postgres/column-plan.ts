import type { FieldDef } from 'pg';
import { uniqueNames } from '../../names.js';
import { loadedType, type LoadedType } from '../../types.js';

/** How the binary form of a value is read. */
export const FORM = {
  /** One byte. */
  byte: 0,
  /** Two, four, eight bytes, most significant first: integers, and floating numbers alike. */
  two: 1,
  four: 2,
  eight: 3,
  /** Four bytes: days since 2000. */
  date: 4,
  /** Eight bytes: microseconds since 2000. */
  instant: 5,
  /** The bytes as they are. */
  bytes: 6,
  /** Text after one byte of version. */
  jsonb: 7,
  /** Text with blanks at its end that do not count. */
  padded: 8,
  /** 16 bytes. */
  uuid: 9,
  /** Digits to the base of 10,000. */
  numeric: 10,
} as const;
export type Form = (typeof FORM)[keyof typeof FORM];

/** What becomes of a column of a query. */
export interface PlannedColumn {
  /** In the snapshot. */
  name: string;
  /** In DuckDB's words. */
  type: string;
  load: LoadedType;
  form: Form;
  /** Cast to text by the database: it has no column type of its own here. */
  asText: boolean;
  /** A number of unknown digits: its type follows from its values. */
  isOpen: boolean;
}

/** The types of PostgreSQL that have one of ours, by their fixed numbers in pg_type. */
const TYPES: Readonly<Record<number, readonly [type: string, form: Form]>> = {
  16: ['BOOLEAN', FORM.byte],
  17: ['BLOB', FORM.bytes],
  19: ['VARCHAR', FORM.bytes],
  20: ['BIGINT', FORM.eight],
  21: ['SMALLINT', FORM.two],
  23: ['INTEGER', FORM.four],
  25: ['VARCHAR', FORM.bytes],
  26: ['UINTEGER', FORM.four],
  114: ['JSON', FORM.bytes],
  700: ['FLOAT', FORM.four],
  701: ['DOUBLE', FORM.eight],
  1042: ['VARCHAR', FORM.padded],
  1043: ['VARCHAR', FORM.bytes],
  1082: ['DATE', FORM.date],
  1083: ['TIME', FORM.eight],
  1114: ['TIMESTAMP', FORM.instant],
  1184: ['TIMESTAMP WITH TIME ZONE', FORM.instant],
  2950: ['UUID', FORM.uuid],
  3802: ['JSON', FORM.jsonb],
};
const NUMERIC = 1700;
const INTERVAL = 1186;
/** A type modifier of `numeric` is its precision and scale, and these 4 bytes of a header that no value has any more. */
const MODIFIER_HEADER = 4;

/** The digits that a number of unknown scale has needed so far: before the point, and after it. */
export interface Digits {
  whole: number;
  scale: number;
}

/** Whole numbers of so many digits fit 64 and 128 bits; more have no column type. */
const NARROW_DIGITS = 18;
const WIDE_DIGITS = 38;

/**
 * What becomes of the columns of a query. `enums` are the numbers of enumerations among their types; `digits` is what numbers of
 * unknown scale need, by position.
 */
export function planColumns(
  fields: readonly Pick<FieldDef, 'name' | 'dataTypeID' | 'dataTypeModifier'>[],
  enums: ReadonlySet<number>,
  digits: readonly (Digits | undefined)[] = [],
): PlannedColumn[] {
  const names = uniqueNames(fields.map(({ name }) => name));
  return fields.map(({ dataTypeID, dataTypeModifier }, i) => {
    const name = names[i]!;
    if (dataTypeID === NUMERIC) return planNumeric(name, dataTypeModifier, digits[i]);
    const known = TYPES[dataTypeID];
    if (known !== undefined) return planned(name, ...known);
    if (enums.has(dataTypeID)) return planned(name, 'ENUM', FORM.bytes);
    const type = dataTypeID === INTERVAL ? 'INTERVAL' : 'VARCHAR';
    return { ...planned(name, type, FORM.bytes), asText: true };
  });
}

function planned(name: string, type: string, form: Form): PlannedColumn {
  return { name, type, form, load: loadedType(type), asText: false, isOpen: false };
}

function planNumeric(name: string, modifier: number, digits: Digits | undefined): PlannedColumn {
  const declared = modifier - MODIFIER_HEADER;
  const precision = declared >>> 16;
  // Eleven bits with a sign.
  const scale = ((declared & 0x7ff) ^ 1024) - 1024;
  if (modifier >= MODIFIER_HEADER && precision <= WIDE_DIGITS && scale >= 0 && scale <= precision) {
    return planned(name, `DECIMAL(${precision},${scale})`, FORM.numeric);
  }
  const { whole, scale: needed } = digits ?? { whole: 0, scale: 0 };
  if (whole + needed > WIDE_DIGITS) {
    return { ...planned(name, 'VARCHAR', FORM.bytes), asText: true };
  }
  const width = whole + needed <= NARROW_DIGITS ? NARROW_DIGITS : WIDE_DIGITS;
  return { ...planned(name, `DECIMAL(${width},${needed})`, FORM.numeric), isOpen: true };
}

/** The SELECT that gives the planned columns; the query itself where it does already. */
export function selectOf(query: string, columns: readonly PlannedColumn[]): string {
  if (!columns.some(({ asText }) => asText)) return query;
  const names = columns.map((_, i) => `c${i}`);
  const selected = columns.map(({ asText }, i) => (asText ? `${names[i]}::text` : names[i]));
  return `SELECT ${selected.join(', ')} FROM (${query}\n) AS source(${names.join(', ')})`;
}
