import { afterAll, beforeAll, expect, test } from 'vitest';
import { buildTestApp, type TestApp } from '../server/helpers.js';

interface Operation {
  summary?: string;
  operationId?: string;
  parameters?: { name: string; in: string; required?: boolean; schema: object }[];
  requestBody?: { content: Record<string, { schema: object }> };
  responses: Record<string, { description?: string; content?: Record<string, { schema: object }> }>;
}
interface OpenApi {
  openapi: string;
  info: { title: string; version: string };
  paths: Record<string, Record<string, Operation>>;
}

let made: TestApp;
let api: OpenApi;
let operations: [string, Operation][];
beforeAll(async () => {
  made = await buildTestApp({ config: { token: 'x' } });
  const answer = await made.app.inject({
    url: '/openapi.json',
    headers: { authorization: 'Bearer x' },
  });
  expect(answer.headers['content-type']).toMatch(/^application\/json/u);
  api = answer.json();
  operations = Object.entries(api.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]): [string, Operation] => [
      `${method} ${path}`,
      operation,
    ]),
  );
});
afterAll(() => made.app.close());

test('the description is one of OpenAPI 3.1', () => {
  expect(api).toMatchObject({
    openapi: '3.1.0',
    info: { title: 'Halftone', version: expect.any(String) as string },
  });
  expect(JSON.stringify(api)).not.toContain('"$ref":"def-');
});

test('every route of the contract is described', () => {
  const contract = [
    'get /api/v1/datasets', 'get /api/v1/datasets/{name}', 'post /api/v1/frame', 'get /api/v1/frame',
    'post /api/v1/frames', 'get /api/v1/frame.arrow', 'get /api/v1/frame.csv', 'get /api/v1/frame.json',
    'get /api/v1/datasets/{name}/columns/{column}/values', 'get /api/v1/datasets/{name}/rows/{row}',
    'get /api/v1/datasets/{name}/export', 'get /api/v1/cache', 'delete /api/v1/cache', 'get /api/v1/events',
    'get /healthz', 'get /readyz', 'get /metrics',
  ]; // prettier-ignore
  expect(operations.map(([name]) => name)).toEqual(expect.arrayContaining(contract));
});

test('every operation says what it does, names its parameters, and how it answers', () => {
  for (const [name, { summary, parameters = [], responses }] of operations) {
    expect(summary, name).toMatch(/\S/u);
    const inPath = [...name.matchAll(/\{(\w+)\}/gu)].map(([, one]) => one!);
    const declared = parameters.filter((one) => one.in === 'path');
    expect(declared.map((one) => one.name).sort(), name).toEqual(inPath.sort());
    for (const one of declared) expect(one.required, name).toBe(true);
    expect(Object.keys(responses).length, name).toBeGreaterThan(0);
    for (const [status, { description }] of Object.entries(responses)) {
      expect(status, name).toMatch(/^(?:[1-5]\d\d|default)$/u);
      expect(description, name).toEqual(expect.any(String));
    }
  }
  const ids = operations.flatMap(([, { operationId }]) => operationId ?? []);
  expect(new Set(ids).size).toBe(ids.length);
});
