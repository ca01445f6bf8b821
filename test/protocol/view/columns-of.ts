import type { ColumnInfo } from '../../../protocol/column.js';

/** A column for tests: a number from 0 to 100 with 5,000 distinct values unless said otherwise. */
export function column(name: string, more: Partial<ColumnInfo> = {}): ColumnInfo {
  return {
    name,
    type: 'DOUBLE',
    kind: 'number',
    nulls: 0,
    min: 0,
    max: 100,
    distinct: 5_000,
    ...more,
  };
}

/** A column of instants over the days of 2001 from `min` to `max`. */
export const time = (name: string, more: Partial<ColumnInfo> = {}): ColumnInfo =>
  column(name, {
    type: 'TIMESTAMP',
    kind: 'time',
    unit: 'us',
    min: '2001-01-01T00:00:00',
    max: '2001-03-31T23:59:00',
    ...more,
  });

/** A column of text with 200 values. */
export const text = (name: string, more: Partial<ColumnInfo> = {}): ColumnInfo =>
  column(name, { type: 'VARCHAR', kind: 'text', min: 'ABE', max: 'YUM', distinct: 200, ...more });
