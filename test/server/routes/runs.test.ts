import { afterEach, expect, test } from 'vitest';
import type { Run } from '../../../protocol/run.js';
import { HalftoneError } from '../../../server/errors.js';
import { buildTestApp, type TestApp, type TestAppOptions } from '../helpers.js';

let made: TestApp | undefined;
afterEach(() => made?.app.close());

async function ask(options: TestAppOptions = {}) {
  made = await buildTestApp(options);
  const { app, catalog } = made;
  const call = async (method: 'GET' | 'POST' | 'DELETE', url: string, body?: object) => {
    const answer = await app.inject({ method, url: `/api/v1/${url}`, ...(body && { body }) });
    return { status: answer.statusCode, json: answer.json<Run & { runs: Run[]; code: string }>() };
  };
  return { call, catalog };
}

test('a run is begun, listed and followed', async () => {
  const { call, catalog } = await ask({ datasets: ['a', 'b'] });
  const begun = await call('POST', 'datasets/a/refresh');
  expect(begun).toMatchObject({ status: 202, json: { dataset: 'a', trigger: 'manual' } });
  await catalog.idle();
  expect((await call('GET', `runs/${begun.json.id}`)).json).toMatchObject({
    state: 'done',
    rows: 3,
    snapshot: 'snap-1',
  });
  const states = async (query: string) =>
    (await call('GET', `runs${query}`)).json.runs.map(
      ({ dataset, trigger }) => `${dataset} ${trigger}`,
    );
  expect(await states('')).toEqual(['a manual', 'b start', 'a start']);
  expect(await states('?dataset=b')).toEqual(['b start']);
  expect(await states('?limit=1')).toEqual(['a manual']);
});

test('a run is cancelled, and the answer comes when it has ended', async () => {
  const { call, catalog } = await ask({
    catalogParts: {
      load: (_source, { signal }) =>
        new Promise((_resolve, reject) => {
          signal.addEventListener('abort', () => reject(new HalftoneError('LOAD_CANCELLED', 'x')));
        }),
    },
    settle: false,
  });
  await expect.poll(async () => (await call('GET', 'runs')).json.runs[0]?.state).toBe('running');
  const { id } = (await call('GET', 'runs')).json.runs[0]!;
  expect(await call('DELETE', `runs/${id}`)).toMatchObject({
    status: 200,
    json: { id, state: 'cancelled', problem: { code: 'LOAD_CANCELLED' } },
  });
  await catalog.idle();
});

test('what is not there is said to be so', async () => {
  const { call } = await ask();
  for (const [method, url, status, code] of [
    ['GET', 'runs/x', 404, 'RUN_UNKNOWN'],
    ['DELETE', 'runs/x', 404, 'RUN_UNKNOWN'],
    ['GET', 'runs?dataset=x', 404, 'DATASET_UNKNOWN'],
    ['POST', 'datasets/x/refresh', 404, 'DATASET_UNKNOWN'],
    ['GET', 'runs?limit=0', 400, 'QUERY_INVALID'],
  ] as const) {
    expect(await call(method, url), url).toMatchObject({ status, json: { code } });
  }
  expect((await call('POST', 'datasets/a/refresh', { forced: true })).status).toBe(400);
});

test('a server that is read-only begins and cancels none', async () => {
  const { call } = await ask({ config: { readOnly: true } });
  const [run] = (await call('GET', 'runs')).json.runs;
  expect((await call('POST', 'datasets/a/refresh')).json.code).toBe('READ_ONLY');
  expect((await call('DELETE', `runs/${run!.id}`)).json.code).toBe('READ_ONLY');
});
