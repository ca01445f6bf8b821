import { Value } from 'typebox/value';
import { afterEach, describe, expect, test } from 'vitest';
import { Problem } from '../../../protocol/problem.js';
import { type ErrorCode, ERRORS, HalftoneError } from '../../../server/errors.js';
import { addressOf, buildTestApp, fakeEngine, type TestApp } from '../helpers.js';

let made: TestApp | undefined;
afterEach(() => made?.app.close());

const codes = Object.keys(ERRORS) as ErrorCode[];
const address = `/api/v1/frame?q=${addressOf({ dataset: 'a', mark: 'rows' })}`;

test('every error is told as a problem document', async () => {
  let code: ErrorCode = 'INTERNAL';
  const engine = {
    ...fakeEngine(),
    frame: () =>
      Promise.reject(new HalftoneError(code, 'The value "7" is wrong.', { hint: 'Try 8.' })),
  };
  made = await buildTestApp({ parts: { engine } });
  for (code of codes) {
    const answer = await made.app.inject(address);
    const problem = answer.json<Problem>();
    expect(answer.headers['content-type'], code).toMatch(/^application\/problem\+json/u);
    expect(Value.Check(Problem, problem), code).toBe(true);
    expect(answer.headers.etag).toBeUndefined();
    expect(answer.headers['cache-control']).toBe('no-store');
    expect(answer.statusCode).toBe(ERRORS[code].status);
    const detail = 'The value "7" is wrong.';
    expect(problem).toMatchObject({ code, status: ERRORS[code].status, detail, hint: 'Try 8.' });
  }
});

test('an error of our own is told without its words, and written to the log', async () => {
  const failure = new Error('secret path /home/x');
  made = await buildTestApp({
    parts: { engine: { ...fakeEngine(), frame: () => Promise.reject(failure) } },
  });
  const answer = await made.app.inject(address);
  expect(answer.json()).toMatchObject({ status: 500, code: 'INTERNAL' });
  expect(answer.body).not.toContain('secret');
  expect(made.reported).toEqual([failure]);
});

describe('what Fastify refuses', () => {
  const cases = [
    ['an unknown address', { url: '/api/v1/nowhere' }, 404, 'ROUTE_UNKNOWN'],
    ['an unknown page', { method: 'POST', url: '/nowhere' }, 404, 'ROUTE_UNKNOWN'],
    ['a method that does not fit', { method: 'DELETE', url: '/api/v1/frame' }, 405, 'METHOD_NOT_ALLOWED'],
    ['a method on a dataset', { method: 'PUT', url: '/api/v1/datasets/a' }, 405, 'METHOD_NOT_ALLOWED'],
    ['a body that is no JSON', { method: 'POST', url: '/api/v1/frame', payload: '{', json: true }, 400, 'QUERY_INVALID'],
    ['an empty body', { method: 'POST', url: '/api/v1/frame', payload: '', json: true }, 400, 'QUERY_INVALID'],
    ['a body of another kind', { method: 'POST', url: '/api/v1/frame', payload: 'a=1' }, 415, 'MEDIA_TYPE_UNSUPPORTED'],
    ['a body that is too large', { method: 'POST', url: '/api/v1/frame', payload: `"${'x'.repeat(2 ** 20)}"`, json: true }, 413, 'BODY_TOO_LARGE'],
    ['an address without its query', { url: '/api/v1/frame' }, 400, 'QUERY_INVALID'],
    ['an address that is no address', { url: '/api/v1/datasets/%E0%A4%A' }, 400, 'QUERY_INVALID'],
    ['a parameter out of range', { url: '/api/v1/datasets/a/columns/x/values?limit=-1' }, 400, 'QUERY_INVALID'],
    ['an unknown dataset', { url: '/api/v1/datasets/zzz' }, 404, 'DATASET_UNKNOWN'],
    ['a row that is not there', { url: '/api/v1/datasets/a/rows/3' }, 404, 'ROW_UNKNOWN'],
    ['a row that is no number', { url: '/api/v1/datasets/a/rows/-1' }, 404, 'ROW_UNKNOWN'],
    ['an export of no kind', { url: '/api/v1/datasets/a/export?format=xls' }, 400, 'QUERY_INVALID'],
    ['filters that are no JSON', { url: '/api/v1/datasets/a/export?filters=[' }, 400, 'QUERY_INVALID'],
  ] as const; // prettier-ignore

  test.each(cases)('%s is a problem document too', async (_what, request, status, code) => {
    made = await buildTestApp();
    const { json, ...rest } = { json: false, ...request };
    const type = json ? 'application/json' : 'application/x-www-form-urlencoded';
    const headers = 'payload' in request ? { 'content-type': type } : {};
    const answer = await made.app.inject({ ...rest, headers });
    expect(answer.headers['content-type']).toMatch(/^application\/problem\+json/u);
    expect(answer.json()).toMatchObject({ status, code });
    expect(answer.statusCode).toBe(status);
    expect(answer.json<Problem>().detail).toMatch(/^[^\n]{10,300}\.$/u);
  });

  test('a method that does not fit is told which do', async () => {
    made = await buildTestApp();
    const answer = await made.app.inject({ method: 'PATCH', url: '/api/v1/frame' });
    expect(answer.headers.allow).toBe('GET, HEAD, OPTIONS, POST');
  });
});

describe('a wrong path', () => {
  const BROWSER = 'text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8';
  const ask = (url: string, accept?: string, method: 'GET' | 'POST' = 'GET') =>
    made!.app.inject({ method, url, headers: accept === undefined ? {} : { accept } });

  test('gives a browser a page with the way back, in which what was asked for is text', async () => {
    made = await buildTestApp();
    const page = await ask('/no/such/<img src=x>&amp;?q=1', BROWSER);
    expect(page.statusCode).toBe(404);
    expect(page.headers['content-type']).toBe('text/html; charset=utf-8');
    expect(page.headers['cache-control']).toBe('no-store');
    expect(page.body).toContain('href="./"');
    expect(page.body).not.toContain('<img src=x');
    expect(page.body).toContain('&#38;amp;');
  });

  test('stays a problem for programs, for the API and for what is no look at an address', async () => {
    made = await buildTestApp();
    const answers = [
      await ask('/no/such/page'),
      await ask('/no/such/page', '*/*'),
      await ask('/no/such/page', 'application/json, text/html;q=0.5'),
      await ask('/no/such/page', 'text/html;q=0'),
      await ask('/api/v1/nowhere', BROWSER),
      await ask('/no/such/page', BROWSER, 'POST'),
    ];
    for (const answer of answers) {
      expect(answer.statusCode).toBe(404);
      expect(answer.json()).toMatchObject({ code: 'ROUTE_UNKNOWN' });
    }
  });
});
