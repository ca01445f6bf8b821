import { expect, test } from 'vitest';
import type { ConfigRefresh } from '../../../protocol/config/refresh.js';
import type { Run } from '../../../protocol/run.js';
import { scheduleOf } from '../../../protocol/schedule.js';
import { createJob, type JobOptions } from '../../../server/jobs/job.js';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const NOON = Date.parse('2026-06-01T12:00:00Z');

function run(changes: Partial<Run>): Run {
  return {
    id: 'x',
    dataset: 'a',
    trigger: 'schedule',
    state: 'done',
    plannedAt: new Date(NOON).toISOString(),
    startedAt: null,
    endedAt: null,
    attempt: 1,
    rows: null,
    bytes: null,
    snapshot: null,
    ...changes,
  };
}

const failed = (attempt: number, code = 'SOURCE_CORRUPT'): Run =>
  run({
    state: 'failed',
    attempt,
    problem: { type: '', title: '', status: 422, detail: '', code },
  });

function job(refresh: ConfigRefresh, options: Partial<JobOptions> = {}) {
  const schedule = scheduleOf(refresh);
  return createJob({
    schedule,
    history: [],
    now: NOON,
    random: () => 0.5,
    isNew: true,
    ...options,
  });
}

test('a run comes at its time, once', () => {
  const five = job({ cron: '*/5 * * * *' });
  expect(five.next(NOON)).toBe(NOON + 5 * MINUTE);
  expect(five.takeDue(NOON)).toBeUndefined();
  expect(five.takeDue(NOON + 5 * MINUTE - 1)).toBeUndefined();
  expect(five.takeDue(NOON + 5 * MINUTE)).toEqual({
    trigger: 'schedule',
    plannedAt: NOON + 5 * MINUTE,
    lateMs: 0,
    missed: false,
  });
  expect(five.takeDue(NOON + 5 * MINUTE)).toBeUndefined();
  expect(five.next(NOON + 5 * MINUTE)).toBe(NOON + 10 * MINUTE);
});

test('of several that have come the last is run', () => {
  const every = job({ every: '10s' });
  expect(every.takeDue(NOON + 35_000)).toMatchObject({ plannedAt: NOON + 30_000, lateMs: 5000 });
  expect(every.takeDue(NOON + 39_000)).toBeUndefined();
});

test('a restart repeats no run, and makes up for what was missed with one', () => {
  const ranAt = (at: number) => run({ plannedAt: new Date(at).toISOString() });
  const current = job({ cron: '0 * * * *' }, { history: [ranAt(NOON)], now: NOON + MINUTE });
  expect(current.takeDue(NOON + MINUTE)).toBeUndefined();
  expect(current.next(NOON + MINUTE)).toBe(NOON + HOUR);
  const late = job(
    { cron: '0 * * * *' },
    { history: [ranAt(NOON - 5 * HOUR)], now: NOON + MINUTE },
  );
  expect(late.takeDue(NOON + MINUTE)).toEqual({
    trigger: 'schedule',
    plannedAt: NOON,
    lateMs: MINUTE,
    missed: true,
  });
  expect(late.takeDue(NOON + MINUTE)).toBeUndefined();
});

test('a schedule that never ran begins with its next time', () => {
  expect(job({ cron: '0 * * * *' }, { now: NOON + MINUTE }).takeDue(NOON + MINUTE)).toBeUndefined();
});

test('one that was edited misses nothing of what was before', () => {
  const history = [run({ plannedAt: new Date(NOON - 5 * HOUR).toISOString() })];
  const edited = job({ cron: '0 * * * *' }, { history, now: NOON + MINUTE, isNew: false });
  expect(edited.takeDue(NOON + MINUTE)).toBeUndefined();
});

test('a run that ended with its server is run again, unless nothing is to be made up for', () => {
  const history = [failed(1, 'RUN_INTERRUPTED')];
  const now = NOON + MINUTE;
  const again = job({ cron: '0 * * * *' }, { history, now });
  expect(again.takeDue(now)).toEqual({ trigger: 'retry', plannedAt: now, attempt: 2 });
  expect(again.takeDue(now)).toBeUndefined();
  const not = job({ cron: '0 * * * *', catchUp: 'none' }, { history, now });
  expect(not.takeDue(now)).toBeUndefined();
});

