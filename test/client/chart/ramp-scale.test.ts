import { expect, test } from 'vitest';
import { linearTicks } from '../../../client/chart/ramp-scale.js';

test('the numbers of a ramp are round, within its ends, and differ', () => {
  expect(linearTicks({ min: 0, max: 100 })).toEqual({
    tickvals: [0, 20, 40, 60, 80, 100],
    ticktext: ['0', '20', '40', '60', '80', '100'],
  });
  expect(linearTicks({ min: -3, max: 3 }).ticktext).toEqual(['−3', '−2', '−1', '0', '1', '2', '3']);
  expect(linearTicks({ min: 1000, max: 1100 }).ticktext).toContain('1.02k');
  expect(linearTicks({ min: 0, max: 4e-9 }).ticktext).toContain('1E−9');
  expect(linearTicks({ min: 7, max: 7 })).toEqual({ tickvals: [7], ticktext: ['7'] });
  expect(linearTicks({ min: 0.1, max: 0.10000000000000002 }).ticktext).toEqual([
    '0.1',
    '0.10000000000000002',
  ]);
  expect(linearTicks({ min: -1e17 - 16, max: -1e17 }).tickvals).toHaveLength(2);
  for (const [min, max] of [
    [0.1, 0.7],
    [-8e6, 3],
    [1e15, 1e15 + 10],
    [123.4, 123.5],
    [-1e-3, 2e-3],
  ] as const) {
    const { tickvals, ticktext } = linearTicks({ min, max });
    expect(tickvals.length).toBeGreaterThan(2);
    expect(tickvals.length).toBeLessThan(9);
    expect(tickvals.every((value) => value >= min && value <= max)).toBe(true);
    expect(new Set(ticktext).size).toBe(ticktext.length);
  }
});
