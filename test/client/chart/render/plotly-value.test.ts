import { expect, test } from 'vitest';
import type { Axis } from '../../../../client/chart/axis.js';
import { plotlyValue } from '../../../../client/chart/render/plotly-value.js';

const axis = (kind: Axis['kind'], scale: Axis['scale'] = 'linear'): Axis => ({
  kind,
  scale,
  zoned: true,
  unit: kind === 'number' ? 'number' : 'ms',
});

test('a number stands for itself, and on a log axis for the power of ten that it is the exponent of', () => {
  expect(plotlyValue(12.5, axis('number'))).toBe(12.5);
  expect(plotlyValue(2, axis('number', 'log'))).toBe(100);
});

test('a time is written out, because 1500 milliseconds would be the year 1500', () => {
  expect(plotlyValue(1500, axis('time'))).toBe('1970-01-01T00:00:01.500');
  expect(plotlyValue(1500, axis('clock'))).toBe('1970-01-01T00:00:01.500');
  expect(plotlyValue(0.25, axis('time'))).toBe('1970-01-01T00:00:00.000250');
  expect(plotlyValue(Date.UTC(-44, 2, 15), axis('time'))).toBe('-0044-03-15T00:00:00');
});

test('what has no place is a gap', () => {
  expect(plotlyValue(Number.NaN, axis('number'))).toBeNull();
  expect(plotlyValue(Infinity, axis('time'))).toBeNull();
  expect(plotlyValue(-Infinity, axis('number', 'log'))).toBeNull();
});
