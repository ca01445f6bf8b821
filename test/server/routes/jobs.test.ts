import { afterEach, expect, test } from 'vitest';
import type { DatasetInfo } from '../../../protocol/dataset.js';
import type { JobInfo } from '../../../protocol/job.js';
import { scheduleOf } from '../../../protocol/schedule.js';
import { followed } from '../../../server/jobs/refresh-info.js';
import { buildTestApp, fakeSource, type TestApp, type TestAppOptions } from '../helpers.js';

let made: TestApp | undefined;
afterEach(() => made?.app.close());

async function ask(options: TestAppOptions = {}) {
  made = await buildTestApp(options);
  const { app, catalog } = made;
  catalog.add([{ ...fakeSource('b'), schedule: scheduleOf({ every: '30s' }) }]);
  await catalog.idle();
  return async (method: 'GET' | 'POST' | 'DELETE', url: string) => {
    const answer = await app.inject({ method, url: `/api/v1/${url}` });
    return { status: answer.statusCode, json: answer.json<unknown>() };
  };
}

test('every dataset is listed with its runs, and with its schedule where it has one', async () => {
  const call = await ask();
  const { jobs } = (await call('GET', 'jobs')).json as { jobs: JobInfo[] };
  expect(jobs).toMatchObject([
    { dataset: 'a', refresh: null, follows: 'files', runs: [{ trigger: 'start', state: 'done' }] },
    {
      dataset: 'b',
      refresh: { everyMs: 30_000, enabled: true, pausedSince: null },
      follows: null,
    },
  ]);
  const { datasets } = (await call('GET', 'datasets')).json as { datasets: DatasetInfo[] };
  expect(datasets.map(({ refresh }) => refresh?.everyMs)).toEqual([undefined, 30_000]);
});

test('whose changes begin loads is told', () => {
  const source = fakeSource('a');
  const sql = { query: 'SELECT 1', inputs: [] };
  expect(followed(source)).toBe('files');
  expect(followed({ ...source, schedule: scheduleOf({ every: '30s' }) })).toBe(null);
  expect(followed({ ...source, kind: 'command', files: [] })).toBe(null);
  expect(followed({ ...source, kind: 'sql', sql: { ...sql, inputs: [source] } })).toBe('files');
  expect(followed({ ...source, kind: 'sql', sql: { ...sql, over: ['b'] } })).toBe('datasets');
});

test('a schedule is paused and resumed', async () => {
  const call = await ask();
  expect(await call('POST', 'datasets/b/pause')).toMatchObject({
    status: 200,
    json: { dataset: 'b', refresh: { nextRun: null, pausedSince: '1970-01-01T00:00:00.000Z' } },
  });
  expect(await call('DELETE', 'datasets/b/pause')).toMatchObject({
    json: { refresh: { nextRun: '1970-01-01T00:00:30.000Z', pausedSince: null } },
  });
  expect(await call('POST', 'datasets/a/pause')).toMatchObject({
    status: 404,
    json: { code: 'SCHEDULE_UNKNOWN' },
  });
});

test('a server that is read-only pauses none', async () => {
  const call = await ask({ config: { readOnly: true } });
  for (const method of ['POST', 'DELETE'] as const) {
    expect((await call(method, 'datasets/b/pause')).json).toMatchObject({ code: 'READ_ONLY' });
  }
});
