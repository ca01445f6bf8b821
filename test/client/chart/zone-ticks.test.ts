import { expect, test } from 'vitest';
import { zoneTicks } from '../../../client/chart/zone-ticks.js';

const at = (iso: string): number => Date.parse(iso);
/** The ticks within the span, as `HH:MM` of UTC and what is written there. */
function within(from: string, to: string, zone: string, most: number): string[] {
  const span = [at(from), at(to)] as const;
  return zoneTicks(span, zone, most)
    .filter(({ position }) => position >= span[0] && position <= span[1])
    .map(({ position, text }) => `${new Date(position).toISOString().slice(5, 16)} ${text}`);
}

test('the hour that the spring leaves out has no tick, and no other is missing', () => {
  expect(within('2025-03-29T23:00Z', '2025-03-30T03:00Z', 'Europe/Berlin', 6)).toEqual([
    '03-29T23:00 00:00<br>Mar 30, 2025',
    '03-30T00:00 01:00',
    '03-30T01:00 03:00',
    '03-30T02:00 04:00',
    '03-30T03:00 05:00',
  ]);
});

test('the hour that autumn has twice has two ticks, told apart by their offsets', () => {
  expect(within('2025-10-25T23:00Z', '2025-10-26T03:00Z', 'Europe/Berlin', 6)).toEqual([
    '10-25T23:00 01:00<br>Oct 26, 2025',
    '10-26T00:00 02:00 +02:00',
    '10-26T01:00 02:00 +01:00',
    '10-26T02:00 03:00',
    '10-26T03:00 04:00',
  ]);
  expect(within('2025-11-02T04:00Z', '2025-11-02T07:00Z', 'America/New_York', 6)).toEqual([
    '11-02T04:00 00:00<br>Nov 2, 2025',
    '11-02T04:30 00:30',
    '11-02T05:00 01:00 -04:00',
    '11-02T05:30 01:30 -04:00',
    '11-02T06:00 01:00 -05:00',
    '11-02T06:30 01:30 -05:00',
    '11-02T07:00 02:00',
  ]);
});

test('days begin at midnight on the wall, on both sides of the change', () => {
  expect(within('2025-03-28T12:00Z', '2025-04-01T12:00Z', 'Europe/Berlin', 6)).toEqual([
    '03-28T23:00 Mar 29<br>2025',
    '03-29T23:00 Mar 30',
    '03-30T22:00 Mar 31',
    '03-31T22:00 Apr 1',
  ]);
});

test('half days stay at midnight and noon over the change', () => {
  const ticks = within('2025-03-29T00:00Z', '2025-03-31T12:00Z', 'America/New_York', 6);
  expect(ticks.map((tick) => tick.slice(12, 17))).toEqual([
    '00:00',
    '12:00',
    '00:00',
    '12:00',
    '00:00',
  ]);
});

test('months and years are those of the wall', () => {
  expect(within('2024-12-01T00:00Z', '2025-04-30T00:00Z', 'Europe/Berlin', 6)).toEqual([
    '12-31T23:00 Jan 2025',
    '01-31T23:00 Feb 2025',
    '02-28T23:00 Mar 2025',
    '03-31T22:00 Apr 2025',
  ]);
  expect(within('2000-06-01T00:00Z', '2004-06-01T00:00Z', 'Asia/Tokyo', 5)).toEqual([
    '12-31T15:00 2001',
    '12-31T15:00 2002',
    '12-31T15:00 2003',
    '12-31T15:00 2004',
  ]);
});

test('seconds and their fractions are told', () => {
  const zone = 'Asia/Kathmandu';
  expect(within('2025-01-01T00:00:00Z', '2025-01-01T00:00:02Z', zone, 2)).toHaveLength(3);
  const start = at('2025-01-01T00:00:00Z');
  expect(zoneTicks([start, start + 1], zone, 10).map(({ text }) => text)).toContain(
    '05:45:00.000100',
  );
});

test('every zone has about as many ticks as asked for at any zoom, ascending', () => {
  for (const zone of ['Europe/Berlin', 'America/St_Johns', 'Australia/Lord_Howe', 'Pacific/Apia']) {
    for (let span = 1; span < 1e13; span *= 3.7) {
      const low = at('2011-12-29T03:21:00Z');
      const all = zoneTicks([low, low + span], zone, 8).map(({ position }) => position);
      expect(all).toEqual([...new Set(all)].sort((a, b) => a - b));
      const seen = all.filter((position) => position >= low && position <= low + span);
      expect(seen.length).toBeLessThanOrEqual(11);
      expect(all.length).toBeGreaterThan(3);
    }
  }
});
