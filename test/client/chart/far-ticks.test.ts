import { describe, expect, test } from 'vitest';
import { farTicks } from '../../../client/chart/far-ticks.js';

const numberOf = (text: string): number => Number(text.replaceAll(',', '').replaceAll('−', '-'));

describe('ticks far from zero', () => {
  test('are round distances from the number in the name of the axis', () => {
    const { title, ticks } = farTicks([1e15 + 1000, 1e15 + 1040], 8, 'id');
    expect(title).toBe('id − 1,000,000,000,001,000');
    const seen = ticks.filter(({ position }) => position >= 1e15 + 1000 && position <= 1e15 + 1040);
    expect(seen.map(({ text }) => text)).toEqual([
      '0',
      '5',
      '10',
      '15',
      '20',
      '25',
      '30',
      '35',
      '40',
    ]);
  });

  test.each([
    ['beside 10^15', 1e15 + 995, 1e15 + 1003],
    ['beside -10^15', -1e15 - 20, -1e15 + 20],
    ['of seconds since 1970', 1.7e9, 1.7e9 + 3600],
    ['near to zero', 1e-9, 1e-9 + 1e-15],
    ['across a round number', 999_999_999, 1_000_000_001],
  ])(
    '%s stand where the number and their text say, on the span and on both sides',
    (_, low, high) => {
      const { title, ticks } = farTicks([low, high], 8, 'x');
      const [, sign, far] = /^x ([+−]) (\S+)$/u.exec(title)!;
      const base = (sign === '+' ? -1 : 1) * numberOf(far!);
      for (const { position, text } of ticks) {
        expect(Math.abs(base + numberOf(text) - position)).toBeLessThan((high - low) / 1000);
        expect(text.length).toBeLessThan(9);
      }
      const within = ticks.filter(({ position }) => position >= low && position <= high);
      expect(within.length).toBeGreaterThanOrEqual(3);
      expect(within.length).toBeLessThanOrEqual(9);
      expect(ticks.length).toBeGreaterThan(2 * within.length);
    },
  );

  test('of an axis without a name tell the number alone', () => {
    expect(farTicks([1e9, 1e9 + 10], 5).title).toBe('− 1,000,000,000');
  });
});
