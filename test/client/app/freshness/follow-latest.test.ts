import { expect, test } from 'vitest';
import type { ColumnInfo } from '../../../../protocol/column.js';
import { followLatest } from '../../../../client/app/freshness/follow-latest.js';

const time = (max: string): ColumnInfo => ({
  name: 't',
  type: 'TIMESTAMP',
  kind: 'time',
  unit: 'ms',
  nulls: 0,
  min: '2026-01-01T00:00:00',
  max,
});
const number = (max: number): ColumnInfo => ({
  name: 'n',
  type: 'DOUBLE',
  kind: 'number',
  nulls: 0,
  min: 0,
  max,
});

test('a window at the end of a time axis moves on by as much as the data do, and keeps its width', () => {
  const window = ['2026-01-01T11:00:00', '2026-01-01T12:00:00'];
  const moved = followLatest(window, time('2026-01-01T12:00:00'), time('2026-01-01T12:05:00'));
  expect(moved!.map((end) => Date.parse(`${end}Z`))).toEqual([
    Date.UTC(2026, 0, 1, 11, 5),
    Date.UTC(2026, 0, 1, 12, 5),
  ]);
});

test('so does one that ends within a fiftieth of its width, and one on numbers', () => {
  expect(followLatest(['90', '99'], number(99.1), number(109))!.map(Number)).toEqual([100, 109]);
});

test('a window that looks at the past stays, and so does one whose data did not grow', () => {
  expect(followLatest(['10', '20'], number(99), number(109))).toBeUndefined();
  expect(followLatest(['90', '99'], number(99), number(99))).toBeUndefined();
  expect(followLatest(['90', '99'], number(99), number(50))).toBeUndefined();
});

test('a window that reaches beyond the data waits until they have filled it', () => {
  expect(followLatest(['90', '120'], number(99), number(110))).toBeUndefined();
  expect(followLatest(['90', '120'], number(110), number(130))!.map(Number)).toEqual([100, 130]);
});

test('a column of another type, or a window of categories, is not followed', () => {
  const text: ColumnInfo = { ...number(9), type: 'VARCHAR', kind: 'text' };
  expect(followLatest(['90', '99'], number(99), text)).toBeUndefined();
  expect(followLatest(['a', 'b'], text, text)).toBeUndefined();
});
