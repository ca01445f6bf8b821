import { quoteText } from '../database.js';
import type { ColumnRule } from './cell-type.js';
import { VALUE_RULES, type ValueRule } from './scan-kernel.js';

/** Types that DuckDB reads from CSV exactly as we mean it, once the scan has held the values to their rules. */
const NATIVE_TYPES: readonly string[] = [
  'BIGINT', 'HUGEINT', 'DOUBLE', 'BOOLEAN', 'DATE', 'TIME', 'TIMESTAMP', 'TIMESTAMP_NS', 'TIMESTAMP WITH TIME ZONE', 'VARCHAR',
]; // prettier-ignore

const WHOLE_TYPES = /^U?(?:TINYINT|SMALLINT|INTEGER|INT|BIGINT|HUGEINT)$/;

/** True where `read_csv` may be given the type itself: the fast way. */
export function isNative({ type, said, decimal, thousands, format, nulls }: ColumnRule): boolean {
  const plain = thousands === undefined && format === undefined && nulls.length === 0;
  if (type === 'VARCHAR') return plain;
  return !said && plain && decimal === '.' && NATIVE_TYPES.includes(type);
}

/** What the scan holds the values to that DuckDB reads natively, and reads more freely than we do. */
export function valueRuleFor(type: string): ValueRule {
  return RULE_OF_TYPE[type] ?? VALUE_RULES.none;
}

const RULE_OF_TYPE: Readonly<Record<string, ValueRule>> = {
  BIGINT: VALUE_RULES.whole,
  HUGEINT: VALUE_RULES.whole,
  BOOLEAN: VALUE_RULES.truth,
  DATE: VALUE_RULES.day,
  TIME: VALUE_RULES.clock,
  TIMESTAMP: VALUE_RULES.stamp,
  TIMESTAMP_NS: VALUE_RULES.nanos,
  'TIMESTAMP WITH TIME ZONE': VALUE_RULES.instant,
};

/** The text of a value without blanks around it, null where it stands for null. `column` is an SQL expression. */
export function meantText({ saidNulls }: ColumnRule, type: string, column: string): string {
  const text = type === 'VARCHAR' ? column : `nullif(trim(trim(${column}), chr(9)), '')`;
  if (saidNulls.length === 0) return text;
  return `CASE WHEN ${column} IN (${saidNulls.map(quoteText).join(', ')}) THEN NULL ELSE ${text} END`;
}

/** The value of a text as the type, null where it does not fit. `text` is what `meantText` gives. */
export function valueOf(rule: ColumnRule, type: string, text: string): string {
  if (type === 'VARCHAR') return text;
  if (WHOLE_TYPES.test(type)) {
    const whole = rule.said ? '[+-]?[0-9]+' : '[+-]?(?:0|[1-9][0-9]*)';
    return guarded(text, whole, `TRY_CAST(${text} AS ${type})`);
  }
  if (type === 'DOUBLE' || type === 'FLOAT' || type.startsWith('DECIMAL')) {
    return numberOf(rule, type, text);
  }
  if (rule.format !== undefined && (type === 'DATE' || type.startsWith('TIMESTAMP'))) {
    return `CAST(try_strptime(${text}, ${quoteText(rule.format)}) AS ${type})`;
  }
  const pattern = rule.said ? undefined : PATTERNS[type];
  const value = `TRY_CAST(${text} AS ${type})`;
  return pattern === undefined ? value : guarded(text, pattern, value);
}

const DAY = '[0-9]{4}-[0-9]{1,2}-[0-9]{1,2}';
const CLOCK = '[0-9]{1,2}:[0-9]{1,2}(?::[0-9]{1,2}(?:[.][0-9]{1,DIGITS})?)?';

/** What DuckDB would read otherwise than it stands. */
const PATTERNS: Readonly<Record<string, string>> = {
  BOOLEAN: '(?i)true|false',
  DATE: DAY,
  TIME: CLOCK.replace('DIGITS', '6'),
  TIMESTAMP: `${DAY}(?:[ T]${CLOCK.replace('DIGITS', '6')})?`,
  TIMESTAMP_NS: `${DAY}(?:[ T]${CLOCK.replace('DIGITS', '9')}(?:Z|[+-]00(?::?00)?)?)?`,
  'TIMESTAMP WITH TIME ZONE': `${DAY}(?:[ T]${CLOCK.replace('DIGITS', '6')}(?:Z|[+-][0-9]{2}(?::?[0-9]{2})?)?)?`,
};

function numberOf({ decimal, thousands }: ColumnRule, type: string, text: string): string {
  if (decimal === '.' && thousands === undefined) return `TRY_CAST(${text} AS ${type})`;
  const point = decimal === ',' ? ',' : '[.]';
  const group = thousands === '.' ? '[.]' : thousands;
  const grouped = group === undefined ? '' : `|[0-9]{1,3}(?:${group}[0-9]{3})+`;
  const pattern = `[+-]?(?:[0-9]*${grouped})(?:${point}[0-9]*)?(?:[eE][+-]?[0-9]+)?`;
  let plain = text;
  if (thousands !== undefined) plain = `replace(${plain}, ${quoteText(thousands)}, '')`;
  if (decimal === ',') plain = `replace(${plain}, ',', '.')`;
  return guarded(text, pattern, `TRY_CAST(${plain} AS ${type})`);
}

const guarded = (text: string, pattern: string, value: string): string =>
  `CASE WHEN regexp_full_match(${text}, ${quoteText(pattern)}) THEN ${value} END`;

/** Types that hold more than the guessed one, in order: what does not fit it may fit them. */
export const WIDER_TYPES: Readonly<Record<string, readonly string[]>> = {
  BIGINT: ['HUGEINT', 'DOUBLE'],
  HUGEINT: ['DOUBLE'],
  DATE: ['TIMESTAMP', 'TIMESTAMP_NS'],
  TIMESTAMP: ['TIMESTAMP_NS'],
};

/** The type of a column that several files have: the narrowest that holds both. */
export function widerType(a: string, b: string): string {
  if (a === b) return a;
  if (WIDER_TYPES[a]?.includes(b)) return b;
  if (WIDER_TYPES[b]?.includes(a)) return a;
  return 'VARCHAR';
}

/** How a type is called in a sentence. */
export function typeInWords(type: string): string {
  if (WHOLE_TYPES.test(type)) return 'a whole number';
  if (type === 'DOUBLE' || type === 'FLOAT' || type.startsWith('DECIMAL')) return 'a number';
  if (type === 'DATE') return 'a date';
  if (type === 'TIME') return 'a time of day';
  if (type.startsWith('TIMESTAMP')) return 'a time';
  if (type === 'BOOLEAN') return 'true or false';
  return `of type ${type}`;
}
