import { expect, test } from 'vitest';
import {
  MAX_TRACK,
  lastTop,
  pagesOf,
  rowAtScroll,
  scrollAtRow,
  trackHeight,
} from '../../../../client/app/table/scroll.js';

test('a short table scrolls pixel by pixel', () => {
  expect(trackHeight(100, 26, 260)).toBe(2600);
  expect(rowAtScroll(13, 100, 26, 260)).toBeCloseTo(0.5);
  expect(rowAtScroll(2340, 100, 26, 260)).toBe(90);
});

test('a table of a billion rows has a track that browsers can lay out, and every row can be reached', () => {
  const rows = 1_000_000_000;
  expect(trackHeight(rows, 26, 260)).toBe(MAX_TRACK);
  expect(rowAtScroll(MAX_TRACK - 260, rows, 26, 260)).toBe(rows - 10);
  for (const row of [0, 1, 12_345, 500_000_000, rows - 10]) {
    expect(rowAtScroll(scrollAtRow(row, rows, 26, 260), rows, 26, 260)).toBeCloseTo(row, 3);
  }
});

test('no row is beyond the ends', () => {
  expect(rowAtScroll(1e9, 100, 26, 260)).toBe(90);
  expect(scrollAtRow(1e9, 100, 26, 260)).toBe(2340);
  expect(scrollAtRow(-5, 100, 26, 260)).toBe(0);
  expect(lastTop(3, 26, 260)).toBe(0);
  expect(rowAtScroll(50, 0, 26, 260)).toBe(0);
  expect(scrollAtRow(5, 3, 26, 260)).toBe(0);
});

test('the pages on the screen are those of its first and last row', () => {
  expect(pagesOf(0, 10, 200)).toEqual([0]);
  expect(pagesOf(195, 205, 200)).toEqual([0, 1]);
  expect(pagesOf(200, 200, 200)).toEqual([1]);
});
