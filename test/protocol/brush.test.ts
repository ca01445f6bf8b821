import { describe, expect, test } from 'vitest';
import { brushFilters, cellStart } from '../../protocol/brush.js';
import { edgeCell, linearCell, logEdges } from '../../protocol/cells.js';
import type { CubeAxes } from '../../protocol/cube.js';
import { randomNumbers } from '../helpers/test-columns.js';

const AXES: CubeAxes = {
  x: 'a',
  domain: { x: [0, 10] },
  scale: { x: 'linear' },
  unit: { x: 'number' },
  width: 4,
};

describe('the start of a cell', () => {
  test.each([
    [0, 3000, 600],
    [-59.5, 240.25, 333],
    [0.1, 0.3, 7],
    [1e300, 1.7e308, 10],
    [-5e-324, 5e-324, 3],
    [1e15, 1e15 + 1, 50],
  ])('between %d and %d, of %d, is the first double of it', (low, high, width) => {
    for (let cell = 1; cell < width; cell++) {
      const start = cellStart(cell, { low, high, width, scale: 'linear' });
      expect(linearCell(start, low, high, width)).toBeGreaterThanOrEqual(cell);
      expect(linearCell(below(start), low, high, width)).toBeLessThan(cell);
    }
  });

  test('on a log axis is its edge', () => {
    const edges = logEdges(0.5, 4000, 17);
    for (let cell = 1; cell < 17; cell++) {
      const start = cellStart(cell, { low: 0.5, high: 4000, width: 17, scale: 'log' });
      expect(edgeCell(start, edges)).toBe(cell);
      expect(edgeCell(below(start), edges)).toBe(cell - 1);
    }
  });

  test('divides random two-decimal numbers as their cells do', () => {
    const random = randomNumbers(3);
    for (let i = 0; i < 2000; i++) {
      const value = (random() % 30_000) / 100;
      const cell = 1 + (random() % 599);
      const start = cellStart(cell, { low: 0, high: 300, width: 600, scale: 'linear' });
      expect(value >= start).toBe(linearCell(value, 0, 300, 600) >= cell);
    }
  });
});

describe('the filters of a brush', () => {
  test('have the upper end of the axis where the last cell is taken, and no other', () => {
    expect(brushFilters(AXES, [1, 4])).toEqual([{ op: 'range', column: 'a', min: 2.5, max: 10 }]);
    expect(brushFilters(AXES, [0, 3])).toEqual([
      { op: 'range', column: 'a', min: 0, max: 7.5, maxExclusive: true },
    ]);
  });

  test('take nothing for an empty brush, and where no row has a place', () => {
    const nothing = [{ op: 'in', column: 'a', values: [] }];
    expect(brushFilters(AXES, [2, 2])).toEqual(nothing);
    expect(brushFilters({ ...AXES, domain: null, width: 0 }, [0, 0])).toEqual(nothing);
  });

  test('name times to the nanosecond, before 1970 and beyond the year 9999 too', () => {
    const time = { ...AXES, unit: { x: 's' as const }, width: 3 };
    const filterOf = (low: string, high: string) =>
      brushFilters({ ...time, domain: { x: [low, high] } }, [1, 2]);
    expect(filterOf('1969-12-31T23:59:59', '1970-01-01T00:00:00')).toEqual([
      {
        op: 'range',
        column: 'a',
        min: '1969-12-31T23:59:59.333333334',
        max: '1969-12-31T23:59:59.666666667',
        maxExclusive: true,
      },
    ]);
    expect(filterOf('+012000-01-01', '+012000-01-04')).toMatchObject([
      { min: '+012000-01-02T00:00:00.000000000', max: '+012000-01-03T00:00:00.000000000' },
    ]);
    expect(filterOf('00:00:00', '03:00:00')).toMatchObject([
      { min: '01:00:00.000000000', max: '02:00:00.000000000' },
    ]);
  });

  test('are one for each axis', () => {
    const both = {
      ...AXES,
      y: 'b',
      domain: { x: [0, 10], y: [0, 1] },
      scale: { x: 'linear', y: 'linear' },
      unit: { x: 'number', y: 'number' },
      height: 2,
    } as const;
    const axes = both as unknown as CubeAxes;
    expect(
      brushFilters(axes, [0, 1], [1, 2]).map((filter) => 'column' in filter && filter.column),
    ).toEqual(['a', 'b']);
  });
});

/** The next double below. */
function below(value: number): number {
  const words = new DataView(new ArrayBuffer(8));
  words.setFloat64(0, value);
  if (value === 0) return -Number.MIN_VALUE;
  words.setBigInt64(0, words.getBigInt64(0) + (value > 0 ? -1n : 1n));
  return words.getFloat64(0);
}
