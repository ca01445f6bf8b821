import { writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { addressOf, createWorkplace, sendRaw, settledDatasets, type Server, type Workplace } from './cli-process.js'; // prettier-ignore

vi.setConfig({ testTimeout: 300_000, hookTimeout: 300_000 });

let place: Workplace;
let server: Server;
beforeAll(async () => {
  place = createWorkplace();
  const rows = Array.from({ length: 100_000 }, (_, i) => `${i},${(i * 7919) % 1000},k${i % 7}`);
  writeFileSync(join(place.folder, 'small.csv'), 'name,n\na,1\nb,2\n"c, d",\n');
  writeFileSync(join(place.folder, 'long.csv'), `i,v,k\n${rows.join('\n')}\n`);
  server = await place.serve(['./small.csv', './long.csv', '--separate']);
  await settledDatasets(server.url);
});
afterAll(async () => {
  const { status } = await fetch(`${server.url}/healthz`).catch(() => ({ status: 0 }));
  await place.close();
  expect(status).toBe(200);
  expect(server.stderr()).not.toMatch(/INTERNAL|TypeError|^\s+at /mu);
});

const query = { dataset: 'small', mark: 'rows' };
const frame = `/api/v1/frame?q=${addressOf(query)}`;
const HOST = 'Host: localhost\r\n';
const ask = (line: string, headers = '') => sendRaw(server.port, `${line} HTTP/1.1\r\n${HOST}${headers}Connection: close\r\n\r\n`); // prettier-ignore

/** The status of each answer in what came back. */
const statuses = (text: string) =>
  [...text.matchAll(/HTTP\/1\.1 (\d{3}) /gu)].map(([, status]) => Number(status));

describe('methods', () => {
  const addresses = [
    ['/api/v1/datasets', 'GET, HEAD, OPTIONS, POST'],
    ['/api/v1/datasets/small', 'GET, HEAD, OPTIONS'],
    ['/api/v1/frame', 'GET, HEAD, OPTIONS, POST'],
    ['/api/v1/frame.csv', 'GET, HEAD, OPTIONS, POST'],
    ['/api/v1/frames', 'OPTIONS, POST'],
    ['/api/v1/datasets/small/columns/n/values', 'GET, HEAD, OPTIONS'],
    ['/api/v1/datasets/small/rows/0', 'GET, HEAD, OPTIONS'],
    ['/api/v1/datasets/small/export', 'GET, HEAD, OPTIONS'],
    ['/api/v1/cache', 'DELETE, GET, HEAD, OPTIONS'],
    ['/api/v1/events', 'GET, HEAD, OPTIONS'],
    ['/api/v1/uploads/x.csv', 'OPTIONS, PUT'],
    ['/healthz', 'GET, HEAD, OPTIONS'],
    ['/openapi.json', 'GET, HEAD, OPTIONS'],
    ['/', 'GET, HEAD, OPTIONS'],
    ['/explore/small', 'GET, HEAD, OPTIONS'],
  ] as const;

  test.each(addresses)('%s tells which it knows', async (path, allow) => {
    const options = await fetch(server.url + path, { method: 'OPTIONS' });
    expect([options.status, options.headers.get('allow')]).toEqual([204, allow]);
    expect(options.headers.get('access-control-allow-origin')).toBeNull();
    const refused = await fetch(server.url + path, { method: 'PATCH', body: 'x' });
    expect([refused.status, refused.headers.get('allow')]).toEqual([405, allow]);
    expect(await refused.json()).toMatchObject({ code: 'METHOD_NOT_ALLOWED' });
  });

  test('HEAD answers as GET does, without a body', async () => {
    const paths = addresses.filter(([, allow]) => allow.includes('GET')).map(([path]) => path);
    for (const path of [...paths.filter((one) => !/events|frame/u.test(one)), frame]) {
      const [get, head] = await Promise.all([
        fetch(server.url + path),
        fetch(server.url + path, { method: 'HEAD' }),
      ]);
      expect(head.status, path).toBe(get.status);
      for (const name of ['content-type', 'etag', 'cache-control', 'vary', 'content-disposition']) {
        expect(head.headers.get(name), `${path} ${name}`).toBe(get.headers.get(name));
      }
      expect(await head.text(), path).toBe('');
      await get.body?.cancel();
    }
  });

  test('HEAD of the events ends by itself', async () => {
    const answer = await ask('HEAD /api/v1/events');
    expect(answer).toMatch(/^HTTP\/1\.1 200 .*text\/event-stream/su);
    expect(answer).toMatch(/\r\n\r\n$/u);
  });

  test('a method that nobody knows is refused', async () => {
    expect(statuses(await ask('BREW /api/v1/datasets'))).toEqual([400]);
    expect(statuses(await ask('PROPFIND /api/v1/datasets'))[0]).toBeGreaterThanOrEqual(404);
  });
});

describe('what is hardly a request', () => {
  test('gets a problem and loses its connection', async () => {
    for (const text of [
      '\r\n\r\n\0\0\0',
      'GET\r\n\r\n',
      'hello\r\n\r\n',
      'GET / HTTP/9.9\r\n\r\n',
      '\x16\x03\x01\x02\x00',
    ]) {
      const answer = await sendRaw(server.port, text, { end: true });
      expect(answer, JSON.stringify(text)).toMatch(
        /^HTTP\/1\.1 400 .*application\/problem\+json/su,
      );
    }
    const without = await sendRaw(server.port, 'GET /healthz HTTP/1.1\r\n\r\n', { end: true });
    expect(statuses(without)).toEqual([400]);
  });

  test('is told apart where it is only too long', async () => {
    const answer = await ask('GET /healthz', `X-Long: ${'x'.repeat(2 ** 20)}\r\n`);
    expect(answer).toMatch(/^HTTP\/1\.1 431 .*"code":"HEADERS_TOO_LARGE"/su);
  });

  test('may be an address of the length that filters need', async () => {
    const values = Array.from({ length: 10_000 }, (_, i) => `value ${i}`);
    const filters = JSON.stringify([
      { op: 'in', column: 'name', values: [...values.slice(1), 'a'] },
    ]);
    const options = await fetch(
      `${server.url}/api/v1/datasets/small/columns/n/values?filters=${encodeURIComponent(filters)}`,
    );
    expect(await options.json()).toEqual({
      values: [{ value: 1, count: 1 }],
      matching: 1,
      total: 1,
    });
  });

  test('never leaves the folder of the page', async () => {
    for (const path of [
      '/../package.json', '/%2e%2e/package.json', '/..%2fpackage.json', '/%2e%2e%2f%2e%2e%2fetc/passwd', '/assets/..%5c..%5cx',
      '/assets/%00', '/%00', '/favicon.svg%00.html', '//etc/passwd', '/.git/config', '/assets/', '/assets/.%2e/.%2e/x',
      '/api/v1/../../package.json', '/api/v1/datasets/%00', '/api/v1/datasets/..%2f..%2fetc%2fpasswd', '/docs/static/..%2f..%2fx',
      '/explore%2fsmall', '/%', '/%ff', '/api/v1/datasets/%ff', '/api/v1/datasets/%2', 'http://',
    ]) {
      const [status] = statuses(await ask(`GET ${path}`));
      expect(status, path).toBeGreaterThanOrEqual(400);
      expect(status, path).toBeLessThan(500);
    }
  }); // prettier-ignore

  test('may name the whole address, as to a proxy', async () => {
    expect(statuses(await ask(`GET http://localhost:${server.port}/healthz`))).toEqual([200]);
    expect(statuses(await ask(`GET http://evil.example/healthz`))).toEqual([421]);
  });
});

describe('connections', () => {
  test('carry requests that do not wait for answers, and answer them in order', async () => {
    const one = (path: string) => `GET ${path} HTTP/1.1\r\n${HOST}`;
    const paths = ['/healthz', frame, '/api/v1/datasets/small/rows/9', '/nowhere', '/healthz'];
    const text = paths.map(
      (path, i) => `${one(path)}${i === 4 ? 'Connection: close\r\n' : ''}\r\n`,
    );
    expect(statuses(await sendRaw(server.port, text.join('')))).toEqual([200, 200, 404, 404, 200]);
  });

  test('that break off at any point harm nobody', async () => {
    const body = JSON.stringify({
      dataset: 'long',
      mark: 'scatter',
      x: 'i',
      y: 'v',
      width: 500,
      height: 300,
    });
    const text =
      `POST /api/v1/frame HTTP/1.1\r\n${HOST}Content-Type: application/json\r\n` +
      `Content-Length: ${body.length}\r\n\r\n${body}`;
    for (let cut = 1; cut <= text.length; cut += 7) {
      await new Promise<void>((resolve) => {
        const socket = connect(server.port, '127.0.0.1', () => {
          socket.write(text.slice(0, cut), () => socket.destroy());
        });
        socket.on('close', () => resolve());
      });
    }
    const answer = await fetch(`${server.url}/api/v1/frame`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body,
    });
    expect(answer.status).toBe(200);
  });

  test('200 at once are all answered, each its own question', async () => {
    const answers = await Promise.all(
      Array.from({ length: 200 }, async (_, i) => {
        const filters = [{ op: 'range', column: 'i', min: 0, max: i }];
        const question = { dataset: 'long', mark: 'value', filters };
        const answer = await fetch(`${server.url}/api/v1/frame.json?q=${addressOf(question)}`);
        return ((await answer.json()) as { rows: { value: number }[] }).rows[0]!.value;
      }),
    );
    expect(answers).toEqual(Array.from({ length: 200 }, (_, i) => i + 1));
  });

  test('of readers who leave in the middle of an export harm nobody', async () => {
    for (const format of ['csv', 'json', 'ndjson', 'arrow', 'parquet']) {
      const controller = new AbortController();
      const answer = await fetch(`${server.url}/api/v1/datasets/long/export?format=${format}`, {
        signal: controller.signal,
      });
      const reader = answer.body!.getReader();
      expect((await reader.read()).done, format).toBe(false);
      controller.abort();
    }
    const whole = await fetch(`${server.url}/api/v1/datasets/long/export?format=csv`);
    expect((await whole.text()).split('\r\n')).toHaveLength(100_002);
  });
});

