import { afterEach, expect, test } from 'vitest';
import { buildTestApp, type TestApp } from '../helpers.js';

let made: TestApp | undefined;
afterEach(() => made?.app.close());

const query = { dataset: 'a', mark: 'rows' };

test('a query is explained without being answered, and a frame in the cache is told', async () => {
  made = await buildTestApp();
  const { app, parts } = made;
  const explain = () => app.inject({ method: 'POST', url: '/api/v1/explain', payload: query });
  const first = await explain();
  expect(first.json()).toMatchObject({
    dataset: 'a',
    snapshot: 'snap-1',
    cached: false,
    plan: { tier: 'scan', reason: 'für alle', rows: 3, bytes: 24 },
    others: [],
    indexes: [],
    exact: true,
  });
  expect(first.headers['cache-control']).toBe('no-store');
  expect(parts.frames.entries()).toEqual([]);
  const frame = await app.inject({ method: 'POST', url: '/api/v1/frame', payload: query });
  const { key, cached } = (await explain()).json<{ key: string; cached: boolean }>();
  expect(cached).toBe(true);
  expect(frame.headers['cache-status']).toContain(`key="${key}"`);
});

test('a query of an unknown dataset is refused as its frame is', async () => {
  made = await buildTestApp();
  const payload = { ...query, dataset: 'b' };
  const answer = await made.app.inject({ method: 'POST', url: '/api/v1/explain', payload });
  expect(answer.statusCode).toBe(404);
  expect(answer.json()).toMatchObject({ code: 'DATASET_UNKNOWN' });
});
