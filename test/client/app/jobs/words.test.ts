import { expect, test } from 'vitest';
import { changeWords } from '../../../../client/app/jobs/change-words.js';
import { scheduleWords } from '../../../../client/app/jobs/schedule-words.js';
import { timeUntil, zonedTime } from '../../../../client/app/jobs/zoned-time.js';
import type { Changes } from '../../../../protocol/run.js';

const rest = { enabled: true, nextRun: null, pausedSince: null };

test('schedules are told in words, and a line that has none as it is', async () => {
  expect(await scheduleWords({ everyMs: 30_000, ...rest })).toBe('Every 30 s');
  expect(await scheduleWords({ cron: '*/5 * * * *', ...rest })).toBe('Every 5 minutes');
  expect(await scheduleWords({ cron: '0 6 * * 1-5', ...rest })).toBe(
    'At 06:00, Monday through Friday',
  );
  expect(await scheduleWords({ cron: 'x', ...rest })).toBe('x');
});

test('times are told in a zone, and from now', () => {
  expect(zonedTime('2026-11-29T21:00:00Z', 'Asia/Tokyo')).toBe('Mon 30 Nov, 06:00');
  expect(zonedTime('2026-11-29T21:00:05Z', 'UTC', true)).toBe('Sun 29 Nov, 21:00:05');
  const now = Date.parse('2026-01-01T00:00:00Z');
  const until = (ms: number) => timeUntil(new Date(now + ms).toISOString(), now);
  expect([-5, 0, 12_000, 150_000, 3 * 3_600_000, 5 * 86_400_000].map(until)).toEqual([
    'now',
    'now',
    'in 12 s',
    'in 3 min',
    'in 3 h',
    'in 5 days',
  ]);
});

test('what a run changed is told in sentences', () => {
  const same: Changes = {
    rowsBefore: 10,
    rowsAfter: 10,
    columnsAdded: [],
    columnsRemoved: [],
    columnsRetyped: [],
    categories: [],
  };
  expect(changeWords(same)).toEqual(['Replaced: as many rows and the same columns as before']);
  expect(changeWords({ ...same, rowsAfter: 9 })).toEqual(['replaced: 1 row fewer']);
  expect(changeWords({ ...same, rowsAdded: 0, rowsRemoved: 0 })).toEqual(['No rows came or went']);
  expect(changeWords({ ...same, rowsAfter: 12, rowsAdded: 2, rowsRemoved: 0 })).toEqual([
    '2 rows added',
  ]);
  expect(
    changeWords({
      ...same,
      rowsAfter: 2010,
      columnsAdded: ['a'],
      columnsRemoved: ['b'],
      columnsRetyped: [{ column: 'c', from: 'BIGINT', to: 'VARCHAR' }],
      categories: [{ column: 'd', before: 2, after: 3 }],
    }),
  ).toEqual([
    'replaced: 2,000 rows more',
    'column a is new',
    'column b is gone',
    'column c is VARCHAR, was BIGINT',
    'd has 3 different values, had 2',
  ]);
});
