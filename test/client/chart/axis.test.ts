import { describe, expect, test } from 'vitest';
import {
  axisOf,
  domainOf,
  spanOf,
  spanOfRange,
  valueAt,
  type Axis,
} from '../../../client/chart/axis.js';
import { panned, placementOf, sameView, zoomed } from '../../../client/chart/view.js';

const linear = axisOf('x', undefined, [0, 1]);
const log = axisOf('x', undefined, [1, 10], 'log');
const instant = axisOf('x', undefined, ['2001-01-01T00:00:00Z', '2001-01-02T00:00:00Z']);
const naive = axisOf('x', undefined, ['2001-01-01T00:00:00', '2001-01-02T00:00:00']);
const clock = axisOf('x', undefined, ['08:00:00', '17:30:00']);
const date: Axis = { kind: 'time', scale: 'linear', zoned: false, unit: 'day' };

describe('an axis', () => {
  test('is what its ends are: numbers, instants, local times, times of day', () => {
    expect(linear.kind).toBe('number');
    expect(instant).toMatchObject({ kind: 'time', zoned: true });
    expect(naive).toMatchObject({ kind: 'time', zoned: false });
    expect(clock.kind).toBe('clock');
  });

  test('counts times in milliseconds of UTC, with their fractions', () => {
    expect(spanOf(['2001-01-01T00:00:00Z', '2001-01-01T01:00:00+01:00'], instant)).toEqual([
      Date.UTC(2001, 0, 1) - 0.5,
      Date.UTC(2001, 0, 1) + 0.5,
    ]);
    expect(spanOf(['1970-01-01T00:00:00.000250', '1970-01-01T00:00:01'], naive)).toEqual([
      0.25, 1000,
    ]);
    expect(spanOf(['08:00:00', '17:30:00'], clock)).toEqual([8 * 3_600_000, 17.5 * 3_600_000]);
  });

  test('widens a single value, and has no span for what is none', () => {
    expect(spanOf([5, 5], linear)).toEqual([4.5, 5.5]);
    expect(spanOf([7, 5], linear)).toBeUndefined();
    expect(spanOf([5], linear)).toBeUndefined();
    expect(spanOf([-1, 10], log)).toBeUndefined();
  });

  test.each([
    ['numbers', linear, [-12.3456789, 3001.98765]],
    ['tiny numbers', linear, [1e-9, 3e-9]],
    ['great numbers', linear, [1e15, 4e15]],
    ['a log axis', log, [-2.5, 6.25]],
    ['instants', instant, [Date.UTC(2001, 0, 1, 3, 4, 5), Date.UTC(2002, 5, 5)]],
    ['a second of local time', naive, [Date.UTC(2001, 0, 1) + 0.25, Date.UTC(2001, 0, 1) + 900]],
    ['dates', date, [Date.UTC(2001, 0, 1), Date.UTC(2001, 0, 9)]],
    ['times of day', clock, [8 * 3_600_000, 17.5 * 3_600_000]],
  ] as const)('writes %s as a domain that is read back to a tenth of a pixel', (_, axis, ends) => {
    const span = [ends[0], ends[1]] as const;
    const back = spanOf(domainOf(span, axis, 1000), axis)!;
    const pixel = (span[1] - span[0]) / 1000;
    expect(Math.abs(back[0] - span[0])).toBeLessThan(pixel / 10);
    expect(Math.abs(back[1] - span[1])).toBeLessThan(pixel / 10);
    // What is written once is written the same again: a link does not drift.
    expect(domainOf(back, axis, 1000)).toEqual(domainOf(span, axis, 1000));
  });

  test('writes values as short as a pixel allows', () => {
    expect(domainOf([0, 3000], linear, 1000)).toEqual([0, 3000]);
    expect(domainOf([0.30000000000000004, 1.1], linear, 1000)).toEqual([0.3, 1.1]);
    expect(valueAt(Date.UTC(2001, 0, 5), date, 1000)).toBe('2001-01-05');
    expect(valueAt(Date.UTC(2001, 0, 5, 12), date, 1000)).toBe('2001-01-05T12:00:00');
    expect(valueAt(Date.UTC(2001, 0, 5, 12), instant, 1000)).toBe('2001-01-05T12:00:00Z');
    expect(valueAt(2, log, 0.001)).toBe(100);
  });

  test('reads the ranges that Plotly gives, in all its ways', () => {
    expect(spanOfRange([1, '2.5'])).toEqual([1, 2.5]);
    expect(spanOfRange(['2001-01-05', '2001-01-05 12:30:15.5'])).toEqual([
      Date.UTC(2001, 0, 5),
      Date.UTC(2001, 0, 5, 12, 30, 15, 500),
    ]);
    expect(spanOfRange(['2001-01-05 12:30', '2001-01-05 12:30:15.1234'])).toEqual([
      Date.UTC(2001, 0, 5, 12, 30),
      Date.UTC(2001, 0, 5, 12, 30, 15) + 123.4,
    ]);
    expect(spanOfRange(['2001-01-05 12', '2001-01-06'])).toEqual([
      Date.UTC(2001, 0, 5, 12),
      Date.UTC(2001, 0, 6),
    ]);
  });
});

describe('a view', () => {
  const from = { x: [0, 10], y: [0, 100] } as const;

  test('stands in itself as it is', () => {
    expect(placementOf(from, from, 1000, 600)).toEqual({
      scaleX: 1,
      scaleY: 1,
      offsetX: 0,
      offsetY: 0,
    });
    expect(sameView(from, { x: [1e-7, 10], y: [0, 100] })).toBe(true);
    expect(sameView(from, { x: [0.1, 10], y: [0, 100] })).toBe(false);
  });

  test('places every position where the other view has it', () => {
    const to = { x: [2, 7], y: [-50, 150] } as const;
    const place = placementOf(from, to, 1000, 600);
    for (const [x, y] of [
      [0, 0],
      [10, 100],
      [3.3, 47],
    ] as const) {
      const was = { x: (x / 10) * 1000, y: ((100 - y) / 100) * 600 };
      expect(was.x * place.scaleX + place.offsetX).toBeCloseTo(((x - 2) / 5) * 1000);
      expect(was.y * place.scaleY + place.offsetY).toBeCloseTo(((150 - y) / 200) * 600);
    }
    expect(panned([0, 10], 0.1)).toEqual([1, 11]);
    expect(zoomed([0, 10], 0.5)).toEqual([2.5, 7.5]);
  });
});
