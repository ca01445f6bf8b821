import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { Run } from '../../../protocol/run.js';
import { HalftoneError } from '../../../server/errors.js';
import { createEventHub } from '../../../server/events/hub.js';
import type { ServerEvent } from '../../../server/events/server-event.js';
import { createRuns, KEPT_RUNS, type RunsOptions } from '../../../server/jobs/runs.js';
import { fakeSnapshot, fakeSource } from '../helpers.js';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'halftone-runs-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const source = fakeSource('a');
const START = Date.parse('2026-01-01T00:00:00Z');

function make(options: Partial<RunsOptions> = {}) {
  const time = { ms: START };
  const events = createEventHub({ epoch: 't' });
  const told: ServerEvent[] = [];
  events.subscribe(({ name, data }) => told.push({ name, data }));
  const runs = createRuns({ events, clock: () => time.ms, ...options });
  return { runs, time, told };
}

const onDisk = () => make({ dir: folder, mayWrite: () => true });

test('a run is planned, runs and ends, and each is told', () => {
  const { runs, time, told } = make();
  const open = runs.plan(source, { trigger: 'manual' });
  time.ms += 1000;
  open.start();
  time.ms += 500;
  open.done(fakeSnapshot('a', { rows: 7 }), undefined);
  expect(told.map(({ name, data }) => [name, data['state']])).toEqual([
    ['run', 'planned'],
    ['run', 'running'],
    ['run', 'done'],
  ]);
  expect(runs.list('a')).toMatchObject([
    {
      id: open.id,
      dataset: 'a',
      trigger: 'manual',
      state: 'done',
      plannedAt: '2026-01-01T00:00:00.000Z',
      startedAt: '2026-01-01T00:00:01.000Z',
      endedAt: '2026-01-01T00:00:01.500Z',
      attempt: 1,
      rows: 7,
      snapshot: 'snap-1',
    },
  ]);
});

test('a run that has ended stays as it is', () => {
  const { runs } = make();
  const open = runs.plan(source, { trigger: 'manual' });
  open.fail(new HalftoneError('LOAD_CANCELLED', 'x'));
  open.done(fakeSnapshot('a'), undefined);
  open.start();
  expect(runs.get(open.id)).toMatchObject({ state: 'cancelled', startedAt: null });
});

test('how a run ends otherwise follows from its error', () => {
  const { runs } = make();
  const errors = [
    new HalftoneError('LOAD_CANCELLED', 'x'),
    new HalftoneError('REFRESH_REFUSED', 'x'),
    new HalftoneError('SOURCE_CORRUPT', 'x'),
    new Error('x'),
  ];
  for (const error of errors) runs.plan(source, { trigger: 'start' }).fail(error);
  const states = runs.list().map(({ state }) => state);
  expect(states).toEqual(['failed', 'failed', 'refused', 'cancelled']);
});

test('its log is short, and no part of a list', () => {
  const { runs } = make();
  const open = runs.plan(source, { trigger: 'manual' });
  for (let i = 0; i < 1000; i++) open.log(`${i} ${'x'.repeat(1000)}`);
  const { log } = runs.get(open.id);
  expect(log).toHaveLength(200);
  expect(log!.at(-1)).toMatch(/^999 x{496}$/u);
  expect(runs.list()[0]).not.toHaveProperty('log');
});

test('skipped runs in a row are told as one', () => {
  const { runs } = make();
  const why = new HalftoneError('RUN_SKIPPED', 'busy');
  for (let i = 0; i < 3; i++) runs.skip(source, { trigger: 'schedule', plannedAt: START + i }, why);
  runs.plan(source, { trigger: 'manual' }).fail(why);
  runs.skip(source, { trigger: 'schedule' }, why);
  expect(runs.list().map(({ state, times }) => [state, times])).toEqual([
    ['skipped', undefined],
    ['failed', undefined],
    ['skipped', 3],
  ]);
});

test('the last of them are kept, across restarts', async () => {
  const first = onDisk();
  for (let i = 0; i < KEPT_RUNS + 50; i++) {
    first.time.ms++;
    first.runs.plan(source, { trigger: 'change' }).done(fakeSnapshot('a', { rows: i }), undefined);
  }
  await first.runs.flushed();
  const { runs } = onDisk();
  runs.adopt(source);
  expect(runs.list().map(({ rows }) => rows)).toEqual(
    Array.from({ length: KEPT_RUNS }, (_, i) => KEPT_RUNS + 49 - i),
  );
});

test('a run after the clock was set back between two processes is the newest, and no other takes its place', async () => {
  const first = onDisk();
  for (let i = 0; i < KEPT_RUNS; i++)
    first.runs.plan(source, { trigger: 'change' }).done(fakeSnapshot('a', { rows: i }), undefined);
  await first.runs.flushed();
  for (const rows of [1000, 1001]) {
    const { runs, time } = onDisk();
    time.ms -= 86_400_000;
    runs.adopt(source);
    runs.plan(source, { trigger: 'change' }).done(fakeSnapshot('a', { rows }), undefined);
    expect(runs.list()[0]).toMatchObject({ rows });
    await runs.flushed();
  }
  const { runs } = onDisk();
  runs.adopt(source);
  expect(runs.list().map(({ rows }) => rows)).toEqual([
    1001,
    1000,
    ...Array.from({ length: KEPT_RUNS - 2 }, (_, i) => KEPT_RUNS - 1 - i),
  ]);
});

test('one that was open when its process ended is told as interrupted', async () => {
  const first = onDisk();
  const killed = first.runs.plan(source, { trigger: 'schedule' });
  killed.start();
  await first.runs.flushed();
  const second = onDisk();
  second.runs.adopt(source);
  const interrupted = { state: 'failed', endedAt: null, problem: { code: 'RUN_INTERRUPTED' } };
  expect(second.runs.get(killed.id)).toMatchObject(interrupted);
  await second.runs.flushed();
  const reader = make({ dir: folder });
  reader.runs.adopt(source);
  expect(reader.runs.get(killed.id)).toMatchObject(interrupted);
});

test('a process that may not write leaves the runs of the one that does as they are, until it may', async () => {
  const first = onDisk();
  const running = first.runs.plan(source, { trigger: 'schedule' });
  running.start();
  await first.runs.flushed();
  let mayWrite = false;
  const second = make({ dir: folder, mayWrite: () => mayWrite });
  second.time.ms += 1000;
  second.runs.adopt(source);
  expect(second.runs.get(running.id).state).toBe('running');
  const own = second.runs.plan(source, { trigger: 'start' });
  own.done(fakeSnapshot('a'), undefined);
  await second.runs.flushed();
  const read = (): Run[] => {
    const reader = make({ dir: folder });
    reader.runs.adopt(source);
    return reader.runs.list();
  };
  expect(read().map(({ id, state }) => [id, state])).toEqual([[running.id, 'running']]);

  running.done(fakeSnapshot('a'), undefined);
  await first.runs.flushed();
  mayWrite = true;
  second.time.ms += 1000;
  const later = second.runs.plan(source, { trigger: 'manual' });
  later.done(fakeSnapshot('a'), undefined);
  await second.runs.flushed();
  expect(read().map(({ id, state }) => [id, state])).toEqual([
    [later.id, 'done'],
    [own.id, 'done'],
    [running.id, 'done'],
  ]);
});

test('an unknown id is said to be one', () => {
  expect(() => make().runs.get('x')).toThrow('There is no run "x".');
});
