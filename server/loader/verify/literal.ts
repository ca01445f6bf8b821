import { quoteText } from '../database.js';

/** A double as SQL, every bit of it. */
export function doubleLiteral(value: number): string {
  if (!Number.isFinite(value)) return `'${value}'::DOUBLE`;
  // Digits with an exponent are a DOUBLE in DuckDB, those without are a DECIMAL; "-0e0" would be 0.
  const digits = Object.is(value, -0) ? '-0.0' : String(value);
  return `(${digits.includes('e') ? digits : `${digits}e0`})`;
}

/** A text as SQL. A literal cannot hold NUL. */
export function textLiteral(text: string): string {
  return text.split('\0').map(quoteText).join(' || chr(0) || ');
}

/** An integer of at most 128 bits as SQL. */
export function integerLiteral(value: bigint): string {
  return `'${value}'::HUGEINT`;
}
