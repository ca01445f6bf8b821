/** The types a CSV column can be given, in DuckDB's words. */
export const CSV_TYPES = [
  'BOOLEAN',
  'BIGINT',
  'HUGEINT',
  'DOUBLE',
  'DATE',
  'TIME',
  'TIMESTAMP',
  'TIMESTAMP_NS',
  'TIMESTAMP WITH TIME ZONE',
  'VARCHAR',
] as const;
export type CsvType = (typeof CSV_TYPES)[number];

/** How the texts of one column become values. */
export interface ColumnRule {
  name: string;
  /** One of CSV_TYPES, or whatever type a person said. */
  type: string;
  /** The type was said, not guessed. */
  said: boolean;
  /** Numbers are written with this decimal sign. */
  decimal: '.' | ',';
  /** Numbers are grouped with this sign: `1.234,56`. */
  thousands?: string;
  /** `strptime` format of dates and times that are not ISO 8601. */
  format?: string;
  /** Texts that stand for null in this column, beside the empty field. */
  nulls: readonly string[];
  /** Those of them that a person said: they stand for null in text, too. */
  saidNulls: readonly string[];
  /** The longest text seen in the sample, in bytes. */
  longest: number;
}

/** Texts that stand for null in a column of numbers or times; in a text column they are texts. */
export const NULL_WORDS: readonly string[] = [
  'NA', 'N/A', 'n/a', 'na', 'NULL', 'null', 'Null', 'None', 'none', '-', '--', '?', '.', '#N/A', '\\N',
]; // prettier-ignore

const INTEGER = /^[+-]?\d+$/;
const PADDED = /^[+-]?0\d+$/;
const NUMBER = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d{1,4})?$/;
const NOT_FINITE = /^[+-]?(?:nan|inf|infinity)$/i;
const COMMA_NUMBER = /^[+-]?(?:\d+|\d{1,3}(?:\.\d{3})+)(?:,\d*)?(?:[eE][+-]?\d{1,4})?$/;
const GROUPED_BY_COMMA = /^[+-]?\d{1,3}(?:,\d{3})+(?:\.\d*)?$/;
const BOOLEAN = /^(?:true|false)$/i;
const ISO_DATE = /^\d{4}-\d{2}-\d{2}$/;
const ISO_TIME = /^\d{1,2}:\d{2}(?::\d{2}(?:\.\d{1,6})?)?$/;
const ISO_TIMESTAMP =
  /^\d{4}-\d{2}-\d{2}[ T]\d{2}:\d{2}(?::\d{2}(?:\.(\d{1,9}))?)?(Z|[+-]\d{2}(?::?\d{2})?)?$/;

/** Dates as people write them: a pattern of three numbers, and where day, month and year stand. */
const DATE_FORMATS = [
  { pattern: /^(\d{1,2})\/(\d{1,2})\/(\d{4})$/, month: 1, day: 2, format: '%m/%d/%Y' },
  { pattern: /^(\d{1,2})\/(\d{1,2})\/(\d{4})$/, month: 2, day: 1, format: '%d/%m/%Y' },
  { pattern: /^(\d{1,2})\.(\d{1,2})\.(\d{4})$/, month: 2, day: 1, format: '%d.%m.%Y' },
  { pattern: /^(\d{1,2})-(\d{1,2})-(\d{4})$/, month: 2, day: 1, format: '%d-%m-%Y' },
  { pattern: /^(\d{1,2})-(\d{1,2})-(\d{4})$/, month: 1, day: 2, format: '%m-%d-%Y' },
  { pattern: /^(\d{4})\/(\d{1,2})\/(\d{1,2})$/, month: 2, day: 3, format: '%Y/%m/%d' },
] as const;

const CLOCK_FORMATS = [
  { pattern: / \d{1,2}:\d{2}$/, format: ' %H:%M' },
  { pattern: / \d{1,2}:\d{2}:\d{2}$/, format: ' %H:%M:%S' },
  { pattern: / \d{1,2}:\d{2}:\d{2}\.\d{1,6}$/, format: ' %H:%M:%S.%f' },
  { pattern: / \d{1,2}:\d{2} [AaPp][Mm]$/, format: ' %I:%M %p' },
  { pattern: / \d{1,2}:\d{2}:\d{2} [AaPp][Mm]$/, format: ' %I:%M:%S %p' },
] as const;

/** What was guessed about a column, and what a person should know about it. */
export interface GuessedType {
  type: CsvType;
  decimal: '.' | ',';
  thousands?: string;
  format?: string;
  nulls: string[];
  /** The values read as numbers, but their leading zeros would be lost. */
  padded?: string;
  /** Day and month cannot be told apart by the values. */
  ambiguous?: string;
}

/**
 * The type of a column by the values of a sample, which holds no empty ones: one that fits them all, else one that
 * fits all but one in a thousand. It is a guess: every value of the file is held against it later.
 * A column without values is text.
 */
export function guessType(values: readonly string[], decimal: '.' | ','): GuessedType {
  const nulls = new Set<string>();
  const real = values.filter((value) => {
    if (!NULL_WORDS.includes(value)) return true;
    nulls.add(value);
    return false;
  });
  if (real.length === 0) return TEXT;
  const least = real.length - Math.floor(real.length / 1000);
  const guess = guessFitting(real, real.length, decimal) ?? guessFitting(real, least, decimal);
  return guess === null || guess.type === 'VARCHAR'
    ? (guess ?? TEXT)
    : { ...guess, nulls: [...nulls].sort() };
}

