import { expect, test } from 'vitest';
import { inOrder, isFailing, lastEnded, secondsOf } from '../../../../client/app/jobs/job-order.js';
import type { JobInfo } from '../../../../protocol/job.js';
import type { Run, RunState } from '../../../../protocol/run.js';

function run(state: RunState, changes: Partial<Run> = {}): Run {
  const at = '2026-01-01T00:00:00.000Z';
  const none = { rows: null, bytes: null, snapshot: null, startedAt: null, endedAt: null };
  return {
    id: state,
    dataset: 'a',
    trigger: 'manual',
    state,
    plannedAt: at,
    attempt: 1,
    ...none,
    ...changes,
  };
}

function job(dataset: string, states: readonly RunState[], isScheduled = false): JobInfo {
  const refresh = { everyMs: 1000, enabled: true, nextRun: null, pausedSince: null };
  return {
    dataset,
    refresh: isScheduled ? refresh : null,
    follows: null,
    runs: states.map((one) => run(one)),
  };
}

test('failures come first, then what runs, what is scheduled, and the others by name', () => {
  const jobs = [
    job('b', ['done']),
    job('a', []),
    job('scheduled', ['done'], true),
    job('running', ['running', 'done']),
    job('refused', ['planned', 'skipped', 'refused', 'done']),
    job('failed', ['failed']),
  ];
  expect(inOrder(jobs).map(({ dataset }) => dataset)).toEqual([
    'failed',
    'refused',
    'running',
    'scheduled',
    'a',
    'b',
  ]);
});

test('what was skipped or cancelled is no failure', () => {
  expect(isFailing(job('a', ['skipped', 'done', 'failed']))).toBe(false);
  expect(isFailing(job('a', ['cancelled', 'failed']))).toBe(false);
  expect(lastEnded(job('a', ['running', 'skipped']))).toBeUndefined();
});

test('a run that was killed took nobody knows how long', () => {
  const startedAt = '2026-01-01T00:00:00.000Z';
  expect(secondsOf(run('done', { startedAt, endedAt: '2026-01-01T00:00:02.500Z' }))).toBe(2.5);
  expect(secondsOf(run('failed', { startedAt }))).toBeUndefined();
});
