import { expect, test } from 'vitest';
import { fittingUnit, millisOf, readableTimes, timeOf } from '../../../protocol/view/time.js';

test('times without a zone are read as UTC', () => {
  for (const text of [
    '2001-01-01',
    '2001-01-01T00:00:00',
    '2001-01-01 00:00:00',
    '2001-01-01T00:00:00Z',
    '2001-01-01T02:00:00+02:00',
  ]) {
    expect(millisOf(text), text).toBe(978_307_200_000);
  }
  expect(millisOf('2001-01-01T00:00:00.123456789')).toBe(978_307_200_123);
  expect(millisOf('soon')).toBeNaN();
});

test('times are written as their column has them', () => {
  expect(timeOf(978_307_200_000, { unit: 'day' })).toBe('2001-01-01');
  expect(timeOf(978_307_200_000, { unit: 'us', zoned: true })).toBe('2001-01-01T00:00:00Z');
  expect(timeOf(978_307_200_500, { unit: 'us' })).toBe('2001-01-01T00:00:00.500');
  expect(timeOf(Infinity, { unit: 'us' })).toBe('+275760-09-13T00:00:00');
});

test('the finest unit with at most 500 bins is taken', () => {
  const day = 86_400_000;
  expect(fittingUnit(90 * day, {})).toBe('day');
  expect(fittingUnit(10 * day, {})).toBe('hour');
  expect(fittingUnit(10 * day, { unit: 'day' })).toBe('day');
  expect(fittingUnit(30 * 365 * day, {})).toBe('month');
  expect(fittingUnit(1e6 * 365 * day, {})).toBe('year');
});

test('times are shown without the letters and zeros that say nothing', () => {
  expect(readableTimes('2001-02-12T00:00:00 to 2001-02-19T12:30:00')).toBe(
    '2001-02-12 to 2001-02-19 12:30',
  );
  expect(readableTimes('2001-02-17T09:34:05.120000')).toBe('2001-02-17 09:34:05.12');
  expect(readableTimes('2001-02-17T09:34:00Z')).toBe('2001-02-17 09:34Z');
  expect(readableTimes('2001-02-17T00:00:00.000000001')).toBe('2001-02-17 00:00:00.000000001');
  expect(readableTimes('2001-02-17')).toBe('2001-02-17');
});
