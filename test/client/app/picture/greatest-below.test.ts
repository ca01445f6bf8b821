import { expect, test } from 'vitest';
import { greatestBelow } from '../../../../client/app/picture/greatest-below.js';

test('of whole numbers it is the one before, of others the double before', () => {
  expect(greatestBelow(10, { kind: 'number', integer: true })).toBe('9');
  expect(greatestBelow(9.5, { kind: 'number', integer: true })).toBe('9');
  for (const end of [10, 0.3, -7.25, 0, 1e300, -1e-300]) {
    const below = Number(greatestBelow(end, { kind: 'number' }));
    expect(below).toBeLessThan(end);
    // No double lies between.
    const middle = below + (end - below) / 2;
    expect(middle === below || middle === end).toBe(true);
  }
});

test('of days it is the day before, of times the nanosecond before, with the sign of an instant', () => {
  const day = { kind: 'time', unit: 'day' } as const;
  expect(greatestBelow('2012-04-01', day)).toBe('2012-03-31');
  expect(greatestBelow('2012-04-01T12:00:00.000000000', day)).toBe('2012-04-01');
  expect(greatestBelow('2026-01-01', { kind: 'time', unit: 'us', zoned: true })).toBe(
    '2025-12-31T23:59:59.999999999Z',
  );
  expect(greatestBelow('1969-12-31T00:00:00.000000001', { kind: 'time', unit: 'ns' })).toBe(
    '1969-12-31T00:00:00.000000000',
  );
  expect(greatestBelow('08:00:00', { kind: 'clock', unit: 'us' })).toBe('07:59:59.999999999');
});
