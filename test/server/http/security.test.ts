import { afterEach, describe, expect, test } from 'vitest';
import { buildTestApp, type TestApp, type TestAppOptions } from '../helpers.js';

let made: TestApp | undefined;
afterEach(() => made?.app.close());

async function ask(options: TestAppOptions = {}) {
  made = await buildTestApp(options);
  return made.app;
}

describe('the Host header', () => {
  const statusFor = async (host: string, options: TestAppOptions = {}) =>
    (await (await ask(options)).inject({ url: '/api/v1/datasets', headers: { host } })).statusCode;

  test('may be any name of this machine, with any port', async () => {
    for (const host of [
      'localhost',
      'LOCALHOST:80',
      '127.0.0.1:9',
      '[::1]:9',
      'x.localhost',
      '127.8.8.8',
    ]) {
      expect(await statusFor(host), host).toBe(200);
    }
  });

  test('may not be a name that anyone could point here', async () => {
    for (const host of [
      'evil.example',
      '127.0.0.1.evil.example',
      'localhost.evil.example:80',
      '192.0.2.1',
    ]) {
      expect(await statusFor(host), host).toBe(421);
    }
  });

  test('may be a name that was allowed', async () => {
    const config = { allowHosts: ['Viz.example.org'] };
    expect(await statusFor('viz.example.org:8443', { config })).toBe(200);
    expect(await statusFor('other.example.org', { config })).toBe(421);
  });

  test('may be an address where the server listens to the network, but no foreign name', async () => {
    const config = { host: '0.0.0.0' };
    expect(await statusFor('192.0.2.1:80', { config })).toBe(200);
    expect(await statusFor('evil.example', { config })).toBe(421);
  });
});

describe('a request that changes something', () => {
  const status = async (headers: Record<string, string>) => {
    const app = await ask();
    return (await app.inject({ method: 'DELETE', url: '/api/v1/cache', headers })).statusCode;
  };

  test('is taken from our own pages and from programs', async () => {
    expect(await status({})).toBe(200);
    expect(await status({ 'sec-fetch-site': 'same-origin' })).toBe(200);
    expect(await status({ 'sec-fetch-site': 'none' })).toBe(200);
    expect(await status({ host: 'localhost:8642', origin: 'http://localhost:8642' })).toBe(200);
  });

  test('is refused from pages of other sites', async () => {
    expect(await status({ 'sec-fetch-site': 'cross-site' })).toBe(403);
    expect(await status({ 'sec-fetch-site': 'same-site' })).toBe(403);
    expect(await status({ origin: 'https://evil.example' })).toBe(403);
    expect(await status({ origin: 'null' })).toBe(403);
    expect(await status({ host: 'localhost:8642', origin: 'http://localhost:3000' })).toBe(403);
  });
});

describe('a page of an allowed origin', () => {
  const origin = 'https://dashboards.example';
  const config = { allowOrigins: [origin], token: 'secret' };
  const authorization = 'Bearer secret';

  test('may ask, and read the answers and their headers', async () => {
    const app = await ask({ config });
    const url = '/api/v1/datasets';
    const { statusCode, headers } = await app.inject({ url, headers: { origin, authorization } });
    expect(statusCode).toBe(200);
    expect(headers).toMatchObject({
      'access-control-allow-origin': origin,
      'timing-allow-origin': origin,
      'cross-origin-resource-policy': 'cross-origin',
    });
    expect(headers['access-control-expose-headers']).toContain('x-halftone-plan');
    expect(headers['access-control-allow-credentials']).toBeUndefined();
    expect(headers['vary']).toContain('Origin');
  });

  test('is told by a browser what it may ask, without a token', async () => {
    const app = await ask({ config });
    const asks = { origin, 'access-control-request-method': 'POST' };
    const answer = await app.inject({ method: 'OPTIONS', url: '/api/v1/frame', headers: asks });
    expect(answer.statusCode).toBe(204);
    expect(answer.headers['access-control-allow-headers']).toContain('authorization');
  });

  test('reads why it is refused', async () => {
    const app = await ask({ config });
    const answer = await app.inject({ url: '/api/v1/datasets', headers: { origin } });
    expect(answer.statusCode).toBe(401);
    expect(answer.headers['access-control-allow-origin']).toBe(origin);
  });

  test('may change something', async () => {
    const app = await ask({ config });
    const headers = { origin, authorization, 'sec-fetch-site': 'cross-site' };
    const answer = await app.inject({ method: 'DELETE', url: '/api/v1/cache', headers });
    expect(answer.statusCode).toBe(200);
  });

  test('is the only one: another gets no leave', async () => {
    const app = await ask({ config });
    const headers = { origin: 'https://evil.example', authorization };
    const answer = await app.inject({ url: '/api/v1/datasets', headers });
    expect(answer.headers['access-control-allow-origin']).toBeUndefined();
    expect(answer.headers['vary']).toContain('Origin');
    const options = await app.inject({ method: 'OPTIONS', url: '/api/v1/datasets', headers });
    expect(options.headers['access-control-allow-origin']).toBeUndefined();
  });
});

