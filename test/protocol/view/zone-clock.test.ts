import { expect, test } from 'vitest';
import {
  instantOfWall,
  offsetText,
  zonedText,
  zoneOffset,
} from '../../../protocol/view/zone-clock.js';

const HOUR = 3_600_000;
const at = (iso: string): number => Date.parse(iso);

test('the offset of a zone follows its clocks, to the second in the days of local mean time', () => {
  expect(zoneOffset('Europe/Berlin', at('2025-03-30T00:59:59Z'))).toBe(HOUR);
  expect(zoneOffset('Europe/Berlin', at('2025-03-30T01:00:00Z'))).toBe(2 * HOUR);
  expect(zoneOffset('America/New_York', at('2025-01-01T00:00:00Z'))).toBe(-5 * HOUR);
  expect(zoneOffset('Asia/Kathmandu', 0)).toBe(5.5 * HOUR);
  expect(zoneOffset('UTC', 0)).toBe(0);
  expect(zoneOffset('America/New_York', at('1850-01-01T00:00:00Z'))).toBe(
    -(4 * HOUR + 56 * 60_000 + 2000),
  );
});

test('a time on the wall that comes twice is its first instant, one that is skipped is not lost', () => {
  const instant = (zone: string, wall: string): string =>
    new Date(instantOfWall(zone, at(`${wall}Z`))).toISOString();
  expect(instant('Europe/Berlin', '2025-07-01T00:00')).toBe('2025-06-30T22:00:00.000Z');
  expect(instant('Europe/Berlin', '2025-10-26T02:30')).toBe('2025-10-26T00:30:00.000Z');
  expect(instant('Europe/Berlin', '2025-03-30T02:30')).toBe('2025-03-30T01:30:00.000Z');
  expect(instant('America/New_York', '2025-11-02T01:00')).toBe('2025-11-02T05:00:00.000Z');
  // Midnight is skipped: the day begins at one.
  expect(instant('America/Havana', '2025-03-09T00:00')).toBe('2025-03-09T05:00:00.000Z');
  expect(instant('Pacific/Apia', '2011-12-31T00:00')).toBe('2011-12-30T10:00:00.000Z');
});

test('every hour of the two nights is found again from the wall that shows it, but for the second of a pair', () => {
  for (const zone of ['Europe/Berlin', 'America/New_York', 'Australia/Lord_Howe', 'UTC']) {
    for (const night of ['2025-03-09', '2025-03-30', '2025-04-06', '2025-10-26', '2025-11-02']) {
      for (let half = 0; half < 60; half++) {
        const instant = at(`${night}T00:00:00Z`) + (half * HOUR) / 2;
        const wall = instant + zoneOffset(zone, instant);
        const found = instantOfWall(zone, wall);
        expect(found + zoneOffset(zone, found)).toBe(wall);
        expect(found).toBeLessThanOrEqual(instant);
      }
    }
  }
});

test('an instant is told on the wall with every digit and its offset; other texts stay', () => {
  const berlin = (text: string): string => zonedText(text, 'Europe/Berlin');
  expect(berlin('2025-03-30T01:00:00Z')).toBe('2025-03-30T03:00:00+02:00');
  expect(berlin('2025-10-26T01:30:00.123456789Z')).toBe('2025-10-26T02:30:00.123456789+01:00');
  expect(berlin('2025-12-31T23:00Z')).toBe('2026-01-01T00:00:00+01:00');
  expect(berlin('1969-12-31T23:59:59.5Z')).toBe('1970-01-01T00:59:59.5+01:00');
  for (const text of ['2025-03-30T01:00:00', '2025-03-30', 'Z', '', '+275760-13-01T00:00:00Z'])
    expect(berlin(text)).toBe(text);
  for (const zone of [undefined, 'UTC'])
    expect(zonedText('2025-03-30T01:00:00Z', zone)).toBe('2025-03-30T01:00:00Z');
  expect(offsetText(-3.5 * HOUR)).toBe('-03:30');
  expect(offsetText(0)).toBe('+00:00');
});
