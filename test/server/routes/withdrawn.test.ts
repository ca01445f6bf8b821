import { once } from 'node:events';
import { request as ask } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, expect, test, vi } from 'vitest';
import type { Engine } from '../../../server/engine/engine.js';
import { HalftoneError } from '../../../server/errors.js';
import { buildTestApp, fakeEngine, fakeFrame, type TestApp } from '../helpers.js';

// Against hanging, not against slowness.
vi.setConfig({ testTimeout: 120_000 });
const WAIT = { timeout: 100_000 };

let made: TestApp | undefined;
afterEach(() => made?.app.close());

/** Answers nothing before its signal fires. */
function untilWithdrawn(
  signals: AbortSignal[],
): (signal: AbortSignal | undefined) => Promise<never> {
  return (signal) => {
    signals.push(signal!);
    return new Promise((_, reject) => {
      signal!.addEventListener('abort', () =>
        reject(new HalftoneError('CANCELLED', 'The request was withdrawn.')),
      );
    });
  };
}

/** An engine that never ends by itself. */
function endlessEngine(signals: AbortSignal[]): Engine {
  const hang = untilWithdrawn(signals);
  return {
    ...fakeEngine(),
    frame: (_snapshot, _query, signal) => hang(signal),
    sample: (_snapshot, _query, signal) => hang(signal),
    values: (_snapshot, _request, signal) => hang(signal),
    row: (_snapshot, _row, signal) => hang(signal),
    async *rows(_snapshot, _filters, signal) {
      yield fakeFrame().bytes;
      await hang(signal);
    },
  };
}

const query = { dataset: 'a', mark: 'rows' };
const inAddress = Buffer.from(JSON.stringify(query)).toString('base64url');

/** What a client may wait for, and how many pieces of work that is. */
const REQUESTS: [string, string, string, object | undefined, number][] = [
  ['a frame', 'POST', 'frame', query, 1],
  ['a frame by its address', 'GET', `frame?q=${inAddress}`, undefined, 1],
  ['a frame as text', 'GET', `frame.csv?q=${inAddress}`, undefined, 1],
  ['a quick frame', 'POST', 'frame', { ...query, quality: 'fast' }, 1],
  ['many frames', 'POST', 'frames', { queries: [query, { ...query, limit: 1 }] }, 2],
  ['an export', 'GET', 'datasets/a/export?format=csv', undefined, 1],
  ['an export as Arrow', 'GET', 'datasets/a/export?format=arrow', undefined, 1],
  ['an export as Parquet', 'GET', 'datasets/a/export?format=parquet', undefined, 1],
  ['the options of a dropdown', 'GET', 'datasets/a/columns/x/values', undefined, 1],
  ['a row', 'GET', 'datasets/a/rows/1', undefined, 1],
  ['the frame of a proof', 'POST', 'verify', query, 1],
];

test.each(REQUESTS)(
  '%s is withdrawn when the socket of its client closes',
  async (_, method, path, body, works) => {
    const signals: AbortSignal[] = [];
    made = await buildTestApp({ parts: { engine: endlessEngine(signals) } });
    await closeAmid(method, path, body, () => signals.length === works);
    await vi.waitUntil(() => signals.every(({ aborted }) => aborted), WAIT);
    expect(made.reported).toEqual([]);
  },
);

test('a proof is withdrawn when the socket of its client closes', async () => {
  const signals: AbortSignal[] = [];
  const hang = untilWithdrawn(signals);
  made = await buildTestApp({ parts: { verifier: { verify: (_, signal) => hang(signal) } } });
  await closeAmid('POST', 'verify', query, () => signals.length === 1);
  await vi.waitUntil(() => signals[0]!.aborted, WAIT);
  expect(made.reported).toEqual([]);
});

/** Asks through a socket, and closes that once the work is under way. */
async function closeAmid(
  method: string,
  path: string,
  body: object | undefined,
  isUnderWay: () => boolean,
): Promise<void> {
  await made!.app.listen({ port: 0, host: '127.0.0.1' });
  const { port } = made!.app.server.address() as AddressInfo;
  const headers = body === undefined ? {} : { 'content-type': 'application/json' };
  const sent = ask({ port, path: `/api/v1/${path}`, method, headers });
  sent.on('error', () => undefined);
  sent.end(body && JSON.stringify(body));
  await once(sent, 'finish');
  await vi.waitUntil(isUnderWay, WAIT);
  sent.destroy();
}