describe('with a token', () => {
  const config = { token: 'secret' };

  test('nothing but health is answered without it', async () => {
    const app = await ask({ config });
    for (const url of ['/', '/api/v1/datasets', '/metrics', '/docs', '/openapi.json', '/nowhere']) {
      const answer = await app.inject(url);
      expect(answer.statusCode, url).toBe(401);
      expect(answer.headers['www-authenticate']).toMatch(/^Bearer/u);
    }
    expect((await app.inject('/healthz')).statusCode).toBe(200);
    expect((await app.inject('/readyz')).statusCode).toBe(200);
  });

  test('a wrong one is none', async () => {
    const app = await ask({ config });
    for (const authorization of [
      'Bearer secre',
      'Bearer secret2',
      'Basic secret',
      'Bearer',
      'secret',
    ]) {
      const answer = await app.inject({ url: '/api/v1/datasets', headers: { authorization } });
      expect(answer.statusCode, authorization).toBe(401);
    }
  });

  test('a person is shown a page to enter it on', async () => {
    const app = await ask({ config });
    const page = await app.inject({ url: '/explore/a', headers: { 'sec-fetch-mode': 'navigate' } });
    expect(page.statusCode).toBe(401);
    expect(page.headers['content-type']).toMatch(/^text\/html/u);
    const form = { 'content-type': 'application/x-www-form-urlencoded' };
    const enter = (payload: string) =>
      app.inject({ method: 'POST', url: '/login', payload, headers: form });
    expect((await enter('token=wrong')).statusCode).toBe(401);
    expect((await enter('')).statusCode).toBe(400);
    expect((await enter('token=secret')).headers['set-cookie']).toMatch(/HttpOnly/u);
  });

  test('a proxy is believed only where that was said: the host it names, and https', async () => {
    const post = (app: TestApp['app']) =>
      app.inject({
        method: 'POST',
        url: '/login',
        headers: {
          'content-type': 'application/x-www-form-urlencoded',
          host: 'localhost',
          'x-forwarded-host': 'viz.example.org',
          'x-forwarded-proto': 'https',
        },
        payload: 'token=secret',
      });
    const config = { token: 'secret', allowHosts: ['viz.example.org'] };
    const [plain, proxied, other] = [
      await buildTestApp({ config }),
      await buildTestApp({ config: { ...config, trustProxy: true } }),
      await buildTestApp({ config: { token: 'secret', trustProxy: true } }),
    ];
    expect((await post(plain.app)).headers['set-cookie']).not.toMatch(/Secure/u);
    expect((await post(proxied.app)).headers['set-cookie']).toMatch(/; Secure/u);
    expect((await post(other.app)).statusCode).toBe(421);
    for (const { app } of [plain, proxied, other]) await app.close();
  });

  test('a link works once and gives a cookie that scripts and other sites cannot use', async () => {
    const app = await ask({ config });
    const made = await app.inject({
      method: 'POST',
      url: '/api/v1/links',
      headers: { authorization: 'Bearer secret' },
    });
    const link = `/${made.json<{ link: string }>().link}`;
    const opened = await app.inject(link);
    expect(opened.statusCode).toBe(200);
    const cookie = opened.headers['set-cookie'] as string;
    expect(cookie).toMatch(/; HttpOnly; SameSite=Strict/u);
    expect(cookie).not.toContain('secret');
    const entered = await app.inject({
      url: '/api/v1/datasets',
      headers: { cookie: `other=1; ${cookie.split(';')[0]}` },
    });
    expect(entered.statusCode).toBe(200);
    expect((await app.inject(link)).statusCode).toBe(401);
    expect((await app.inject('/login')).statusCode).toBe(401);
  });
});

test('every answer, errors included, carries the security headers', async () => {
  const app = await ask();
  for (const url of ['/', '/api/v1/datasets', '/nowhere', '/api/v1/frame?q=!']) {
    const { headers } = await app.inject(url);
    expect(headers['x-content-type-options'], url).toBe('nosniff');
    expect(headers['referrer-policy']).toBe('same-origin');
    expect(headers['cross-origin-resource-policy']).toBe('same-origin');
    expect(headers['access-control-allow-origin']).toBeUndefined();
    const policy = headers['content-security-policy'] as string;
    expect(policy).toMatch(/frame-ancestors 'self'/u);
    expect(/script-src [^;]*/u.exec(policy)![0]).not.toContain('unsafe-inline');
  }
});

test('a read-only server changes nothing', async () => {
  const app = await ask({ config: { readOnly: true } });
  const requests = [
    ['DELETE', '/api/v1/cache'],
    ['POST', '/api/v1/datasets'],
    ['POST', '/api/v1/datasets/a/load'],
    ['DELETE', '/api/v1/datasets/a/load'],
    ['PUT', '/api/v1/uploads/a.csv'],
  ] as const;
  for (const [method, url] of requests) {
    const payload = method === 'POST' ? { path: '/a.csv' } : undefined;
    const body = url.endsWith('/load') && method === 'POST' ? {} : payload;
    const answer = await app.inject({ method, url, ...(body ? { payload: body } : {}) });
    expect(answer.json(), url).toMatchObject({ status: 403, code: 'READ_ONLY' });
  }
});

test('paths of this machine are for clients of this machine', async () => {
  const app = await ask();
  const payload = { path: '/data/b.csv' };
  for (const from of [
    { remoteAddress: '192.0.2.9' },
    { headers: { 'x-forwarded-for': '127.0.0.1' } },
  ]) {
    const opened = await app.inject({ method: 'POST', url: '/api/v1/datasets', payload, ...from });
    expect(opened.json()).toMatchObject({ status: 403, code: 'LOOPBACK_ONLY' });
    const completed = await app.inject({ url: '/api/v1/files?prefix=/', ...from });
    expect(completed.json()).toMatchObject({ code: 'LOOPBACK_ONLY' });
  }
  const local = await app.inject({ method: 'POST', url: '/api/v1/datasets', payload });
  expect(local.statusCode).toBe(202);
  expect(local.json()).toMatchObject({ datasets: [{ name: 'b' }] });
});
