import { describe, expect, test } from 'vitest';
import {
  barBoxes,
  reaches,
  seriesAt,
  type BarBox,
} from '../../../../client/chart/marks/bar-boxes.js';
import { randomNumbers } from '../../../fixtures/tiny-tables.js';

const SERIES = ['a', 'b', 'c'].map((label) => ({ label, color: label, isHidden: label === 'b' }));

/** Rows of random keys, series and values, some of them missing, each pair once. */
function randomRows(seed: number, isSum: boolean) {
  const random = randomNumbers(seed);
  const keys = 1 + Math.floor(random() * 5);
  const rows: { place: number; group: number; value: number }[] = [];
  for (let place = 0; place < keys; place++) {
    for (const group of [2, 0, 1]) {
      const value = random() < 0.2 ? NaN : Math.round(20 * random() - 8);
      if (random() < 0.8) rows.push({ place, group, value });
    }
  }
  const boxes = barBoxes({
    places: rows.map(({ place }) => place),
    keys,
    values: rows.map(({ value }) => value),
    groupOf: (row) => rows[row]!.group,
    series: SERIES,
    colorOf: (row) => SERIES[rows[row]!.group]!.color,
    isSum,
  });
  return { keys, rows, boxes };
}

const SEEDS = Array.from({ length: 50 }, (_, i) => i + 1);
const valueOf = (value: number): number => (Number.isNaN(value) ? 0 : value);

describe('the boxes of bars', () => {
  test('are as long as their values, for each row of a series that is shown, within the height of its key', () => {
    for (const seed of SEEDS) {
      for (const isSum of [true, false]) {
        const { keys, rows, boxes } = randomRows(seed, isSum);
        const shown = rows.flatMap(({ group }, row) => (SERIES[group]!.isHidden ? [] : [row]));
        expect(boxes.map(({ row }) => row).toSorted((a, b) => a - b)).toEqual(shown);
        for (const { row, place, from, to, low, high, color } of boxes) {
          expect(to - from).toBeCloseTo(valueOf(rows[row]!.value), 9);
          expect([place, color]).toEqual([rows[row]!.place, SERIES[rows[row]!.group]!.color]);
          expect(low).toBeGreaterThan(keys - 1 - place - 0.5);
          expect(high).toBeLessThan(keys - 1 - place + 0.5);
          expect(high).toBeGreaterThan(low);
        }
      }
    }
  });

  test('stand on one another where values add up: each place of a stack is of one bar, less to the left and more to the right', () => {
    for (const seed of SEEDS) {
      const { keys, rows, boxes } = randomRows(seed, true);
      for (let place = 0; place < keys; place++) {
        const values = rows
          .filter((row) => row.place === place && !SERIES[row.group]!.isHidden)
          .map(({ value }) => valueOf(value));
        const sumOf = (isMore: boolean): number =>
          values.reduce((sum, value) => (value > 0 === isMore ? sum + value : sum), 0);
        const [less, more] = [sumOf(false), sumOf(true)];
        for (let x = -40.5; x < 40; x++) {
          const at = boxes.filter((box) => box.place === place && reaches(box, x));
          expect(at).toHaveLength(x > less && x < more ? 1 : 0);
        }
      }
    }
  });

  test('stand side by side where they do not, from the top in the order of the series, and a pointer finds them there', () => {
    for (const seed of SEEDS) {
      const { keys, rows, boxes } = randomRows(seed, false);
      const overlap = (a: BarBox, b: BarBox): boolean =>
        Math.min(a.high, b.high) - Math.max(a.low, b.low) > 1e-9;
      for (const [i, box] of boxes.entries()) {
        expect(boxes.slice(i + 1).some((other) => overlap(box, other))).toBe(false);
        expect(box.from).toBe(0);
        const down = keys - 1 - (box.low + box.high) / 2 - box.place;
        expect([0, 2][seriesAt(down, 2)]).toBe(rows[box.row]!.group);
      }
    }
  });
});
