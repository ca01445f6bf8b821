import { expect, test } from 'vitest';
import { milliseconds, scheduleOf } from '../../protocol/schedule.js';

test('lengths of time are read in every unit', () => {
  expect(['250ms', '1.5s', '2 m', '12h', '7d', '2w'].map(milliseconds)).toEqual([
    250, 1500, 120_000, 43_200_000, 604_800_000, 1_209_600_000,
  ]);
});

test('what is left out has its default', () => {
  expect(scheduleOf({ cron: '0 6 * * *' })).toEqual({
    when: { cron: '0 6 * * *', timeZone: 'UTC' },
    enabled: true,
    runOnStart: false,
    jitterMs: 0,
    overlap: 'skip',
    startDeadlineMs: null,
    catchUp: 'last',
    timeoutMs: null,
    retry: { attempts: 0, delayMs: 10_000, backoff: 2, maxDelayMs: 600_000 },
    guards: { minRows: 1, maxDrop: 0.8, schema: 'additive' },
    keep: { snapshots: 2, ageMs: null, bytes: null },
  });
});

test('shares and sizes are numbers', () => {
  const { guards, keep, when } = scheduleOf({
    guards: { maxDrop: '12.5 %' },
    keep: { bytes: '1.5GiB', age: '30d' },
  });
  expect(guards.maxDrop).toBe(0.125);
  expect(keep).toEqual({ snapshots: 2, ageMs: 30 * 86_400_000, bytes: 1.5 * 2 ** 30 });
  expect(scheduleOf({ keep: { bytes: '20kB' } }).keep.bytes).toBe(20_000);
  expect(when).toBeNull();
});
