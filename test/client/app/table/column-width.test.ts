import { expect, test } from 'vitest';
import type { ColumnInfo } from '../../../../protocol/column.js';
import { widthsOf } from '../../../../client/app/table/column-width.js';

const base = { type: '', nulls: 0, min: null, max: null };
const columns: ColumnInfo[] = [
  { ...base, name: 'row', kind: 'number', integer: true },
  { ...base, name: 'value', kind: 'number' },
  { ...base, name: 'filename', kind: 'text' },
];
const sum = (widths: number[]): number => widths.reduce((all, each) => all + each, 0);

test('columns that find no room are as wide as they need, and leave the rest to scrolling', () => {
  expect(widthsOf(columns, 100)).toEqual(widthsOf(columns, 0));
  expect(sum(widthsOf(columns, 100))).toBeGreaterThan(100);
});

test('texts and fractions share the room that is left, whole numbers need none', () => {
  const [row, value, filename] = widthsOf(columns, 500);
  const least = widthsOf(columns, 0);
  expect(row).toBe(least[0]);
  expect(value).toBeGreaterThan(least[1]!);
  expect(filename).toBeGreaterThan(least[2]!);
  expect(sum([row!, value!, filename!])).toBeLessThanOrEqual(500);
});

test('times grow by the digits that their unit may have, where there is room', () => {
  const times = (['s', 'ms', 'us', 'ns'] as const).map((unit) => ({
    ...base,
    name: unit,
    kind: 'time' as const,
    unit,
    zoned: true,
  }));
  const least = widthsOf(times, 0);
  expect(widthsOf(times, 2000).map((width, at) => width - least[at]!)).toEqual([0, 30, 52, 75]);
});

test('no column grows without end', () => {
  expect(widthsOf(columns, 1e6)).toEqual(widthsOf(columns, 2000));
  expect(widthsOf([], 500)).toEqual([]);
});
