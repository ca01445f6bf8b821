import { describe, expect, test } from 'vitest';
import { brokenAtGaps } from '../../../../client/chart/marks/bin-gaps.js';

const DAY = 86_400_000;
const broken = (...x: number[]): number[][] =>
  brokenAtGaps([{ code: 0, start: 0, end: x.length }], x).map(({ start, end }) =>
    x.slice(start, end),
  );

describe('a line over bins', () => {
  test('is broken where bins are left out, and a bin between two gaps stands alone', () => {
    expect(broken(0, 1, 2, 4, 5, 9, 12, 13)).toEqual([[0, 1, 2], [4, 5], [9], [12, 13]]);
  });

  test('goes on over months and years of any length, and is broken at each that is missing', () => {
    const months = Array.from({ length: 60 }, (_, i) => Date.UTC(2019, i));
    expect(broken(...months)).toEqual([months]);
    for (const at of [1, 2, 13, 40]) {
      expect(broken(...months.toSpliced(at, 1))).toEqual([
        months.slice(0, at),
        months.slice(at + 1),
      ]);
    }
    const years = Array.from({ length: 9 }, (_, i) => Date.UTC(2016 + i, 0));
    expect(broken(...years)).toEqual([years]);
  });

  test('goes on where most bins have no rows: a value a week in bins of days', () => {
    const weeks = Array.from({ length: 20 }, (_, i) => 7 * DAY * i);
    expect(broken(...weeks)).toEqual([weeks]);
    expect(broken(...weeks.toSpliced(8, 2))).toEqual([weeks.slice(0, 8), weeks.slice(10)]);
  });

  test('goes on over weekends and nights that come again and again, and is broken where more is missing', () => {
    const days = Array.from({ length: 90 }, (_, i) => Date.UTC(2026, 0, 1 + i));
    const business = days.filter((day) => ![0, 6].includes(new Date(day).getUTCDay()));
    expect(broken(...business)).toEqual([business]);
    // A holiday before or behind a weekend is still near to one; a week without rows is not.
    const monday = business.findIndex((day) => new Date(day).getUTCDay() === 1);
    expect(broken(...business.toSpliced(monday, 1))).toHaveLength(1);
    expect(broken(...business.toSpliced(monday, 5))).toHaveLength(2);
    // Once is no habit.
    expect(broken(...days.toSpliced(30, 2))).toEqual([days.slice(0, 30), days.slice(32)]);
    const hours = Array.from({ length: 24 * 9 }, (_, i) => i).filter(
      (hour) => hour % 24 >= 9 && hour % 24 < 17,
    );
    expect(broken(...hours)).toEqual([hours]);
    expect(broken(...hours.toSpliced(16, 8))).toHaveLength(2);
  });

  test('is left as it is where it has no steps, and series keep their codes', () => {
    expect(broken()).toEqual([[]]);
    expect(broken(7)).toEqual([[7]]);
    const x = [0, 1, 2, 0, 1, 5];
    const runs = [
      { code: 3, start: 0, end: 3 },
      { code: 1, start: 3, end: 6 },
    ];
    expect(brokenAtGaps(runs, x)).toEqual([
      { code: 3, start: 0, end: 3 },
      { code: 1, start: 3, end: 5 },
      { code: 1, start: 5, end: 6 },
    ]);
  });
});
