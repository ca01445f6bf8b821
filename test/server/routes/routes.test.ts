import { mkdtempSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { homedir, tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { brotliCompressSync } from 'node:zlib';
import { tableFromIPC } from '@uwdata/flechette';
import { tableFromIPC as arrowTableFromIPC } from 'apache-arrow';
import { afterEach, describe, expect, test } from 'vitest';
import type { CatalogParts } from '../../../server/catalog/parts.js';
import {
  addressOf,
  buildTestApp,
  fakeEngine,
  fakeFrame,
  fakeSnapshot,
  fakeSource,
  type TestApp,
  type TestAppOptions,
} from '../helpers.js';

let made: TestApp | undefined;
afterEach(() => made?.app.close());

async function ask(options: TestAppOptions = {}) {
  made = await buildTestApp(options);
  return made;
}

const scratch = () => mkdtempSync(join(tmpdir(), 'halftone-routes-'));

describe('datasets', () => {
  test('are listed with their columns and their report', async () => {
    const { app } = await ask({ datasets: ['a', 'b'] });
    const { datasets } = (await app.inject('/api/v1/datasets')).json<{ datasets: object[] }>();
    expect(datasets).toMatchObject([
      {
        name: 'a',
        status: 'ready',
        snapshot: 'snap-1',
        rows: 3,
        columns: [{ name: 'x', type: 'DOUBLE' }],
      },
      { name: 'b', status: 'ready', report: { rows: 3 } },
    ]);
    const b = (await app.inject('/api/v1/datasets/b')).json<{ name: string; snapshot: string }>();
    expect(b.name).toBe('b');
    const pinned = await app.inject(`/api/v1/datasets/b?snapshot=${b.snapshot}`);
    expect(pinned.json()).toEqual(b);
    expect((await app.inject('/api/v1/datasets/b?snapshot=other')).statusCode).toBe(410);
  });

  test('are found by any name', async () => {
    const name = '../ü 🎈?#%2F"x';
    const { app } = await ask({ datasets: [name] });
    const answer = await app.inject(`/api/v1/datasets/${encodeURIComponent(name)}`);
    expect(answer.json()).toMatchObject({ name });
    const report = await app.inject(`/api/v1/datasets/${encodeURIComponent(name)}/report`);
    expect(report.headers['content-disposition']).toMatch(/^[\x20-\x7e]*$/u);
  });

  test('suggest the nearest name for one that is wrong', async () => {
    const { app } = await ask({ datasets: ['flights'] });
    const answer = await app.inject('/api/v1/datasets/flihgts');
    expect(answer.json()).toMatchObject({ status: 404, hint: 'Did you mean "flights"?' });
  });

  test('give their findings as CSV', async () => {
    const { app } = await ask();
    const answer = await app.inject('/api/v1/datasets/a/report');
    expect(answer.headers['content-type']).toBe('text/csv; charset=utf-8');
    expect(answer.body).toBe(
      'code,file,line,column,value,message\r\n' +
        'RAGGED,,7,,"a,""b","Two fields, where three are expected."\r\n',
    );
  });

  test('answer 503 with their progress while they load for the first time', async () => {
    const { app, catalog } = await ask({
      catalogParts: { load: () => new Promise(() => {}) },
      settle: false,
    });
    const answer = await app.inject(`/api/v1/frame?q=${addressOf({ dataset: 'a', mark: 'rows' })}`);
    expect(answer.json()).toMatchObject({
      status: 503,
      code: 'DATASET_LOADING',
      progress: { stage: 'waiting' },
    });
    expect(Number(answer.headers['retry-after'])).toBeGreaterThan(0);
    expect((await app.inject('/readyz')).json()).toEqual({
      status: 'busy',
      loading: ['a'],
      failed: [],
    });
    catalog.cancel('a');
  });
});

describe('columns and rows', () => {
  test('give values under the other filters', async () => {
    const { app } = await ask();
    const filters = encodeURIComponent('[{"op":"null","column":"x"}]');
    const answer = await app.inject(
      `/api/v1/datasets/a/columns/x/values?search=q&limit=5&filters=${filters}`,
    );
    expect(answer.json()).toEqual({ values: [{ value: 'q', count: 2 }], matching: 1, total: 1 });
    expect(answer.headers['x-halftone-snapshot']).toBe('snap-1');
  });

  test('give one row', async () => {
    const { app } = await ask();
    expect((await app.inject('/api/v1/datasets/a/rows/2')).json()).toEqual({
      row: 2,
      values: { x: 1 },
    });
    const gone = await app.inject('/api/v1/datasets/a/rows/2?snapshot=old');
    expect(gone.statusCode).toBe(410);
  });
});

describe('an export', () => {
  const twoBatches = {
    ...fakeEngine(),
    async *rows() {
      yield fakeFrame({ rows: 2 }).bytes;
      yield fakeFrame({ rows: 0 }).bytes;
      yield fakeFrame({ rows: 1 }).bytes;
    },
  };
  const none = { ...fakeEngine(), async *rows() {} }; // oxlint-disable-line require-yield

  test('holds every batch in every format', async () => {
    const { app } = await ask({ parts: { engine: twoBatches } });
    const text = async (format: string) =>
      (await app.inject(`/api/v1/datasets/a/export?format=${format}`)).body;
    expect(await text('csv')).toBe('x\r\n0\r\n0.5\r\n0\r\n');
    expect(await text('ndjson')).toBe('{"x":0}\n{"x":0.5}\n{"x":0}\n');
    expect(JSON.parse(await text('json'))).toEqual([{ x: 0 }, { x: 0.5 }, { x: 0 }]);
    const arrow = await app.inject('/api/v1/datasets/a/export?format=arrow');
    expect(arrow.headers['content-type']).toBe('application/vnd.apache.arrow.stream');
    const expected = [0, 0.5, 0];
    expect([...tableFromIPC(arrow.rawPayload).getChild('x')!]).toEqual(expected);
    expect([...arrowTableFromIPC(arrow.rawPayload).getChild('x')!]).toEqual(expected);
  });

  test('without rows is still of its format', async () => {
    const { app } = await ask({ parts: { engine: none } });
    const text = async (format: string) =>
      (await app.inject(`/api/v1/datasets/a/export?format=${format}`)).body;
    expect(await text('csv')).toBe('x\r\n');
    expect(JSON.parse(await text('json'))).toEqual([]);
    expect(await text('ndjson')).toBe('');
  });

  test('that fails in the middle never passes for a complete one', async () => {
    const engine = {
      ...fakeEngine(),
      async *rows() {
        yield fakeFrame({ rows: 2 }).bytes;
        throw new Error('broken');
      },
    };
    const { app } = await ask({ parts: { engine } });
    const url = await app.listen({ port: 0, host: '127.0.0.1' });
    const answer = await fetch(`${url}/api/v1/datasets/a/export?format=csv`);
    await expect(answer.text()).rejects.toThrow();
  });

  test('that cannot begin gets its own answer', async () => {
    const engine = {
      ...fakeEngine(),
      // oxlint-disable-next-line require-yield
      async *rows() {
        throw new Error('broken');
      },
    };
    const { app } = await ask({ parts: { engine } });
    expect((await app.inject('/api/v1/datasets/a/export')).statusCode).toBe(500);
  });
});

describe('the cache', () => {
  test('is listed and cleared', async () => {
    const { app } = await ask({ datasets: ['a', 'b'] });
    for (const dataset of ['a', 'b']) {
      await app.inject(`/api/v1/frame?q=${addressOf({ dataset, mark: 'rows' })}`);
    }
    const report = (await app.inject('/api/v1/cache')).json();
    expect(report.memory.frames.entries).toMatchObject([
      { dataset: 'b' },
      { dataset: 'a', codings: {} },
    ]);
    expect(report.disk.snapshots).toHaveLength(2);
    const clear = async (url: string) => (await app.inject({ method: 'DELETE', url })).json();
    expect(await clear('/api/v1/cache?dataset=a')).toMatchObject({ cleared: 1 });
    expect(await clear('/api/v1/cache?key=nope')).toMatchObject({ cleared: 0 });
    expect(await clear('/api/v1/cache?dataset=zzz')).toMatchObject({ code: 'DATASET_UNKNOWN' });
    expect(await clear('/api/v1/cache?dataset=')).toMatchObject({ code: 'QUERY_INVALID' });
    expect(await clear('/api/v1/cache?data=a')).toMatchObject({ code: 'QUERY_INVALID' });
    expect(await clear('/api/v1/cache')).toMatchObject({ cleared: 1 });
  });
});

describe('opening', () => {
  test('loads a path or a sample and tells what it became', async () => {
    const { app } = await ask();
    const open = async (payload: object) =>
      (await app.inject({ method: 'POST', url: '/api/v1/datasets', payload })).json();
    expect(await open({ path: '/data/a.csv' })).toMatchObject({ datasets: [{ name: 'a-2' }] });
    expect(await open({ sample: 'weather' })).toMatchObject({ datasets: [{ name: 'weather' }] });
    expect(await open({ sample: 'wether' })).toMatchObject({ code: 'SOURCE_MISSING' });
    expect(await open({})).toMatchObject({ code: 'QUERY_INVALID', field: 'path' });
    expect(await open({ path: '/a', csv: { delimeter: ';' } })).toMatchObject({
      code: 'QUERY_INVALID',
    });
    expect((await app.inject('/api/v1/samples')).json()).toEqual({
      samples: [{ name: 'weather', file: 'weather.csv', bytes: 5 }],
    });
  });

  test('reads a path as a shell does: ~ is the home folder', async () => {
    const opened: string[] = [];
    const openPath = async (path: string) => {
      opened.push(path);
      return [fakeSource('b', path)];
    };
    const { app } = await ask({ parts: { openPath } });
    for (const path of ['~/b.csv', '~b.csv']) {
      await app.inject({ method: 'POST', url: '/api/v1/datasets', payload: { path } });
    }
    expect(opened).toEqual([join(homedir(), 'b.csv'), '~b.csv']);
  });

  test('loads anew with other options, and stops a load', async () => {
    let loads = 0;
    const load: CatalogParts['load'] = ({ name }, { signal }) =>
      ++loads === 1
        ? Promise.resolve(fakeSnapshot(name))
        : new Promise((_resolve, reject) => {
            signal.addEventListener('abort', () => reject(new Error('stopped')), { once: true });
          });
    const { app, catalog } = await ask({ catalogParts: { load } });
    const url = '/api/v1/datasets/a/load';
    const again = await app.inject({ method: 'POST', url, payload: { csv: { delimiter: ';' } } });
    expect(again.statusCode).toBe(202);
    expect(again.json()).toMatchObject({ name: 'a', status: 'ready', stale: true });
    expect((await app.inject({ method: 'POST', url, payload: {} })).json()).toMatchObject({
      code: 'DATASET_LOADING',
    });
    expect((await app.inject({ method: 'DELETE', url })).json()).toEqual({ cancelled: true });
    await catalog.idle();
    expect((await app.inject({ method: 'DELETE', url })).json()).toEqual({ cancelled: false });
    expect((await app.inject({ method: 'POST', url })).statusCode).toBe(202);
    await expect.poll(() => loads).toBe(3);
    const wrong = await app.inject({ method: 'POST', url, payload: { stict: true } });
    expect(wrong.json()).toMatchObject({
      code: 'QUERY_INVALID',
      detail: expect.stringContaining('stict') as string,
    });
  });

  test('completes paths: folders first, data files, nothing hidden', async () => {
    const dir = scratch();
    mkdirSync(join(dir, 'zoo'));
    for (const name of ['b.csv', 'a.parquet', 'notes.md', '.hidden.csv'])
      writeFileSync(join(dir, name), 'x');
    const { app } = await ask();
    const complete = async (prefix: string) =>
      (await app.inject(`/api/v1/files?prefix=${encodeURIComponent(prefix)}`))
        .json<{ entries: { path: string }[] }>()
        .entries.map(({ path }) => path.slice(dir.length));
    expect(await complete(`${dir}/`)).toEqual(['/zoo/', '/a.parquet', '/b.csv']);
    expect(await complete(`${dir}/B`)).toEqual(['/b.csv']);
    expect(await complete(`${dir}/.h`)).toEqual(['/.hidden.csv']);
    expect(await complete(`${dir}/nowhere/x`)).toEqual([]);
    expect(await complete('\0')).toEqual([]);
  });
});

describe('an upload', () => {
  const put = (name: string) =>
    ({ method: 'PUT', url: `/api/v1/uploads/${encodeURIComponent(name)}` }) as const;

  test('is kept as it came, of whatever type, and loaded', async () => {
    const { app, parts } = await ask();
    for (const type of ['application/json', 'text/csv', undefined]) {
      const answer = await app.inject({
        ...put('täble.csv'),
        payload: Readable.from(['a,b\n', '1,2\n']),
        headers: type === undefined ? {} : { 'content-type': type },
      });
      expect(answer.statusCode).toBe(202);
    }
    const folders = readdirSync(parts.config.uploadDir);
    expect(folders).toHaveLength(3);
    for (const folder of folders) {
      expect(readdirSync(join(parts.config.uploadDir, folder))).toEqual(['täble.csv']);
      expect(readFileSync(join(parts.config.uploadDir, folder, 'täble.csv'), 'utf8')).toBe(
        'a,b\n1,2\n',
      );
    }
  });

  test('may not choose where it goes', async () => {
    const { app, parts } = await ask();
    for (const name of [
      '../x.csv',
      '..',
      '.',
      '.x',
      'a/b.csv',
      'a\\b',
      'a\0',
      'x\n',
      'c:x',
      '',
      'x'.repeat(300),
    ]) {
      const answer = await app.inject({ ...put(name), payload: 'x' });
      expect(answer.statusCode, JSON.stringify(name)).toBeGreaterThanOrEqual(400);
    }
    expect(readdirSync(parts.config.uploadDir)).toEqual([]);
  });

  test('that breaks off leaves nothing behind', async () => {
    const { app, parts, catalog } = await ask();
    const url = await app.listen({ port: 0, host: '127.0.0.1' });
    const controller = new AbortController();
    const body = new ReadableStream({
      start(stream) {
        stream.enqueue(new TextEncoder().encode('a,b\n'));
      },
    });
    const sent = fetch(`${url}/api/v1/uploads/x.csv`, {
      method: 'PUT',
      body,
      duplex: 'half',
      signal: controller.signal,
    } as RequestInit);
    await expect.poll(() => readdirSync(parts.config.uploadDir)).toHaveLength(1);
    controller.abort();
    await expect(sent).rejects.toThrow();
    await expect.poll(() => readdirSync(parts.config.uploadDir)).toEqual([]);
    expect(catalog.list()).toHaveLength(1);
  });
});

describe('events', () => {
  interface Event {
    id: string;
    event: string;
    data: { dataset: string; status?: string };
  }

  /** Reads events until `count` of them came. */
  async function read(
    url: string,
    count: number,
    headers: Record<string, string> = {},
  ): Promise<Event[]> {
    const answer = await fetch(`${url}/api/v1/events`, { headers });
    expect(answer.headers.get('content-type')).toMatch(/^text\/event-stream/u);
    expect(answer.headers.get('x-content-type-options')).toBe('nosniff');
    const events: Event[] = [];
    let text = '';
    for await (const piece of answer.body!.pipeThrough(new TextDecoderStream())) {
      text += piece;
      const blocks = text.split('\n\n');
      text = blocks.pop()!;
      for (const block of blocks) {
        if (!block.startsWith('id:')) continue;
        const field = (name: string) => new RegExp(`^${name}: (.*)$`, 'mu').exec(block)![1]!;
        events.push({
          id: field('id'),
          event: field('event'),
          data: JSON.parse(field('data')) as Event['data'],
        });
      }
      if (events.length >= count) break;
    }
    return events;
  }

  test('tell the present state, then what happens, and what was missed', async () => {
    const { app, catalog } = await ask();
    const url = await app.listen({ port: 0, host: '127.0.0.1' });
    const [present] = await read(url, 1);
    expect(present).toMatchObject({ event: 'dataset', data: { dataset: 'a', status: 'ready' } });
    catalog.reload('a');
    await catalog.idle();
    const missed = await read(url, 6, { 'last-event-id': present!.id });
    expect(missed.map(({ event }) => event)).toEqual([
      'dataset',
      'run',
      'run',
      'snapshot',
      'run',
      'dataset',
    ]);
    expect(new Set(missed.map(({ id }) => id)).size).toBe(6);
    const afterRestart = await read(url, 1, { 'last-event-id': 'earlier-7' });
    expect(afterRestart).toMatchObject([{ event: 'dataset', data: { status: 'ready' } }]);
  });

  test('end when the server closes', async () => {
    const { app } = await ask();
    const url = await app.listen({ port: 0, host: '127.0.0.1' });
    const answer = await fetch(`${url}/api/v1/events`);
    const ended = answer.text();
    await app.close();
    expect(await ended).toContain('event: dataset');
  });
});

describe('pages', () => {
  function client() {
    const dir = scratch();
    mkdirSync(join(dir, 'assets'));
    writeFileSync(
      join(dir, 'index.html'),
      '<!doctype html><html><head><title>x</title></head></html>',
    );
    writeFileSync(join(dir, 'assets', 'main-1.js'), 'export {}');
    return dir;
  }

  test('know where they stand, below any base path', async () => {
    const { app } = await ask({ config: { clientDir: client(), basePath: '/viz/' } });
    for (const url of ['/viz/', '/viz/explore/a', '/viz/explore/%2Fx%2F?mark=scatter']) {
      const answer = await app.inject(url);
      expect(answer.statusCode, url).toBe(200);
      expect(answer.body).toContain('<head><base href="/viz/">');
      expect(answer.headers['cache-control']).toBe('no-cache');
    }
    expect((await app.inject('/viz/api/v1/datasets')).statusCode).toBe(200);
    expect((await app.inject('/viz/healthz')).statusCode).toBe(200);
    expect((await app.inject('/api/v1/datasets')).statusCode).toBe(404);
    const asset = await app.inject('/viz/assets/main-1.js');
    expect(asset.headers['content-type']).toMatch(/javascript/u);
    expect(asset.headers['cache-control']).toBe('public, max-age=31536000, immutable');
  });

  test('send scripts as brotli where the build has made one and the browser reads it', async () => {
    const clientDir = client();
    const coded = brotliCompressSync('export {}');
    writeFileSync(join(clientDir, 'assets', 'main-1.js.br'), coded);
    const { app } = await ask({ config: { clientDir } });
    const get = (coding: string) =>
      app.inject({ url: '/assets/main-1.js', headers: { 'accept-encoding': coding } });
    const answer = await get('gzip, deflate, br');
    expect(answer.rawPayload).toEqual(coded);
    expect(answer.headers).toMatchObject({
      'content-encoding': 'br',
      'content-type': expect.stringMatching(/javascript/u) as string,
      'cache-control': 'public, max-age=31536000, immutable',
      vary: expect.stringMatching(/accept-encoding/iu) as string,
    });
    const plain = await get('identity');
    expect(plain.body).toBe('export {}');
    expect(plain.headers['content-encoding']).toBeUndefined();
  });

  test('are all that is served of the disk', async () => {
    const { app } = await ask({ config: { clientDir: client() } });
    for (const url of [
      '/../package.json',
      '/%2e%2e/package.json',
      '/..%2fpackage.json',
      '/assets/',
      '/assets/../../x',
      '/index.htm',
    ]) {
      expect((await app.inject(url)).statusCode, url).toBeGreaterThanOrEqual(400);
    }
  });

  test('say what is missing where the client was not built', async () => {
    const { app } = await ask();
    expect((await app.inject('/')).body).toContain('npm run build');
  });
});

describe('operations', () => {
  test('tell health, readiness and numbers', async () => {
    const { app } = await ask();
    expect((await app.inject('/healthz')).json()).toEqual({ status: 'ok' });
    expect((await app.inject('/readyz')).json()).toEqual({
      status: 'ready',
      loading: [],
      failed: [],
    });
    const { body } = await app.inject('/metrics');
    expect(body).toMatch(/^halftone_datasets\{status="ready"\} 1$/mu);
    expect(body).toMatch(
      /halftone_request_seconds_count\{method="GET",route="\/healthz",status="200"\} 1/u,
    );
  });

  test('describe every route in OpenAPI, and show it', async () => {
    const { app } = await ask();
    const api = (await app.inject('/openapi.json')).json<{ openapi: string; paths: object }>();
    expect(api.openapi).toBe('3.1.0');
    expect(Object.keys(api.paths)).toContain('/api/v1/datasets/{name}/columns/{column}/values');
    expect((await app.inject('/docs/')).statusCode).toBe(200);
    expect((await app.inject('/docs')).statusCode).toBeLessThan(400);
  });
});
