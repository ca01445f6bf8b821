import { once } from 'node:events';
import { request as ask, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { brotliDecompressSync } from 'node:zlib';
import { tableFromIPC } from '@uwdata/flechette';
import { afterEach, describe, expect, test, vi } from 'vitest';
import type { Query } from '../../../protocol/query.js';
import { HalftoneError } from '../../../server/errors.js';
import { readParts } from '../../helpers/frame-parts.js';
import { buildTestApp, fakeEngine, fakeFrame, type TestApp } from '../helpers.js';

let made: TestApp | undefined;
afterEach(() => made?.app.close());

const query = { dataset: 'a', mark: 'rows' };

async function post(queries: unknown, options: Parameters<typeof buildTestApp>[0] = {}) {
  made = await buildTestApp(options);
  const payload = { queries } as object;
  return made.app.inject({ method: 'POST', url: '/api/v1/frames', payload });
}

/** An engine whose frames are ready when a test says so; a query is known by its `limit`. */
function handEngine(rows = 3) {
  const waiting = new Map<number, () => void>();
  const begun: number[] = [];
  const withdrawn: number[] = [];
  return {
    begun,
    withdrawn,
    finish: (limit: number) => waiting.get(limit)!(),
    engine: {
      ...fakeEngine(),
      frame: (_snapshot: unknown, { limit = 0 }: Query, signal?: AbortSignal) => {
        begun.push(limit);
        return new Promise<ReturnType<typeof fakeFrame>>((resolve, reject) => {
          waiting.set(limit, () => resolve(fakeFrame({ rows })));
          signal?.addEventListener('abort', () => {
            withdrawn.push(limit);
            reject(new HalftoneError('CANCELLED', 'The request was withdrawn.'));
          });
        });
      },
    },
  };
}

describe('many frames in one answer', () => {
  test('are the frames of each query, with the headers that it would have by itself', async () => {
    const queries = [3, 1, 2].map((limit) => ({ ...query, limit }));
    const answer = await post(queries);
    expect(answer.statusCode).toBe(200);
    expect(answer.headers).toMatchObject({
      'content-type': 'application/vnd.halftone.frames',
      'cache-control': 'no-store',
      vary: 'Accept-Encoding',
    });
    const parts = readParts(answer.rawPayload);
    expect(new Set(parts.map(({ index }) => index))).toEqual(new Set([0, 1, 2]));
    for (const { index, status, headers, body, at } of parts) {
      expect(status).toBe(200);
      expect(at % 8).toBe(0);
      expect(tableFromIPC(body).getChild('x')!.toArray()).toEqual(Float64Array.of(0, 0.5, 1));
      // Asked for by itself it is a hit of the very same frame.
      const single = await made!.app.inject({
        method: 'POST',
        url: '/api/v1/frame',
        payload: queries[index]!,
      });
      expect(single.headers['cache-status']).toMatch(/^Halftone; hit/u);
      expect(single.rawPayload.equals(body)).toBe(true);
      for (const name of ['content-type', 'etag', 'x-halftone-snapshot']) {
        expect(headers[name], name).toBe(single.headers[name]);
      }
      expect(headers['cache-status']).toMatch(/^Halftone; fwd=miss; stored/u);
      expect(headers['server-timing']).toMatch(
        /^queue;dur=1\.00, compute;dur=2\.00, encode;dur=3\.00, total;dur=/u,
      );
      expect(JSON.parse(headers['x-halftone-plan']!)).toMatchObject({ tier: 'scan' });
    }
  });

  test('are none for no queries', async () => {
    const answer = await post([]);
    expect([answer.statusCode, answer.rawPayload.length]).toEqual([200, 0]);
  });

  test('of equal queries are computed once', async () => {
    const engine = fakeEngine();
    const answer = await post([query, { ...query, timeZone: 'UTC' }, query], { parts: { engine } });
    expect(readParts(answer.rawPayload)).toHaveLength(3);
    expect(engine.asked).toHaveLength(1);
  });

  test('one that fails has its own problem and harms no other', async () => {
    const engine = fakeEngine();
    const frame = engine.frame.bind(engine);
    const { rawPayload } = await post(
      [
        { ...query, limit: 1 },
        { ...query, dataset: 'b' },
        { ...query, snapshot: 'gone' },
        { ...query, limit: 2 },
        { ...query, limit: 3 },
      ],
      {
        parts: {
          engine: {
            ...engine,
            frame: async (snapshot, asked, signal) => {
              if (asked.limit === 2) throw new TypeError('secret of the machine');
              return frame(snapshot, asked, signal);
            },
          },
        },
      },
    );
    const parts = readParts(rawPayload).sort((a, b) => a.index - b.index);
    expect(parts.map(({ status }) => status)).toEqual([200, 404, 410, 500, 200]);
    const problems = parts.slice(1, 4).map(({ headers, body }) => {
      expect(headers).toMatchObject({
        'content-type': 'application/problem+json',
        'cache-control': 'no-store',
      });
      return JSON.parse(new TextDecoder().decode(body)) as { code: string };
    });
    expect(problems.map(({ code }) => code)).toEqual([
      'DATASET_UNKNOWN',
      'SNAPSHOT_GONE',
      'INTERNAL',
    ]);
    expect(JSON.stringify(problems)).not.toContain('secret');
    expect(made!.reported).toEqual([expect.any(TypeError)]);
  });

  test('are refused as a whole only where the body is no list of queries', async () => {
    made = await buildTestApp();
    const refused = async (payload: unknown) => {
      const answer = await made!.app.inject({
        method: 'POST',
        url: '/api/v1/frames',
        headers: { 'content-type': 'application/json' },
        payload: JSON.stringify(payload),
      });
      expect(answer.headers['content-type']).toMatch(/^application\/problem\+json/u);
      expect(answer.headers['content-encoding']).toBeUndefined();
      return answer.json<{ code: string; field: string; detail: string }>();
    };
    const invalid = { code: 'QUERY_INVALID', field: 'queries' };
    for (const body of [null, 1, [], [query], {}, { queries: query }, { queries: null }]) {
      expect(await refused(body), JSON.stringify(body)).toMatchObject(invalid);
    }
    expect(await refused({ queries: [], more: 1 })).toMatchObject({
      code: 'QUERY_INVALID',
      field: 'more',
    });
    expect(await refused({ queries: Array.from({ length: 65 }, () => query) })).toMatchObject({
      code: 'LIMIT_EXCEEDED',
      field: 'queries',
      detail: 'A request may hold 64 queries, and this one has 65.',
    });
  });

  test('are coded as one for another machine', async () => {
    made = await buildTestApp({ parts: { engine: fakeEngine(5000) } });
    const answer = await made.app.inject({
      method: 'POST',
      url: '/api/v1/frames',
      headers: { 'accept-encoding': 'gzip, deflate, br' },
      remoteAddress: '192.0.2.7',
      payload: { queries: [query, { ...query, limit: 1 }] },
    });
    expect(answer.headers['content-encoding']).toBe('br');
    const parts = readParts(brotliDecompressSync(answer.rawPayload));
    expect(parts.map(({ body }) => tableFromIPC(body).numRows)).toEqual([5000, 5000]);
  });
});

describe('through a socket', () => {
  async function open(queries: readonly object[], engine: ReturnType<typeof fakeEngine>) {
    made = await buildTestApp({ parts: { engine } });
    await made.app.listen({ port: 0, host: '127.0.0.1' });
    const { port } = made.app.server.address() as AddressInfo;
    const headers = { 'content-type': 'application/json' };
    const sent = ask({ port, path: '/api/v1/frames', method: 'POST', headers });
    sent.on('error', () => undefined);
    sent.end(JSON.stringify({ queries }));
    const answer = once(sent, 'response').then(([message]) => message as IncomingMessage);
    answer.catch(() => undefined);
    return { sent, answer };
  }

  test('a frame is there as soon as it is ready, whatever was asked before it', async () => {
    const hand = handEngine();
    const queries = [1, 2, 3].map((limit) => ({ ...query, limit }));
    const { answer } = await open(queries, hand.engine);
    await vi.waitUntil(() => hand.begun.length === 3);
    const chunks: Buffer[] = [];
    for (const limit of [3, 1, 2]) {
      hand.finish(limit);
      if (chunks.length === 0) (await answer).on('data', (bytes: Buffer) => chunks.push(bytes));
      await vi.waitUntil(() => {
        try {
          return readParts(Buffer.concat(chunks)).at(-1)?.index === limit - 1;
        } catch {
          return false;
        }
      });
    }
    expect(readParts(Buffer.concat(chunks)).map(({ index }) => index)).toEqual([2, 0, 1]);
  });

  test('a client that goes away withdraws what runs and what was to come', async () => {
    const hand = handEngine();
    const queries = Array.from({ length: 20 }, (_, limit) => ({ ...query, limit }));
    const { sent } = await open(queries, hand.engine);
    await vi.waitUntil(() => hand.begun.length === 8);
    sent.destroy();
    await vi.waitUntil(() => hand.withdrawn.length === 8);
    expect(hand.begun).toEqual([0, 1, 2, 3, 4, 5, 6, 7]);
    expect(made!.reported).toEqual([]);
  });

  test('a client that reads nothing halts the rest', async () => {
    // Frames of some MB: more than the buffers of a socket hold.
    const engine = fakeEngine(400_000);
    const queries = Array.from({ length: 40 }, (_, limit) => ({ ...query, limit }));
    const { answer, sent } = await open(queries, engine);
    const message = await answer;
    message.pause();
    let known = -1;
    await vi.waitUntil(
      () => {
        const isAtRest = engine.asked.length === known;
        known = engine.asked.length;
        return isAtRest;
      },
      { interval: 300 },
    );
    expect(known).toBeGreaterThanOrEqual(8);
    expect(known).toBeLessThan(30);
    const chunks: Buffer[] = [];
    for await (const chunk of message) chunks.push(chunk as Buffer);
    expect(readParts(Buffer.concat(chunks))).toHaveLength(40);
    sent.destroy();
  });
});
