import type { JsonValue } from '../../../protocol/column.js';
import { valueAt, type Column } from '../../data/arrow/column.js';
import { zonedText } from '../../../protocol/view/zone-clock.js';
import { cellReader } from '../../data/cell-text.js';

/** A key of a bar as people read it; what is missing has a name. */
export function keyLabel(keys: Column, row: number): string {
  const text = cellReader(keys)(row);
  if (text === null) return '(null)';
  if (text === '') return '(empty)';
  if (keys.type.type !== 'timestamp') return text;
  // ISO 8601, and the day alone where it begins.
  return text
    .replace(/Z$/, '')
    .replace(' ', 'T')
    .replace(/T00:00:00$/, '');
}

/** What of the day a bin of a unit is called by; shorter ones have their time and its offset, as an hour may come twice. */
const ENDS: Readonly<Record<string, number | undefined>> = {
  year: -6,
  quarter: -3,
  month: -3,
  week: undefined,
  day: undefined,
};

/** The key of a bar over bins of a calendar unit as people read it, on the wall of a zone. */
export function binLabel(keys: Column, row: number, unit: string, timeZone?: string): string {
  const text = cellReader(keys)(row);
  if (text === null) return '(null)';
  const [day, ...time] = zonedText(text.replace(' ', 'T'), timeZone).split('T');
  return unit in ENDS ? day!.slice(0, ENDS[unit]) : [day, ...time].join(' ').replace(/Z$/, '');
}

/** A key of a bar as a filter names it. */
export function keyValue(keys: Column, row: number): JsonValue {
  const value = valueAt(keys, row);
  if (value === null || typeof value === 'boolean' || typeof value === 'string') return value;
  if (value instanceof Uint8Array || ['timestamp', 'date', 'time'].includes(keys.type.type)) {
    return keyLabel(keys, row);
  }
  if (typeof value === 'number') return Number.isFinite(value) ? value : String(value);
  return Number.isSafeInteger(Number(value)) ? Number(value) : String(value);
}
