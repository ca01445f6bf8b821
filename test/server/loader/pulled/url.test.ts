import { mkdtempSync, readdirSync } from 'node:fs';
import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test, vi } from 'vitest';
import type { SourceVersion } from '../../../../server/snapshots/manifest.js';
import type { UrlSource } from '../../../../server/loader/source.js';
import { ensureKernel } from '../csv/helpers/load.js';
import { createTestLoader, loadInto, sourceOf, temporaryFolder } from '../load-file.js';
import { readSnapshot } from '../read-snapshot.js';

// A web server on this machine that behaves and misbehaves.

vi.setConfig({ testTimeout: 60_000 });
const loader = createTestLoader();
let folder: ReturnType<typeof temporaryFolder>;
let out: string;
let server: Server;
let origin: string;
let answer: RequestListener;
beforeAll(async () => {
  ensureKernel();
  server = createServer((request, response) => answer(request, response));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
beforeEach(() => (folder = temporaryFolder()));
afterEach(() => folder.remove());
afterAll(async () => {
  await loader.close();
  server.closeAllConnections();
  server.close();
});

const CSV = 'a,b\n1,x\n2,y\n';
const ROWS = { a: [1, 2], b: ['x', 'y'] };

const sourceAt = (path: string, options: Partial<UrlSource> = {}) =>
  sourceOf('url', [], { url: { href: new URL(path, origin).href, ...options } });

function load(path: string, options?: Partial<UrlSource>, stop?: AbortController) {
  out = mkdtempSync(join(folder.dir, 'out-'));
  return loadInto(loader, out, sourceAt(path, options), stop?.signal, () => stop?.abort());
}

async function rowsOf(path: string, options?: Partial<UrlSource>) {
  const manifest = await load(path, options);
  return readSnapshot(out, manifest);
}

const loadSince = (version: SourceVersion, path: string) =>
  loader.loadSince(version, sourceAt(path), {
    dir: mkdtempSync(join(folder.dir, 'out-')),
    dataset: 'test',
    id: 'test',
    sequence: 1,
    createdAt: '',
    fingerprint: { kind: 'url', files: [], options: '' },
  });

test('loads what a server gives, by what it holds, and keeps how the server calls it', async () => {
  answer = (_request, response) =>
    response
      .writeHead(200, { etag: '"v1"', 'last-modified': 'Sat, 28 Nov 2026 10:00:00 GMT' })
      .end(CSV);
  const manifest = await load('/rows?part=1');
  expect(readSnapshot(out, manifest)).toEqual(ROWS);
  expect(manifest.version).toEqual({ etag: '"v1"', lastModified: 'Sat, 28 Nov 2026 10:00:00 GMT' });
  expect(readdirSync(out)).toEqual(manifest.segments.map(({ file }) => file));
});

test('asks only for what has changed since', async () => {
  const asked: unknown[] = [];
  answer = ({ headers }, response) => {
    asked.push(headers['if-none-match'], headers['if-modified-since']);
    if (headers['if-none-match'] === '"v1"') response.writeHead(304).end();
    else response.writeHead(200, { etag: '"v2"' }).end(CSV);
  };
  expect(await loadSince({ etag: '"v1"', lastModified: 'then' }, '/rows.csv')).toBeUndefined();
  expect(asked).toEqual(['"v1"', 'then']);
  expect((await loadSince({ etag: '"v0"' }, '/rows.csv'))?.version).toEqual({ etag: '"v2"' });
});

test('unpacks what is sent packed, and reads a packed file', async () => {
  answer = ({ url }, response) => {
    const isFile = url === '/rows.csv.gz';
    response.writeHead(200, isFile ? {} : { 'content-encoding': 'gzip' }).end(gzipSync(CSV));
  };
  expect(await rowsOf('/rows.csv')).toEqual(ROWS);
  expect(await rowsOf('/rows.csv.gz')).toEqual(ROWS);
});

test('takes the name from the media type where the address has none, and the format that is said', async () => {
  answer = (_request, response) =>
    response.writeHead(200, { 'content-type': 'application/json; charset=utf-8' }).end('[]');
  await expect(load('/')).rejects.toThrow(/^data\.json /u);
  answer = (_request, response) => response.end('{"a"\n1\n');
  expect(await rowsOf('/x', { format: 'csv' })).toEqual({ '{"a"': [1] });
});

test('follows redirects, and sends its secrets to nobody else', async () => {
  const seen: unknown[] = [];
  const other = createServer(({ headers }, response) => {
    seen.push(headers.authorization, headers['x-key']);
    response.end(CSV);
  });
  await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve));
  const elsewhere = `http://127.0.0.1:${(other.address() as AddressInfo).port}/rows.csv`;
  answer = ({ url, headers }, response) => {
    seen.push(headers.authorization, headers['x-key']);
    response.writeHead(302, { location: url === '/a' ? '/b' : elsewhere }).end();
  };
  const href = `${origin.replace('//', '//me:p%40ss@')}/a`;
  expect(await rowsOf('/', { href, headers: { 'x-key': 'k' } })).toEqual(ROWS);
  const basic = `Basic ${Buffer.from('me:p@ss').toString('base64')}`;
  expect(seen).toEqual([basic, 'k', basic, 'k', undefined, undefined]);
  other.close();
});