test('it runs at the start where it is told to', () => {
  const atStart = job({ cron: '0 * * * *', runOnStart: true });
  expect(atStart.takeDue(NOON)).toEqual({ trigger: 'start' });
  expect(atStart.takeDue(NOON)).toBeUndefined();
  const edited = job({ cron: '0 * * * *', runOnStart: true }, { isNew: false });
  expect(edited.takeDue(NOON)).toBeUndefined();
});

test('jitter delays a run by its part of it, and not the time that it was planned for', () => {
  const spread = job({ cron: '0 * * * *', jitter: '60s' });
  expect(spread.next(NOON)).toBe(NOON + HOUR + 30_000);
  expect(spread.takeDue(NOON + HOUR + 29_999)).toBeUndefined();
  expect(spread.takeDue(NOON + HOUR + 30_000)).toMatchObject({ plannedAt: NOON + HOUR, lateMs: 0 });
});

test('a clock that is set back runs no time of a cron line twice', () => {
  const hourly = job({ cron: '0 * * * *' });
  expect(hourly.takeDue(NOON + HOUR)).toMatchObject({ plannedAt: NOON + HOUR });
  for (let now = NOON - HOUR; now <= NOON + HOUR + 1000; now += 1000)
    expect(hourly.takeDue(now), new Date(now).toISOString()).toBeUndefined();
  expect(hourly.next(NOON - HOUR)).toBe(NOON + 2 * HOUR);
  expect(hourly.takeDue(NOON + 2 * HOUR)).toMatchObject({ plannedAt: NOON + 2 * HOUR });
});

test('a clock that is set back does not stop a pace', () => {
  const every = job({ every: '30s' });
  every.takeDue(NOON + 30_000);
  const now = NOON - HOUR + 10_000;
  expect(every.takeDue(now)).toBeUndefined();
  expect(every.takeDue(now + 20_000)).toMatchObject({ trigger: 'schedule' });
});

test('a clock that was wrong by days starts a cron line anew', () => {
  const hourly = job({ cron: '0 * * * *' });
  hourly.takeDue(NOON + 48 * HOUR);
  expect(hourly.takeDue(NOON + 1000)).toBeUndefined();
  expect(hourly.takeDue(NOON + HOUR)).toMatchObject({ plannedAt: NOON + HOUR });
});

test('a clock that jumps forward by a day has one run', () => {
  const hourly = job({ cron: '0 * * * *' });
  const now = NOON + 24 * HOUR + 5 * MINUTE;
  expect(hourly.takeDue(now)).toMatchObject({ plannedAt: NOON + 24 * HOUR, missed: true });
  expect(hourly.takeDue(now)).toBeUndefined();
});

test('a failure is tried again after longer and longer delays, as often as it is granted', () => {
  const retry = { attempts: 3, delay: '10s', backoff: 3, maxDelay: '60s' };
  const daily = job({ cron: '0 0 * * *', retry });
  const delays: number[] = [];
  for (let attempt = 1; attempt <= 3; attempt++) {
    daily.ended(failed(attempt), NOON);
    delays.push(daily.next(NOON)! - NOON);
    expect(daily.takeDue(NOON + delays.at(-1)! - 1)).toBeUndefined();
    expect(daily.takeDue(NOON + delays.at(-1)!)).toMatchObject({ attempt: attempt + 1 });
  }
  expect(delays).toEqual([10_000, 30_000, 60_000]);
  daily.ended(failed(4), NOON);
  expect(daily.next(NOON)).toBe(NOON + 12 * HOUR);
});

test('what was refused, cancelled or interrupted is not tried again', () => {
  const daily = job({ cron: '0 0 * * *', retry: { attempts: 3 } });
  daily.ended(run({ state: 'refused' }), NOON);
  daily.ended(run({ state: 'cancelled' }), NOON);
  daily.ended(failed(1, 'RUN_INTERRUPTED'), NOON);
  expect(daily.next(NOON)).toBe(NOON + 12 * HOUR);
});

test('the next time of the schedule takes the place of a retry', () => {
  const every = job({ every: '1m', retry: { attempts: 1, delay: '5m' } });
  every.ended(failed(1), NOON);
  expect(every.takeDue(NOON + MINUTE)).toMatchObject({ trigger: 'schedule' });
  expect(every.next(NOON + MINUTE)).toBe(NOON + 2 * MINUTE);
});

test('out of force it has no times', () => {
  const off = job({ every: '1m', enabled: false });
  expect(off.next(NOON)).toBeUndefined();
  expect(off.takeDue(NOON + HOUR)).toBeUndefined();
});
