import type { JsonValue } from '../../protocol/column.js';

/**
 * A line of CSV, as RFC 4180 has it. Null is an empty field, the empty string is `""`. With `isSafe` a text that a spreadsheet
 * would take for a formula has an apostrophe in front.
 */
export function csvLine(values: readonly JsonValue[], isSafe = false): string {
  return `${values.map((value) => csvField(isSafe ? withoutFormula(value) : value)).join(',')}\r\n`;
}

/** What begins like this is computed, and may fetch or run something (OWASP, CSV injection); a plain number is none of it. */
function withoutFormula(value: JsonValue): JsonValue {
  const isFormula = typeof value === 'string' && /^[=+\-@\t\r\n]/u.test(value);
  return isFormula && !/^[+-]?\d+(?:\.\d+)?$/u.test(value) ? `'${value}` : value;
}

function csvField(value: JsonValue): string {
  if (typeof value !== 'string') return value === null ? '' : String(value);
  return value === '' || /[",\r\n]/u.test(value) ? `"${value.replaceAll('"', '""')}"` : value;
}
