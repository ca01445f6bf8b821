import { describe, expect, test } from 'vitest';
import { createAsker, ProblemError } from '../../../client/data/ask.js';
import {
  categoriesOf,
  decodeFrame,
  numbersOf,
  numbersWithGaps,
} from '../../../client/data/frame.js';
import type { Query } from '../../../protocol/query.js';
import { writeFrame } from '../../../workers/scan/frame.js';
import { answerTiny } from '../../fixtures/tiny-engine.js';
import { tinyFlights, tinyWalk } from '../../fixtures/tiny-tables.js';

const flights = tinyFlights(500);
const query: Query = {
  dataset: 'flights',
  snapshot: 's',
  mark: 'scatter',
  x: 'distance',
  y: 'delay',
  color: 'airline',
  domain: { x: [0, 3000], y: [-60, 180] },
};

/** A server that remembers what it was asked. */
function server(answer: (query: Query) => Response) {
  const requests: { url: string; method: string; query: Query }[] = [];
  const send = async (url: unknown, init: RequestInit = {}): Promise<Response> => {
    init.signal?.throwIfAborted();
    const encoded = /[?&]q=([\w-]+)/.exec(String(url))?.[1];
    const json = encoded ? Buffer.from(encoded, 'base64url').toString() : (init.body as string);
    const asked = JSON.parse(json) as Query;
    requests.push({ url: String(url), method: init.method ?? 'GET', query: asked });
    return answer(asked);
  };
  return { requests, fetch: send as typeof fetch };
}
const frames = () =>
  server(
    (asked) =>
      new Response(answerTiny(flights, asked), {
        headers: {
          'server-timing': 'queue;dur=0.5, compute;dur=12',
          'x-halftone-plan': '{"tier":"scan","reason":"r","rowsTouched":500,"bytesTouched":8000}',
        },
      }),
  );

