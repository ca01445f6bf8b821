import type { JsonValue } from '../../protocol/column.js';

/** A line of CSV, as RFC 4180 has it. Null is an empty field, the empty string is `""`. */
export function csvLine(values: readonly JsonValue[]): string {
  return `${values.map(csvField).join(',')}\r\n`;
}

function csvField(value: JsonValue): string {
  if (typeof value !== 'string') return value === null ? '' : String(value);
  return value === '' || /[",\r\n]/u.test(value) ? `"${value.replaceAll('"', '""')}"` : value;
}