test('says what the server answered, without user, password and query', async () => {
  const href = `${origin.replace('//', '//me:secret@')}/rows.csv?key=secret`;
  const refusal = async (status: number) => {
    answer = (_request, response) => response.writeHead(status, { location: '/rows.csv' }).end();
    return load('/', { href }).catch(({ code, message }: { code: string; message: string }) => [
      code,
      message,
    ]);
  };
  const where = `${origin}/rows.csv`;
  expect(await refusal(401)).toEqual([
    'SOURCE_REFUSED',
    `${where} answered 401 Unauthorized: it does not let us in.`,
  ]);
  expect(await refusal(404)).toEqual([
    'SOURCE_MISSING',
    `${where} answered 404 Not Found: there is nothing at this address.`,
  ]);
  expect(await refusal(503)).toEqual([
    'SOURCE_UNREACHABLE',
    `${where} answered 503 Service Unavailable in place of its data.`,
  ]);
  expect(await refusal(302)).toEqual([
    'SOURCE_UNREACHABLE',
    `${where} leads to another address more than 5 times.`,
  ]);
});

test('says that nobody listens, that there is no such host, and that a page is no table', async () => {
  const gone = createServer();
  await new Promise<void>((resolve) => gone.listen(0, '127.0.0.1', resolve));
  const { port } = gone.address() as AddressInfo;
  await new Promise((resolve) => gone.close(resolve));
  await expect(load('/', { href: `http://127.0.0.1:${port}/` })).rejects.toMatchObject({
    code: 'SOURCE_UNREACHABLE',
    message: `127.0.0.1:${port} refuses connections: nothing listens there.`,
  });
  await expect(load('/', { href: 'http://nobody.invalid/' })).rejects.toMatchObject({
    code: 'SOURCE_UNREACHABLE',
    message: expect.stringMatching(
      /^nobody\.invalid (?:is no host|cannot be looked up)/u,
    ) as string,
  });
  answer = (_request, response) => response.end('<!doctype html><p>Sign in');
  await expect(load('/rows.csv')).rejects.toMatchObject({ code: 'SOURCE_KIND_UNKNOWN' });
});

test('publishes nothing of a body that is cut off, whatever it was packed with', async () => {
  const rows = Buffer.from(`a\n${'1\n'.repeat(50_000)}`);
  answer = (_request, response) => {
    response.writeHead(200, { 'content-length': rows.length });
    response.write(rows.subarray(0, 40_000), () => response.destroy());
  };
  await expect(load('/rows.csv')).rejects.toMatchObject({
    code: 'SOURCE_TRUNCATED',
    message: `${origin}/rows.csv ended after 40000 of 100002 bytes, in the middle of its data.`,
  });
  answer = (_request, response) => {
    response.write(rows.subarray(0, 40_000), () => response.destroy());
  };
  await expect(load('/rows.csv')).rejects.toMatchObject({ code: 'SOURCE_TRUNCATED' });
  const packed = gzipSync(rows);
  answer = (_request, response) =>
    response
      .writeHead(200, { 'content-encoding': 'gzip' })
      .end(packed.subarray(0, packed.length - 9));
  await expect(load('/rows.csv')).rejects.toMatchObject({ code: 'SOURCE_TRUNCATED' });
  expect(readdirSync(out)).toEqual([]);
});

test('says that there is nothing, or too much, or that the server is silent', async () => {
  answer = (_request, response) => response.end();
  await expect(load('/rows.csv')).rejects.toMatchObject({ code: 'SOURCE_EMPTY' });
  const message = `${origin}/rows.csv has more than 1000 bytes.`;
  answer = (_request, response) =>
    response.writeHead(200, { 'content-length': 2000 }).end('x'.repeat(2000));
  await expect(load('/rows.csv', { maxBytes: 1000 })).rejects.toMatchObject({
    code: 'SOURCE_TOO_LARGE',
    message,
  });
  const bomb = gzipSync('a\n'.repeat(1_000_000));
  answer = (_request, response) =>
    response.writeHead(200, { 'content-encoding': 'gzip' }).end(bomb);
  await expect(load('/rows.csv', { maxBytes: bomb.length + 1000 })).rejects.toMatchObject({
    code: 'SOURCE_TOO_LARGE',
  });
  const silence = {
    code: 'SOURCE_UNREACHABLE',
    message: `${origin}/rows.csv was silent for 1 s.`,
  };
  answer = () => undefined;
  await expect(load('/rows.csv', { idleMs: 1000 })).rejects.toMatchObject(silence);
  answer = (_request, response) =>
    void response.writeHead(200, { 'content-length': 2000 }).write('a\n1\n');
  await expect(load('/rows.csv', { idleMs: 1000 })).rejects.toMatchObject(silence);
});

test('hangs up where the load is cancelled', async () => {
  const closed = new Promise((resolve) => {
    answer = (_request, response) => {
      response.on('close', resolve);
      response.writeHead(200, { 'content-length': 2000 }).write('a\n1\n');
    };
  });
  await expect(load('/rows.csv', {}, new AbortController())).rejects.toMatchObject({
    code: 'LOAD_CANCELLED',
  });
  await closed;
});