describe('a body', () => {
  const post = (
    body: string,
    headers: Record<string, string> = { 'content-type': 'application/json' },
  ) => fetch(`${server.url}/api/v1/frame`, { method: 'POST', headers, body });
  const cases: [string, string, Record<string, string> | undefined, number, string][] = [
    ['that is no JSON', '{"dataset":', undefined, 400, 'QUERY_INVALID'],
    ['that is empty', '', undefined, 400, 'QUERY_INVALID'],
    ['that is no object', '[]', undefined, 400, 'QUERY_INVALID'],
    ['that is null', 'null', undefined, 400, 'QUERY_INVALID'],
    ['with a prototype in it', '{"dataset":"small","mark":"rows","__proto__":{"x":1}}', undefined, 400, 'QUERY_INVALID'],
    ['with a constructor in it', '{"dataset":"small","mark":"rows","constructor":{"prototype":{"x":1}}}', undefined, 400, 'QUERY_INVALID'],
    ['that is nested deeply', `${'['.repeat(100_000)}${']'.repeat(100_000)}`, undefined, 400, 'QUERY_INVALID'],
    ['of another kind', 'dataset=small', { 'content-type': 'text/plain' }, 415, 'MEDIA_TYPE_UNSUPPORTED'],
    ['of a kind that is none', 'x', { 'content-type': 'nonsense;;' }, 415, 'MEDIA_TYPE_UNSUPPORTED'],
    ['that is larger than a mebibyte', `{"dataset":"${'x'.repeat(2 ** 20)}"}`, undefined, 413, 'BODY_TOO_LARGE'],
    ['that names a dataset of a megabyte', `{"dataset":"${'x'.repeat(1_000_000)}","mark":"rows"}`, undefined, 404, 'DATASET_UNKNOWN'],
    ['that names a column of a megabyte', `{"dataset":"small","mark":"rows","columns":["${'x'.repeat(1_000_000)}"]}`, undefined, 400, 'COLUMN_UNKNOWN'],
  ]; // prettier-ignore
  test.each(cases)('%s is refused in words', async (_what, body, headers, status, code) => {
    const answer = await post(body, headers);
    expect(answer.headers.get('content-type')).toMatch(/^application\/problem\+json/u);
    expect(answer.status).toBe(status);
    const problem = (await answer.json()) as { code: string; detail: string };
    expect(problem.code).toBe(code);
    expect(problem.detail.length).toBeLessThan(1200);
  });

  test('of an address is checked like any other', async () => {
    const texts = [
      '{"dataset":"small","mark":"rows","__proto__":{}}',
      'null',
      '[]',
      '"x"',
      '1',
      '{',
    ];
    for (const text of texts) {
      const answer = await fetch(`${server.url}/api/v1/frame?q=${addressOf(text)}`);
      expect(answer.status, text).toBe(400);
      expect(await answer.json(), text).toMatchObject({ code: 'QUERY_INVALID' });
    }
    const twice = await fetch(`${server.url}${frame}&q=e30`);
    expect(await twice.json()).toMatchObject({ status: 400, code: 'QUERY_INVALID', field: 'q' });
    const none = await fetch(`${server.url}/api/v1/frame?q=`);
    expect(await none.json()).toMatchObject({ status: 400, code: 'QUERY_INVALID', field: 'q' });
  });
});

