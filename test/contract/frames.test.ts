import { execFile, execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { brotliDecompressSync } from 'node:zlib';
import { tableFromIPC } from 'apache-arrow';
import { tableFromIPC as readArrow } from '@uwdata/flechette';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import type { FrameMetadata } from '../../protocol/frame.js';
import { readParts, type ReadPart } from '../helpers/frame-parts.js';
import { createWorkplace, settledDatasets, type Server, type Workplace } from './cli-process.js';

vi.setConfig({ testTimeout: 300_000, hookTimeout: 300_000 });

const ROWS = 200_000;
let place: Workplace;
let server: Server;
beforeAll(async () => {
  place = createWorkplace();
  const rows = Array.from({ length: ROWS }, (_, i) => `${i},${(i * 7919) % 1000},k${i % 7}`);
  writeFileSync(join(place.folder, 'long.csv'), `i,v,k\n${rows.join('\n')}\n`);
  server = await place.serve(['./long.csv']);
  await settledDatasets(server.url);
});
afterAll(async () => {
  await place.close();
  expect(server.stderr()).not.toMatch(/INTERNAL|TypeError|^\s+at /mu);
});

const filters = [
  { op: 'in', column: 'k', values: ['k1', 'k3'] },
  { op: 'range', column: 'v', min: 100, max: 700 },
];
const charts = [
  { mark: 'scatter', x: 'i', y: 'v', method: 'density', width: 200, height: 100 },
  { mark: 'line', x: 'i', y: 'v', width: 300 },
  { mark: 'histogram', x: 'v', bins: 20 },
  { mark: 'bar', x: 'k' },
  { mark: 'bar', x: 'k', aggregate: { op: 'median', column: 'v' } },
  { mark: 'heatmap', x: 'i', y: 'v' },
  { mark: 'value', aggregate: { op: 'sum', column: 'v' } },
  { mark: 'rows', columns: ['k', 'v'], limit: 10 },
].map((chart) => ({ dataset: 'long', filters, ...chart }));

const post = (path: string, body: unknown, headers: Record<string, string> = {}) =>
  fetch(`${server.url}/api/v1/${path}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify(body),
  });
const bytesOf = async (answer: Response) => new Uint8Array(await answer.arrayBuffer());
const inOrder = (parts: ReadPart[]) => parts.toSorted((a, b) => a.index - b.index);

/** A frame as what it says: how long things took is not part of it. */
function said(bytes: Uint8Array): unknown {
  const table = readArrow(bytes);
  const metadata = JSON.parse(table.schema.metadata!.get('halftone')!) as FrameMetadata;
  return [metadata, table.toArray()];
}

test('every chart of a page comes as it comes alone, to two readers of Arrow', async () => {
  const answer = await post('frames', { queries: charts });
  expect(answer.status).toBe(200);
  expect(answer.headers.get('content-type')).toBe('application/vnd.halftone.frames');
  expect(answer.headers.get('x-content-type-options')).toBe('nosniff');
  const parts = inOrder(readParts(await bytesOf(answer)));
  expect(parts.map(({ index, status }) => [index, status])).toEqual(charts.map((_, i) => [i, 200]));
  for (const [i, { headers, body, at }] of parts.entries()) {
    // Computed anew, not taken from the cache, by the old way.
    await fetch(`${server.url}/api/v1/cache`, { method: 'DELETE' });
    const alone = await post('frame', charts[i]);
    expect(alone.headers.get('cache-status')).toMatch(/fwd=miss/u);
    const bytes = await bytesOf(alone);
    expect(Buffer.from(body).equals(bytes), charts[i]!.mark).toBe(true);
    expect(headers['etag']).toBe(alone.headers.get('etag'));
    expect(headers['x-halftone-snapshot']).toBe(alone.headers.get('x-halftone-snapshot'));
    expect(tableFromIPC(body).numRows).toBe(readArrow(body).numRows);
    expect(said(body)).toEqual(said(bytes));
    expect(at % 8).toBe(0);
  }
});

test('wrong queries among right ones get the sentences that they get alone', async () => {
  const wrong = [
    { dataset: 'long', mark: 'scatter', x: 'nope', y: 'v' },
    { dataset: 'none', mark: 'rows' },
    { dataset: 'long', mark: 'pie' },
    null,
    'rows',
    [],
    { dataset: 'long', mark: 'rows', filters: [{ op: 'range', column: 'k', min: 1 }] },
    { dataset: 'long', mark: 'rows', snapshot: 'gone' },
  ];
  const mixed = wrong.flatMap((query) => [query, charts[2]]);
  const answer = await post('frames', { queries: mixed });
  const parts = inOrder(readParts(await bytesOf(answer)));
  expect(parts).toHaveLength(mixed.length);
  for (const [i, { status, headers, body }] of parts.entries()) {
    if (i % 2 === 1) {
      expect(status).toBe(200);
      continue;
    }
    const problem = JSON.parse(new TextDecoder().decode(body)) as { status: number };
    expect(headers['content-type']).toBe('application/problem+json');
    expect(problem.status).toBe(status);
    const alone = await post('frame', mixed[i]);
    // No JSON at all has an answer of its own there.
    if (typeof mixed[i] !== 'object' || mixed[i] === null) continue;
    expect(problem).toEqual(await alone.json());
  }
});

test('the answer can be coded, on this machine too where the client insists', async () => {
  const answer = await fetch(`${server.url}/api/v1/frames`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'accept-encoding': 'br' },
    body: JSON.stringify({ queries: charts }),
  });
  expect(answer.headers.get('content-encoding')).toBe('br');
  // fetch has decoded it; what went over the line is read below.
  expect(readParts(await bytesOf(answer))).toHaveLength(charts.length);
  const raw = execFileSync(
    process.execPath,
    [
      '--input-type=module',
      '-e',
      `import { request } from 'node:http';
       const ask = request(process.argv[1], { method: 'POST', headers: { 'content-type': 'application/json', 'accept-encoding': 'br' } });
       ask.on('response', (answer) => answer.pipe(process.stdout));
       ask.end(process.argv[2]);`,
      `${server.url}/api/v1/frames`,
      JSON.stringify({ queries: charts }),
    ],
    { maxBuffer: 2 ** 26 },
  );
  expect(readParts(brotliDecompressSync(raw))).toHaveLength(charts.length);
});

/** The first snippet of a language in the reference of the route. */
function snippet(language: string): string {
  const page = readFileSync(new URL('../../docs/reference/http.md', import.meta.url), 'utf8');
  const section = page.split('## POST /api/v1/frames')[1]!.split('\n## ')[0]!;
  return section.split(`\`\`\`${language}\n`)[1]!.split('\n```')[0]!;
}

