import { expect, test } from 'vitest';
import type { ConfigRefresh } from '../../../protocol/config/refresh.js';
import { scheduleOf } from '../../../protocol/schedule.js';
import { createCatalog } from '../../../server/catalog/catalog.js';
import type { CatalogParts } from '../../../server/catalog/parts.js';
import { HalftoneError } from '../../../server/errors.js';
import { createEventHub } from '../../../server/events/hub.js';
import { createJobs, type Jobs } from '../../../server/jobs/jobs.js';
import { createRuns } from '../../../server/jobs/runs.js';
import type { DatasetSource } from '../../../server/loader/source.js';
import { fakeParts, fakeSnapshot, fakeSource } from '../helpers.js';

const NOON = Date.parse('2026-06-01T12:00:00Z');
const MINUTE = 60_000;

function scheduled(refresh: ConfigRefresh, name = 'a'): DatasetSource {
  return {
    ...fakeSource(name),
    kind: 'command',
    files: [],
    command: { argv: ['true'], cwd: '/' },
    schedule: scheduleOf(refresh),
  };
}

interface Options {
  parts?: Partial<CatalogParts>;
  mayRun?: () => boolean;
}

function make({ parts = {}, mayRun = () => true }: Options = {}) {
  const time = { ms: NOON };
  const events = createEventHub({ epoch: 't' });
  const clock = () => time.ms;
  let jobs: Jobs | undefined;
  const runs = createRuns({ events, clock, onEnded: (run) => jobs?.ended(run) });
  const catalog = createCatalog({
    parts: fakeParts(parts),
    events,
    runs,
    now: () => 0,
    loadsAtOnce: 4,
  });
  const paused = new Map<string, string>();
  jobs = createJobs({
    catalog,
    runs,
    pauses: {
      since: (name) => paused.get(name),
      async set(name, at) {
        if (at === undefined) paused.delete(name);
        else paused.set(name, at);
      },
    },
    mayRun,
    clock,
    random: () => 0,
  });
  const tickAt = async (ms: number): Promise<number> => {
    time.ms = ms;
    const wait = jobs.tick();
    await catalog.idle();
    return wait;
  };
  const told = () => runs.list().map(({ trigger, state }) => `${trigger} ${state}`);
  return { jobs, catalog, runs, time, tickAt, told, paused };
}

test('a schedule is carried out, and tells when it is looked at again', async () => {
  const { catalog, tickAt, told, runs } = make();
  catalog.add([scheduled({ every: '30s' })]);
  await catalog.idle();
  expect(await tickAt(NOON)).toBe(1000);
  expect(await tickAt(NOON + 29_750)).toBe(250);
  expect(await tickAt(NOON + 30_000)).toBe(1000);
  expect(told()).toEqual(['schedule done', 'start done']);
  expect(runs.list()[0]!.plannedAt).toBe('2026-06-01T12:00:30.000Z');
});

test('of several servers the one that holds the folder carries it out, another when that is gone', async () => {
  let isOurs = false;
  const { catalog, tickAt, told, jobs } = make({ mayRun: () => isOurs });
  catalog.add([scheduled({ every: '30s' })]);
  await tickAt(NOON);
  await tickAt(NOON + MINUTE);
  expect(told()).toEqual(['start done']);
  expect(jobs.times('a').nextRun).toBeNull();
  await expect(jobs.pause('a')).rejects.toMatchObject({ code: 'CACHE_LOCKED' });
  isOurs = true;
  await tickAt(NOON + 2 * MINUTE);
  expect(jobs.times('a').nextRun).toBe('2026-06-01T12:02:30.000Z');
  await tickAt(NOON + 2.5 * MINUTE);
  expect(told()).toEqual(['schedule done', 'start done']);
});

test('a paused schedule waits until it is resumed, and makes up for nothing', async () => {
  const { catalog, jobs, tickAt, told } = make();
  catalog.add([scheduled({ every: '30s' })]);
  await tickAt(NOON);
  await jobs.pause('a');
  expect(jobs.times('a')).toEqual({ nextRun: null, pausedSince: '2026-06-01T12:00:00.000Z' });
  await tickAt(NOON + 10 * MINUTE);
  expect(told()).toEqual(['start done']);
  await jobs.resume('a');
  await tickAt(NOON + 10 * MINUTE + 1000);
  expect(told()).toEqual(['start done']);
  await tickAt(NOON + 10.5 * MINUTE);
  expect(told()).toEqual(['schedule done', 'start done']);
  await expect(jobs.pause('b')).rejects.toMatchObject({ code: 'DATASET_UNKNOWN' });
  catalog.add([fakeSource('b')]);
  await expect(jobs.pause('b')).rejects.toMatchObject({ code: 'SCHEDULE_UNKNOWN' });
});

