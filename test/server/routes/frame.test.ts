import { brotliDecompressSync } from 'node:zlib';
import { tableFromIPC } from '@uwdata/flechette';
import { afterEach, describe, expect, test } from 'vitest';
import { FRAME_REVISION } from '../../../protocol/media.js';
import { addressOf, buildTestApp, fakeEngine, fakeFrame, type TestApp } from '../helpers.js';

let made: TestApp | undefined;
afterEach(() => made?.app.close());

const query = { dataset: 'a', mark: 'rows' };
const address = (more: object = {}) => `/api/v1/frame?q=${addressOf({ ...query, ...more })}`;

async function ask(options: Parameters<typeof buildTestApp>[0] = {}) {
  made = await buildTestApp(options);
  return made;
}

describe('a frame', () => {
  test('is the same by body and by address, with every header of the contract', async () => {
    const { app } = await ask();
    const posted = await app.inject({ method: 'POST', url: '/api/v1/frame', payload: query });
    const got = await app.inject(address());
    expect(posted.statusCode).toBe(200);
    expect(got.rawPayload.equals(posted.rawPayload)).toBe(true);
    expect(tableFromIPC(got.rawPayload).getChild('x')!.toArray()).toEqual(
      Float64Array.of(0, 0.5, 1),
    );
    expect(posted.headers).toMatchObject({
      'content-type': 'application/vnd.apache.arrow.stream',
      'x-halftone-snapshot': 'snap-1',
      'cache-control': 'no-cache',
      vary: 'Accept, Accept-Encoding',
      etag: expect.stringMatching(
        new RegExp(`^W/"snap-1\\.[\\w-]{22}\\.${FRAME_REVISION}\\.arrow"$`, 'u'),
      ) as string,
      'cache-status': expect.stringMatching(
        /^Halftone; fwd=miss; stored; key="[\w-]{22}"$/u,
      ) as string,
      'server-timing': 'queue;dur=1.00, compute;dur=2.00, encode;dur=3.00, total;dur=0.00',
    });
    expect(got.headers['cache-status']).toMatch(/^Halftone; hit/u);
    expect(JSON.parse(posted.headers['x-halftone-plan'] as string)).toEqual({
      tier: 'scan',
      reason: 'für alle',
      rowsTouched: 3,
      bytesTouched: 24,
    });
  });

  test('is immutable where the address names its snapshot', async () => {
    const { app } = await ask();
    const named = await app.inject(`${address({ snapshot: 'snap-1' })}&r=${FRAME_REVISION}`);
    expect(named.headers['cache-control']).toBe('max-age=31536000, immutable');
    const ofOldRevision = await app.inject(`${address({ snapshot: 'snap-1' })}&r=0`);
    expect(ofOldRevision.headers['cache-control']).toBe('no-cache');
  });

  test('is private where a token is in force', async () => {
    const { app } = await ask({ config: { token: 'secret' } });
    const headers = { authorization: 'Bearer secret' };
    const answer = await app.inject({ url: address({ snapshot: 'snap-1' }), headers });
    expect(answer.headers['cache-control']).toBe('private, max-age=31536000, immutable');
  });

  test('is not computed for one who has it', async () => {
    const engine = fakeEngine();
    const { app } = await ask({ parts: { engine } });
    const first = await app.inject(address());
    const again = await app.inject({
      url: address(),
      headers: { 'if-none-match': `"other", ${first.headers.etag}` },
    });
    expect(again.statusCode).toBe(304);
    expect(again.rawPayload).toHaveLength(0);
    expect(again.headers.etag).toBe(first.headers.etag);
    expect(engine.asked).toHaveLength(1);
  });

  test('is computed once for queries that mean the same', async () => {
    const engine = fakeEngine();
    const { app } = await ask({ parts: { engine } });
    const one = { op: 'in', column: 'x', values: [2, 1, 2] };
    const other = { values: [1, 2], exclude: false, column: 'x', op: 'in' };
    await app.inject(address({ filters: [one] }));
    const second = await app.inject(address({ filters: [other], timeZone: 'UTC' }));
    expect(second.headers['cache-status']).toMatch(/; hit/u);
    expect(engine.asked).toHaveLength(1);
  });

  test('is gone with its snapshot', async () => {
    const { app } = await ask();
    const answer = await app.inject(address({ snapshot: 'snap-0' }));
    expect(answer.statusCode).toBe(410);
    expect(answer.json()).toMatchObject({ code: 'SNAPSHOT_GONE', field: 'snapshot' });
  });

  test('is Arrow unless the suffix or the Accept header asks for text', async () => {
    const { app } = await ask();
    const typeOf = async (url: string, accept?: string) => {
      const answer = await app.inject({ url, ...(accept ? { headers: { accept } } : {}) });
      return answer.headers['content-type'];
    };
    const arrow = 'application/vnd.apache.arrow.stream';
    expect(await typeOf(address())).toBe(arrow);
    expect(await typeOf(address(), '*/*')).toBe(arrow);
    expect(await typeOf(address(), 'text/html, application/json;q=0.8, text/csv;q=0.9')).toBe(
      'text/csv; charset=utf-8',
    );
    expect(await typeOf(address(), 'application/json')).toMatch(/^application\/json/u);
    expect(await typeOf(address().replace('frame', 'frame.csv'), arrow)).toMatch(/^text\/csv/u);
    expect(await typeOf(address().replace('frame', 'frame.arrow'), 'text/csv')).toBe(arrow);
    const posted = await app.inject({ method: 'POST', url: '/api/v1/frame.csv', payload: query });
    expect(posted.headers['content-type']).toMatch(/^text\/csv/u);
  });

  test('goes uncoded to this machine, and coded to others', async () => {
    const engine = fakeEngine(10_000);
    const { app } = await ask({ parts: { engine } });
    const headers = { 'accept-encoding': 'gzip, deflate, br, zstd' };
    const here = await app.inject({ url: address(), headers });
    expect(here.headers['content-encoding']).toBeUndefined();
    const there = await app.inject({ url: address(), headers, remoteAddress: '192.0.2.7' });
    expect(there.headers['content-encoding']).toBe('br');
    expect(brotliDecompressSync(there.rawPayload).equals(here.rawPayload)).toBe(true);
    expect(there.rawPayload.length).toBeLessThan(here.rawPayload.length);
  });
});

