import type { ColumnInfo, JsonValue } from '../column.js';
import { MAX_DROPDOWN } from '../limits.js';
import { millisOf } from './time.js';

/** True for columns that an axis can measure. */
export const isContinuous = (column: ColumnInfo): boolean =>
  column.kind === 'number' || column.kind === 'time' || column.kind === 'clock';

/** True for columns whose values fit a dropdown, whatever their type. */
export const isChoice = (column: ColumnInfo): boolean =>
  column.kind === 'boolean' ||
  (column.distinct !== undefined && column.distinct <= MAX_DROPDOWN && column.kind !== 'binary');

/** True for a column without a single value, or with one only: nothing to draw or filter. */
export const isConstant = (column: ColumnInfo): boolean =>
  column.min === null || column.min === column.max;

/** A value of the API on its axis: a number, or milliseconds since 1970 for times; NaN for what has no place. */
export function positionOf(value: JsonValue | undefined, column: ColumnInfo): number {
  if (value === null || value === undefined || typeof value === 'boolean') return Number.NaN;
  if (column.kind === 'time') return millisOf(String(value));
  if (column.kind === 'clock') return millisOf(`1970-01-01T${value}`);
  return Number(value);
}

/** The word for a column's kind that people read. */
export function kindWord(column: ColumnInfo): string {
  if (column.kind === 'number') return column.integer ? 'whole number' : 'number';
  if (column.kind === 'time') return column.unit === 'day' ? 'date' : 'time';
  if (column.kind === 'clock') return 'time of day';
  if (column.kind === 'boolean') return 'true or false';
  return column.kind;
}
