import { expect, test } from 'vitest';
import { calendarEdges } from '../../../workers/calendar/edges.js';
import { fittingStep } from '../../../workers/calendar/step.js';
import { isTimeZone } from '../../../workers/calendar/zone.js';

test('cuts any interval into about forty bins', () => {
  for (let power = 6; power < 62; power++) {
    const high = 3n ** BigInt(Math.floor(power / 1.6));
    const step = fittingStep(0n, high, 'ns');
    const edges = calendarEdges({ step, unit: 'ns', timeZone: 'UTC', low: 0n, high });
    const bins = edges.length - 1;
    if (high > 40n) expect([high, step, bins >= 12 && bins <= 130]).toEqual([high, step, true]);
  }
});

test('chooses units that fit: months for years, days for weeks, nothing finer than the column', () => {
  const day = 86_400n;
  expect(fittingStep(0n, 3n * 365n * day, 's')).toEqual({ unit: 'month', every: 1 });
  expect(fittingStep(0n, 40n * day, 's')).toEqual({ unit: 'day', every: 1 });
  expect(fittingStep(0n, 10n * day, 's')).toEqual({ unit: 'hour', every: 6 });
  expect(fittingStep(5n, 5n, 's')).toEqual({ unit: 'second', every: 1 });
  expect(fittingStep(5n, 6n, 'day')).toEqual({ unit: 'day', every: 1 });
  expect(fittingStep(0n, 999n, 'us')).toEqual({ unit: 'second', every: 0.00002 });
});

test('knows a time zone from a word', () => {
  expect(isTimeZone('Europe/Berlin')).toBe(true);
  expect(isTimeZone('UTC')).toBe(true);
  expect(isTimeZone('+05:30')).toBe(true);
  expect(isTimeZone('Middle-earth/Shire')).toBe(false);
  expect(isTimeZone('')).toBe(false);
});
