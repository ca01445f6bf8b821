import { expect, test } from 'vitest';
import type { RowPages } from '../../../../client/app/table/row-pages.js';
import { zonedPages } from '../../../../client/app/table/zoned-pages.js';
import type { ColumnInfo } from '../../../../protocol/column.js';

const texts = ['2025-10-26 00:30:00Z', '2025-10-26 01:30:00.123456789Z', null, undefined, 'far Z'];
const pages: RowPages = {
  metadata: undefined,
  waiting: false,
  matched: texts.length,
  error: undefined,
  rowNumber: (row) => row,
  cell: (row) => texts[row],
};
const columns = [
  { name: 'at', kind: 'time', zoned: true },
  { name: 'wall', kind: 'time' },
] as ColumnInfo[];
const cellsOf = (column: number, timeZone?: string) =>
  texts.map((_, row) => zonedPages(pages, columns, timeZone).cell(row, column));

test('instants are told on the wall of the zone, every digit, the hour that comes twice with its offsets', () => {
  expect(cellsOf(0, 'Europe/Berlin')).toEqual([
    '2025-10-26 02:30:00+02:00',
    '2025-10-26 02:30:00.123456789+01:00',
    null,
    undefined,
    'far Z',
  ]);
});

test('times without a zone, and all without a choice, stay as they are written', () => {
  expect(cellsOf(1, 'Europe/Berlin')).toEqual(texts);
  expect(cellsOf(0)).toEqual(texts);
});