describe('the data client', () => {
  test('asks by an address that names snapshot and revision, and reads the frame and its headers', async () => {
    const { requests, fetch } = frames();
    const { ask } = createAsker({ base: '/base/', fetch });
    const frame = await ask(query);
    expect(requests[0]!.url).toMatch(/^\/base\/api\/v1\/frame\?q=[\w-]+&r=\d+$/);
    expect(requests[0]!.query).toEqual(query);
    expect(frame.metadata).toMatchObject({ method: 'points', mark: 'scatter' });
    expect(frame.plan?.tier).toBe('scan');
    expect(frame.timing).toMatchObject({ queue: 0.5, compute: 12 });
    expect(frame.length).toBe(frame.metadata.rows.drawn);
  });

  describe('with an estimate first', () => {
    /** A server that estimates what is asked to be fast, where it is slow. */
    const estimating = (isSlow: boolean) =>
      server((asked) => {
        const bytes = answerTiny(flights, asked);
        if (!isSlow || asked.quality !== 'fast') return new Response(bytes);
        const { metadata } = decodeFrame(bytes);
        return new Response(
          writeFrame({ ...metadata, exact: false, estimated: true }, 0, []).bytes,
        );
      });

    test('asks for the exact answer once that is there, and keeps the exact one alone', async () => {
      const { requests, fetch } = estimating(true);
      const asker = createAsker({ fetch });
      const qualities: unknown[] = [];
      const frame = await asker.ask(query, {
        onEstimate: () => qualities.push(...requests.map(({ query: asked }) => asked.quality)),
      });
      // The exact one was on its way when the estimate was told.
      expect(qualities).toEqual(['fast', undefined]);
      expect(frame.metadata.exact).toBe(true);
      await asker.ask(query, { onEstimate: () => qualities.push('again') });
      expect(requests).toHaveLength(2);
    });

    test('asks for the exact answer when it is told to', async () => {
      const { requests, fetch } = estimating(true);
      let isEstimated = false;
      let go = (): void => {};
      const asked = createAsker({ fetch }).ask(query, {
        onEstimate: () => (isEstimated = true),
        beforeExact: () => new Promise<void>((resolve) => (go = resolve)),
      });
      await expect.poll(() => isEstimated).toBe(true);
      expect(requests).toHaveLength(1);
      go();
      expect((await asked).metadata.exact).toBe(true);
      expect(requests).toHaveLength(2);
    });

    test('takes a quick answer for the exact one that it is', async () => {
      const { requests, fetch } = estimating(false);
      const asker = createAsker({ fetch });
      let estimates = 0;
      const frame = await asker.ask(query, { onEstimate: () => estimates++ });
      expect(estimates).toBe(0);
      expect(requests).toHaveLength(1);
      expect(await asker.ask(query)).toEqual(frame);
      expect(requests).toHaveLength(1);
    });

    test('ends with the signal of the asker', async () => {
      const { requests, fetch } = estimating(true);
      const gone = new AbortController();
      const asked = createAsker({ fetch }).ask(query, {
        signal: gone.signal,
        onEstimate: () => undefined,
      });
      gone.abort();
      await expect(asked).rejects.toThrow();
      expect(requests.length).toBeLessThanOrEqual(1);
    });
  });

  test('posts what is too long for an address', async () => {
    const { requests, fetch } = frames();
    const values = Array.from({ length: 3000 }, (_, at) => `value ${at}`);
    const long: Query = { ...query, filters: [{ op: 'in', column: 'airline', values }] };
    await createAsker({ fetch }).ask(long);
    expect(requests[0]).toMatchObject({ method: 'POST', url: 'api/v1/frame', query: long });
  });

  test('keeps frames of named snapshots by their bytes, and no others', async () => {
    const { requests, fetch } = frames();
    const one = await createAsker({ fetch }).ask(query);
    const asker = createAsker({ fetch, maxBytes: one.byteLength * 2 + 5000 });
    requests.length = 0;
    for (const top of [1, 1, 2, 3, 1]) await asker.ask({ ...query, top });
    expect(requests.map(({ query: { top } }) => top)).toEqual([1, 2, 3, 1]);
    const { snapshot: _, ...latest } = query;
    requests.length = 0;
    await asker.ask(latest);
    await asker.ask(latest);
    expect(requests).toHaveLength(2);
  });

  test('hands a kept frame out as an object of its own: what hangs on it ends with its use', async () => {
    const { requests, fetch } = frames();
    const { ask } = createAsker({ fetch });
    const first = await ask(query);
    const again = await ask(query);
    expect(requests).toHaveLength(1);
    expect(again).toEqual(first);
    expect(again).not.toBe(first);
  });

  test('tells a problem in the words of the server, and of a proxy that has none', async () => {
    const problem = { code: 'COLUMN_UNKNOWN', detail: 'No column "x".', status: 400 };
    const refusing = server(() => Response.json(problem, { status: 400 }));
    const refused = createAsker({ fetch: refusing.fetch }).ask(query);
    await expect(refused).rejects.toThrow(ProblemError);
    await expect(refused).rejects.toMatchObject({
      code: 'COLUMN_UNKNOWN',
      message: 'No column "x".',
    });
    const broken = server(() => new Response('<html>', { status: 502 }));
    await expect(createAsker({ fetch: broken.fetch }).ask(query)).rejects.toMatchObject({
      code: 'HTTP_ERROR',
    });
  });

  test('asks nothing for someone who has moved on', async () => {
    const { requests, fetch } = frames();
    const signal = AbortSignal.abort(new Error('moved on'));
    await expect(createAsker({ fetch }).ask(query, { signal })).rejects.toThrow('moved on');
    expect(requests).toHaveLength(0);
  });
});

describe('a decoded frame', () => {
  test('gives its numbers as views of the bytes received', async () => {
    const { fetch } = frames();
    const frame = await createAsker({ fetch }).ask(query);
    const x = numbersOf(frame, 'x');
    expect(x).toBeInstanceOf(Float32Array);
    expect(x.buffer).toBe(numbersOf(frame, 'row').buffer);
    expect(x[0]).toBe(flights['distance']![0]);
  });

  test('gives gaps as NaN and nulls of a label as -1', async () => {
    const walk = tinyWalk(300);
    const { fetch } = server((asked) => new Response(answerTiny(walk, asked)));
    const line: Query = { dataset: 'w', mark: 'line', x: 'takenAt', y: 'level' };
    const y = numbersWithGaps(await createAsker({ fetch }).ask(line), 'y');
    expect(y[100]).toBe((walk['level'] as Float64Array)[100]);
    expect(y[125]).toBeNaN();
    const colored = await createAsker({ fetch: frames().fetch }).ask(query);
    const { codes, labels } = categoriesOf(colored, 'color');
    const airline = flights['airline'] as (string | null)[];
    const rows = numbersOf(colored, 'row') as Uint32Array;
    rows.forEach((row, at) => {
      const code = codes[at]!;
      expect(code < 0 ? null : labels[code]).toBe(airline[row]);
    });
  });

  test('has a sentence for a column that is not there', async () => {
    const frame = await createAsker({ fetch: frames().fetch }).ask(query);
    expect(() => numbersOf(frame, 'nope')).toThrow(
      'Expected a column "nope" in the frame, found x',
    );
  });
});