test('the reader for pages in the reference reads it, however it is cut into pieces', async () => {
  const file = join(place.folder, 'read-frames.mjs');
  writeFileSync(file, `${snippet('js')}\nexport { readFrames };\n`);
  const { readFrames } = (await import(/* @vite-ignore */ file)) as {
    readFrames: (answer: {
      body: unknown;
    }) => AsyncIterable<{ index: number; status: number; body: Uint8Array }>;
  };
  const bytes = await bytesOf(await post('frames', { queries: [...charts, { mark: 'no' }] }));
  const whole = readParts(bytes);
  for (const size of [1, 7, 1000, bytes.length]) {
    const pieces = new ReadableStream({
      start(controller) {
        // One byte at a time is for the beginning: the rest would take long.
        let at = 0;
        for (; at < Math.min(bytes.length, size * 3000); at += size)
          controller.enqueue(bytes.slice(at, at + size));
        if (at < bytes.length) controller.enqueue(bytes.slice(at));
        controller.close();
      },
    });
    let i = 0;
    for await (const { index, status, body } of readFrames({ body: pieces })) {
      expect([index, status]).toEqual([whole[i]!.index, whole[i]!.status]);
      expect(Buffer.from(body).equals(whole[i]!.body)).toBe(true);
      i++;
    }
    expect(i).toBe(whole.length);
  }
  const cut = new Response(bytes.slice(0, -1));
  await expect(async () => {
    for await (const { status } of readFrames(cut)) expect(status).toBeGreaterThan(0);
  }).rejects.toThrow('cut off');
});

const python = ['python3', 'python'].find((name) => {
  try {
    return execFileSync(name, ['--version']).toString().startsWith('Python 3');
  } catch {
    return false;
  }
});

test.skipIf(python === undefined)('the reader for Python in the reference reads it', async () => {
  const file = join(place.folder, 'read_frames.py');
  const print = `
import sys
for part, body in read_frames(sys.argv[1], json.loads(sys.argv[2])):
    print(json.dumps([part["index"], part["status"], part["headers"]["content-type"], len(body)]))
`;
  writeFileSync(file, snippet('python') + print);
  const queries = [...charts, { mark: 'no' }];
  const { stdout } = await promisify(execFile)(python!, [
    file,
    `${server.url}/api/v1/frames`,
    JSON.stringify(queries),
  ]);
  const parts = inOrder(readParts(await bytesOf(await post('frames', { queries }))));
  const read = stdout
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as [number, number, string, number])
    .sort((a, b) => a[0] - b[0]);
  expect(read).toEqual(
    parts.map(({ index, status, headers, body }) => [
      index,
      status,
      headers['content-type'],
      body.length,
    ]),
  );
});
