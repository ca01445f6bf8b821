import { describe, expect, test } from 'vitest';
import { colorScale } from '../../../../client/chart/marks/color-scale.js';
import { paintCounts } from '../../../../client/chart/marks/shade-counts.js';
import { packHex } from '../../../../client/chart/colors.js';
import { randomNumbers } from '../../../fixtures/tiny-tables.js';

describe('a scale of colors', () => {
  test('follows the value, or its logarithm, from end to end', () => {
    const values = [10, 1, 100, Number.NaN];
    const linear = colorScale(values, 'linear');
    expect([linear.min, linear.max, linear.shareOf(1), linear.shareOf(100)]).toEqual([
      1, 100, 0, 1,
    ]);
    expect(linear.shareOf(50.5)).toBeCloseTo(0.5, 12);
    const log = colorScale(values, 'log');
    expect([log.shareOf(1), log.shareOf(100)]).toEqual([0, 1]);
    expect(log.shareOf(10)).toBeCloseTo(0.5, 12);
    expect(log.shareOf(Number.NaN)).toBeNaN();
  });

  test('is linear where a logarithm has no place', () => {
    expect(colorScale([0, 5], 'log').scale).toBe('linear');
    expect(colorScale([-3, 5], 'log').scale).toBe('linear');
  });

  test('gives each color as much of the picture, as counting shows', () => {
    const random = randomNumbers(3);
    const values = Array.from({ length: 4000 }, () => Math.floor(10 ** (random() * 4)));
    const { shareOf, stops, min, max } = colorScale(values, 'equal');
    const atMost = (value: number): number => values.filter((each) => each <= value).length;
    for (const value of new Set(values)) {
      const share = (atMost(value) - atMost(min)) / (values.length - atMost(min));
      expect(shareOf(value)).toBeCloseTo(share, 12);
    }
    expect(stops!.map(({ value }) => value)).toEqual([
      min,
      ...[0.25, 0.5, 0.75].map((share) =>
        Math.min(...values.filter((value) => shareOf(value) >= share)),
      ),
      max,
    ]);
    for (const { share, value } of stops!) expect(share).toBe(shareOf(value));
  });

  test.each(['linear', 'log', 'equal'] as const)(
    'has everything at its top where all are alike, and stands without values (%s)',
    (shade) => {
      expect(colorScale([7, 7], shade).shareOf(7)).toBe(1);
      expect(colorScale([], shade)).toMatchObject({ min: 0, max: 1 });
      expect(colorScale([Number.NaN], shade)).toMatchObject({ min: 0, max: 1 });
    },
  );
});

test('counts are painted in the tones of their share, top row first, and nothing where nothing is', () => {
  const sums = Uint32Array.from([1, 0, 3, 2]);
  const scale = colorScale([1, 2, 3], 'linear');
  const pixels = new Uint32Array(4);
  paintCounts({ sums, width: 2, height: 2, scale, tones: ['#000000', '#fefefe'] }, pixels);
  expect([...pixels]).toEqual(['#fefefe', '#7f7f7f', '#000000'].map(packHex).toSpliced(3, 0, 0));
});
