import { expect, test } from 'vitest';
import { binEnd } from '../../../../client/chart/select/bin-end.js';
import type { CalendarUnit } from '../../../../protocol/query-words.js';
import { calendarEdges } from '../../../../workers/calendar/edges.js';

/** Starts of bins and what is behind them, as the server cuts them. */
function edgesOf(unit: CalendarUnit, timeZone: string, from: string, to: string) {
  const [low, high] = [from, to].map((end) => BigInt(Date.parse(end)));
  const options = { step: { unit, every: 1 }, unit: 'ms', timeZone, low, high } as const;
  return [...calendarEdges({ ...options, low: low!, high: high! })].map(Number);
}

// Berlin and New York set their clocks at night, Beirut and Santiago at midnight, so that a day begins at one.
test.each([
  'UTC',
  'Europe/Berlin',
  'America/New_York',
  'Asia/Beirut',
  'America/Santiago',
  'Asia/Kolkata',
])('a bin ends where the next one of the server begins, in %s', (zone) => {
  const timeZone = zone === 'UTC' ? undefined : zone;
  for (const unit of ['day', 'week', 'month', 'quarter', 'year'] as const) {
    const edges = edgesOf(unit, zone, '2023-01-02T00:00Z', '2025-12-31T00:00Z');
    for (let i = 1; i < edges.length; i++)
      expect(binEnd(edges[i - 1]!, unit, timeZone), `${unit} ${edges[i - 1]}`).toBe(edges[i]);
  }
  for (const [from, to] of [
    ['2025-03-28T00:00Z', '2025-03-31T12:00Z'],
    ['2025-10-25T00:00Z', '2025-10-27T00:00Z'],
  ] as const) {
    for (const unit of ['hour', 'minute'] as const) {
      const edges = edgesOf(unit, zone, from, to);
      for (let i = 1; i < edges.length; i++)
        expect(binEnd(edges[i - 1]!, unit, timeZone), `${unit} ${edges[i - 1]}`).toBe(edges[i]);
    }
  }
});