test('what fails is tried again, and a good run ends that', async () => {
  let failures = 2;
  const { catalog, tickAt, told, runs } = make({
    parts: {
      load: async ({ name }, { previous }) => {
        if (previous !== undefined && failures-- > 0)
          throw new HalftoneError('SOURCE_UNREACHABLE', 'x');
        return fakeSnapshot(name);
      },
    },
  });
  catalog.add([scheduled({ cron: '0 * * * *', retry: { attempts: 5, delay: '10s' } })]);
  await tickAt(NOON);
  const one = NOON + 60 * MINUTE;
  await tickAt(one);
  await tickAt(one + 9000);
  expect(told()).toEqual(['schedule failed', 'start done']);
  await tickAt(one + 10_000);
  await tickAt(one + 30_000);
  await tickAt(one + 50 * MINUTE);
  expect(told()).toEqual(['retry done', 'retry failed', 'schedule failed', 'start done']);
  expect(runs.list().map(({ attempt }) => attempt)).toEqual([3, 2, 1, 1]);
});

test('a version that a guard refuses leaves the one before, and a person may force it', async () => {
  let rows = 1000;
  const { catalog, tickAt, told, runs } = make({
    parts: {
      load: async ({ name }, { accept }) => {
        const snapshot = fakeSnapshot(name, { rows, id: `snap-${rows}` });
        accept?.(snapshot.manifest);
        return snapshot;
      },
    },
  });
  catalog.add([scheduled({ every: '30s' })]);
  await tickAt(NOON);
  rows = 100;
  await tickAt(NOON + 30_000);
  expect(told()).toEqual(['schedule refused', 'start done']);
  expect(runs.list()[0]!.problem).toMatchObject({
    code: 'REFRESH_REFUSED',
    detail: 'The new version of "a" has 100 rows in place of 1000: 90 % are gone.',
  });
  expect(catalog.get('a')).toMatchObject({
    status: 'ready',
    rows: 1000,
    stale: true,
    problem: { code: 'REFRESH_REFUSED' },
  });
  expect(catalog.refresh('a', { trigger: 'manual', force: true }).state).toBe('planned');
  await catalog.idle();
  expect(catalog.get('a')).toMatchObject({ rows: 100 });
  expect(catalog.get('a').stale).toBeUndefined();
});

test('a run that could not begin in time is skipped, as is one that was missed where none is made up for', async () => {
  const { catalog, tickAt, told } = make();
  catalog.add([
    scheduled({ cron: '0 * * * *', startDeadline: '10s' }, 'a'),
    scheduled({ cron: '0 * * * *', catchUp: 'none' }, 'b'),
    scheduled({ cron: '0 * * * *' }, 'c'),
  ]);
  await tickAt(NOON);
  await tickAt(NOON + 90 * MINUTE);
  expect(told().slice(0, 3).sort()).toEqual([
    'schedule done',
    'schedule skipped',
    'schedule skipped',
  ]);
});

test('it runs at the start, joining the load that is under way', async () => {
  const { catalog, jobs, told } = make();
  catalog.add([scheduled({ every: '1h', runOnStart: true })]);
  jobs.tick();
  await catalog.idle();
  expect(told()).toEqual(['start done']);
});

test('what is on disk of a scheduled dataset answers until its time comes', async () => {
  let loads = 0;
  const { catalog, tickAt, told } = make({
    parts: {
      reopen: async ({ name }) => fakeSnapshot(name, { mtimeNs: '0', id: 'old' }),
      load: async ({ name }) => (loads++, fakeSnapshot(name)),
    },
  });
  const schedule = scheduleOf({ every: '30s' });
  catalog.add([{ ...fakeSource('a'), schedule }]);
  await tickAt(NOON);
  await catalog.checkSources();
  await catalog.idle();
  expect([loads, catalog.get('a').snapshot]).toEqual([0, 'old']);
  await tickAt(NOON + 30_000);
  expect([loads, catalog.get('a').snapshot]).toEqual([1, 'snap-1']);
  expect(told()).toEqual(['schedule done']);
});

test('schedules that come, change and go are followed', async () => {
  const { catalog, tickAt, told, jobs } = make();
  catalog.add([scheduled({ every: '30s' })]);
  await tickAt(NOON);
  catalog.replace(scheduled({ every: '1h' }));
  await tickAt(NOON + MINUTE);
  expect(jobs.times('a').nextRun).toBe('2026-06-01T13:00:00.000Z');
  catalog.remove('a');
  await tickAt(NOON + 61 * MINUTE);
  expect(jobs.times('a').nextRun).toBeNull();
  expect(told().filter((one) => one.startsWith('schedule'))).toEqual([]);
});