describe('a parameter', () => {
  const get = async (path: string) => {
    const answer = await fetch(`${server.url}/api/v1/${path}`);
    return (await answer.json()) as {
      status: number;
      code: string;
      detail: string;
      field?: string;
    };
  };

  test('that does not fit is refused with its name and its value', async () => {
    const values = 'datasets/small/columns/n/values';
    const cases = [
      [`${values}?limit=many`, 'limit', '"many"'],
      [`${values}?limit=-1`, 'limit', '-1'],
      [`${values}?limit=1.5`, 'limit', '1.5'],
      [`${values}?limit=10001`, 'limit', '10001'],
      [`${values}?limit=1&limit=2`, 'limit', '1'],
      [`${values}?filters={`, 'filters', '"{"'],
      [`${values}?filters={}`, 'filters', '{}'],
      [`${values}?filters=[7]`, 'filters[0]', '7'],
      ['datasets/small/export?format=xls', 'format', '"xls"'],
      ['frame', 'q', 'missing'],
    ] as const;
    for (const [path, field, shown] of cases) {
      const problem = await get(path);
      expect(problem, path).toMatchObject({ status: 400, code: 'QUERY_INVALID', field });
      expect(problem.detail, path).toContain(shown);
    }
  });

  test('that is a row has to be one of the dataset', async () => {
    for (const row of [
      '3',
      '-1',
      '1.5',
      '1e0',
      'x',
      '0x1',
      ' 1',
      '99999999999999999999',
      'NaN',
      '%00',
    ]) {
      expect(await get(`datasets/small/rows/${row}`), row).toMatchObject({
        status: 404,
        code: 'ROW_UNKNOWN',
      });
    }
  });

  test('that names a snapshot which is gone is answered 410', async () => {
    for (const path of ['rows/0?', 'columns/n/values?', 'export?']) {
      expect(await get(`datasets/small/${path}snapshot=old`)).toMatchObject({
        status: 410,
        code: 'SNAPSHOT_GONE',
      });
    }
    const gone = await get(`frame?q=${addressOf({ ...query, snapshot: 'old' })}`);
    expect(gone).toMatchObject({ status: 410, code: 'SNAPSHOT_GONE', field: 'snapshot' });
  });
});
