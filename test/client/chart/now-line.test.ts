import { expect, test } from 'vitest';
import { axisOf } from '../../../client/chart/axis.js';
import { shareOfNow } from '../../../client/chart/now-line.js';
import { hasNowLine, reachesNow } from '../../../client/app/picture/now-default.js';
import type { ColumnInfo } from '../../../protocol/column.js';
import type { Plot } from '../../../protocol/view/plot.js';

const NOW = Date.UTC(2026, 10, 28, 12);
const HOUR = 3_600_000;
const view = { x: [NOW - 3 * HOUR, NOW + HOUR], y: [0, 1] } as const;
const instants = axisOf('x', undefined, ['2026-11-28T09:00:00Z', '2026-11-28T13:00:00Z']);
const local = axisOf('x', undefined, ['2026-11-28T09:00:00', '2026-11-28T13:00:00']);

test('the present stands where it is on an axis of instants, and nowhere off it', () => {
  expect(shareOfNow(view, instants, NOW)).toBe(0.75);
  expect(shareOfNow(view, instants, NOW + HOUR)).toBe(1);
  expect(shareOfNow(view, instants, NOW + HOUR + 1)).toBeUndefined();
  expect(shareOfNow(view, instants, NOW - 4 * HOUR)).toBeUndefined();
});

test('times without a zone are those of the clock of who looks', () => {
  const offset = new Date(NOW).getTimezoneOffset() * 60_000;
  expect(shareOfNow(view, local, NOW + offset)).toBe(0.75);
});

test('numbers and times of day have no present', () => {
  expect(shareOfNow(view, axisOf('x', undefined, [0, 1]), NOW)).toBeUndefined();
  expect(shareOfNow(view, axisOf('x', undefined, ['08:00:00', '17:00:00']), NOW)).toBeUndefined();
});

const column = (min: string, max: string): ColumnInfo =>
  ({ name: 't', kind: 'time', zoned: true, min, max }) as unknown as ColumnInfo;
const plot = (x: ColumnInfo, now?: boolean): Plot => ({ mark: 'line', x, now }) as unknown as Plot;

test('the line is there by itself where the data reach the present, and by choice elsewhere', () => {
  const old = column('2001-01-01T00:00:00Z', '2001-12-31T00:00:00Z');
  const live = column('2026-11-28T10:00:00Z', '2026-11-28T11:59:58Z');
  const planned = column('2026-11-28T10:00:00Z', '2027-02-01T00:00:00Z');
  const future = column('2027-01-01T00:00:00Z', '2027-02-01T00:00:00Z');
  expect([old, live, planned, future].map((x) => reachesNow({ x }, NOW))).toEqual([
    false,
    true,
    true,
    false,
  ]);
  expect(hasNowLine(plot(old), NOW)).toBe(false);
  expect(hasNowLine(plot(old, true), NOW)).toBe(true);
  expect(hasNowLine(plot(live), NOW)).toBe(true);
  expect(hasNowLine(plot(live, false), NOW)).toBe(false);
  expect(hasNowLine({ ...plot(live, true), mark: 'bar' }, NOW)).toBe(false);
});