describe('a frame that may be a sample', () => {
  /** An engine that would give a sample of everything. */
  function samplingEngine() {
    const engine = fakeEngine();
    const sampled: unknown[] = [];
    return {
      ...engine,
      sampled,
      async sample(_snapshot: unknown, asked: unknown) {
        sampled.push(asked);
        const frame = fakeFrame();
        const metadata = { ...frame.metadata, exact: false, estimated: true as const };
        return { ...frame, metadata, plan: { ...frame.plan, tier: 'sample' as const } };
      },
    };
  }
  const fast = { snapshot: 'snap-1', quality: 'fast' };

  test('is a sample that nobody keeps, and that is not called what the exact one is', async () => {
    const engine = samplingEngine();
    const { app } = await ask({ parts: { engine } });
    for (let time = 1; time <= 2; time++) {
      const answer = await app.inject(`${address(fast)}&r=${FRAME_REVISION}`);
      expect(answer.headers).toMatchObject({
        'cache-control': 'no-store',
        'cache-status': expect.stringMatching(/^Halftone; fwd=bypass; key=/u) as string,
        'x-halftone-plan': expect.stringMatching(/"tier":"sample"/u) as string,
      });
      expect(answer.headers.etag).toBeUndefined();
      expect(engine.sampled).toHaveLength(time);
    }
    expect(engine.asked).toHaveLength(0);
  });

  test('is the exact one where that is there, under its name', async () => {
    const engine = samplingEngine();
    const { app } = await ask({ parts: { engine } });
    const exact = await app.inject(`${address({ snapshot: 'snap-1' })}&r=${FRAME_REVISION}`);
    const answer = await app.inject(`${address(fast)}&r=${FRAME_REVISION}`);
    expect(engine.sampled).toHaveLength(0);
    expect(answer.headers['cache-status']).toMatch(/; hit;/u);
    expect(answer.headers.etag).toBe(exact.headers.etag);
    expect(answer.headers['cache-control']).toBe('max-age=31536000, immutable');
    expect(answer.rawPayload.equals(exact.rawPayload)).toBe(true);
  });

  test('is the exact one where the engine would rather compute that, kept for all who ask', async () => {
    const engine = { ...samplingEngine(), sample: async () => null };
    const { app } = await ask({ parts: { engine } });
    const answer = await app.inject(`${address(fast)}&r=${FRAME_REVISION}`);
    expect(answer.headers['cache-status']).toMatch(/fwd=miss; stored/u);
    const exact = await app.inject(
      `${address({ snapshot: 'snap-1', quality: 'exact' })}&r=${FRAME_REVISION}`,
    );
    expect(exact.headers['cache-status']).toMatch(/; hit;/u);
    expect(exact.headers.etag).toBe(answer.headers.etag);
    expect(engine.asked.map(({ quality }) => quality)).toEqual([undefined]);
  });
});

test('an address that is no query gets a sentence about what is wrong with it', async () => {
  const { app } = await ask();
  for (const q of [
    '%25',
    'not base64!',
    addressOf(1).slice(0, 1),
    Buffer.from('{').toString('base64url'),
  ]) {
    const answer = await app.inject(`/api/v1/frame?q=${encodeURIComponent(q)}`);
    expect(answer.statusCode).toBe(400);
    expect(answer.json()).toMatchObject({ code: 'QUERY_INVALID', field: 'q' });
  }
});