const PLAIN = { decimal: '.', nulls: [] } satisfies Partial<GuessedType>;
const TEXT: GuessedType = { type: 'VARCHAR', ...PLAIN };

/** The narrowest type that fits at least `least` of the values, or null. */
function guessFitting(
  values: readonly string[],
  least: number,
  decimal: '.' | ',',
): GuessedType | null {
  const fitting = (fits: (value: string) => boolean): string[] | null => {
    const kept = values.filter(fits);
    return kept.length >= least ? kept : null;
  };
  const integers = fitting((value) => INTEGER.test(value));
  if (integers) {
    const padded = values.find((value) => PADDED.test(value));
    if (padded !== undefined) return { ...TEXT, padded };
    return { type: integerType(integers), ...PLAIN };
  }
  if (fitting((value) => NUMBER.test(value) || NOT_FINITE.test(value))) {
    return values.some((value) => NUMBER.test(value)) ? { type: 'DOUBLE', ...PLAIN } : TEXT;
  }
  if (decimal === ',') {
    const numbers = fitting((value) => COMMA_NUMBER.test(value));
    const grouped = numbers?.some((value) => value.includes('.'));
    if (numbers)
      return { type: 'DOUBLE', decimal, nulls: [], ...(grouped ? { thousands: '.' } : {}) };
  } else if (fitting((value) => NUMBER.test(value) || GROUPED_BY_COMMA.test(value))) {
    return { type: 'DOUBLE', ...PLAIN, thousands: ',' };
  }
  if (fitting((value) => BOOLEAN.test(value))) return { type: 'BOOLEAN', ...PLAIN };
  if (fitting((value) => ISO_DATE.test(value) && isRealDate(value))) {
    return { type: 'DATE', ...PLAIN };
  }
  if (fitting((value) => ISO_TIME.test(value))) return { type: 'TIME', ...PLAIN };
  const stamps = fitting(
    (value) => (ISO_DATE.test(value) || ISO_TIMESTAMP.test(value)) && isRealDate(value),
  );
  if (stamps) return isoTimestamp(stamps);
  return writtenDate(fitting);
}

function integerType(values: readonly string[]): CsvType {
  let type: CsvType = 'BIGINT';
  for (const value of values) {
    if (value.length < 19) continue;
    const number = BigInt(value.startsWith('+') ? value.slice(1) : value);
    if (BigInt.asIntN(64, number) === number) continue;
    // More than 128 bits is an id, not a number.
    if (BigInt.asIntN(128, number) !== number) return 'VARCHAR';
    type = 'HUGEINT';
  }
  return type;
}

function isRealDate(text: string): boolean {
  const month = Number(text.slice(5, 7));
  const day = Number(text.slice(8, 10));
  return month >= 1 && month <= 12 && day >= 1 && day <= 31;
}

function isoTimestamp(values: readonly string[]): GuessedType | null {
  let digits = 0;
  let zones = 0;
  let utc = true;
  let years = true;
  for (const value of values) {
    const match = ISO_TIMESTAMP.exec(value);
    if (match?.[1] !== undefined) digits = Math.max(digits, match[1].length);
    if (match?.[2] !== undefined) {
      zones++;
      if (!/^(?:Z|[+-]00(?::?00)?)$/.test(match[2])) utc = false;
    }
    const year = Number(value.slice(0, 4));
    if (year < 1678 || year > 2261) years = false;
  }
  if (zones > 0 && zones < values.length) return null;
  if (digits <= 6) {
    return { type: zones > 0 ? 'TIMESTAMP WITH TIME ZONE' : 'TIMESTAMP', ...PLAIN };
  }
  // No zoned type keeps nanoseconds: times in UTC keep theirs, others stay the texts they are.
  return years && utc ? { type: 'TIMESTAMP_NS', ...PLAIN } : null;
}

function writtenDate(
  fitting: (fits: (value: string) => boolean) => string[] | null,
): GuessedType | null {
  const clock = CLOCK_FORMATS.find(({ pattern }) => fitting((value) => pattern.test(value)));
  const dateOf = (value: string): string => (clock ? value.slice(0, value.indexOf(' ')) : value);
  const formats = DATE_FORMATS.filter(({ pattern, month, day }) =>
    fitting((value) => {
      const match = pattern.exec(dateOf(value));
      if (match === null || (clock !== undefined && !clock.pattern.test(value))) return false;
      const m = Number(match[month]);
      const d = Number(match[day]);
      return m >= 1 && m <= 12 && d >= 1 && d <= 31;
    }),
  );
  const best = formats[0];
  if (best === undefined) return null;
  const example = fitting((value) => best.pattern.test(dateOf(value)))?.[0] ?? '';
  return {
    type: clock ? 'TIMESTAMP' : 'DATE',
    ...PLAIN,
    format: best.format + (clock?.format ?? ''),
    ...(formats.length > 1 ? { ambiguous: example } : {}),
  };
}
