import { once } from 'node:events';
import { request as ask } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tableFromIPC } from '@uwdata/flechette';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { answerBrush } from '../../../client/cube/answer-brush.js';
import { readCube } from '../../../client/cube/read-cube.js';
import { checkQuery } from '../../../server/engine/check-query.js';
import { checkFilters } from '../../../server/engine/check-filters.js';
import { createEngine } from '../../../server/engine/create-engine.js';
import type { Engine } from '../../../server/engine/engine.js';
import { HalftoneError } from '../../../server/errors.js';
import { readParts, type ReadPart } from '../../helpers/frame-parts.js';
import { inlinePool } from '../../helpers/inline-pool.js';
import { memorySnapshot } from '../../helpers/memory-snapshot.js';
import { testColumn } from '../../helpers/test-columns.js';
import { buildTestApp, type TestApp } from '../helpers.js';

const ROWS = 1000;
const TABLE = memorySnapshot(
  ['cents', 'int16', 'word', 'day'].map((kind) => testColumn(kind, ROWS)),
  300,
);

let made: TestApp | undefined;
afterEach(() => made?.app.close());

async function serve(engine?: Partial<Engine>): Promise<TestApp> {
  const real = createEngine({ store: TABLE.store, pool: inlinePool() });
  made = await buildTestApp({
    datasets: ['test'],
    catalogParts: { load: async () => TABLE.snapshot },
    parts: { engine: { ...real, ...engine }, checkQuery, checkFilters },
  });
  return made;
}

const BODY = {
  dataset: 'test',
  active: { x: 'cents', width: 20 },
  views: [
    { id: 'h', mark: 'histogram', x: 'int16', bins: 8 },
    { id: 'b', mark: 'bar', x: 'word', aggregate: { op: 'mean', column: 'int16' } },
    { id: 'm', mark: 'value', aggregate: { op: 'median', column: 'int16' } },
  ],
};

async function post(body: object, headers: Record<string, string> = {}) {
  return made!.app.inject({ method: 'POST', url: '/api/v1/cubes', payload: body, headers });
}

function byName(parts: ReadPart[]): Map<string, ReadPart> {
  return new Map(parts.map((part) => [`${part.id} ${part.part}`, part]));
}

const jsonOf = <T>({ body }: ReadPart): T => JSON.parse(new TextDecoder().decode(body)) as T;

describe('brush cubes', () => {
  test('come as two parts a view, its own frame and its cube, or as a stated fallback', async () => {
    await serve();
    const answer = await post(BODY);
    expect(answer.statusCode).toBe(200);
    expect(answer.headers).toMatchObject({
      'content-type': 'application/vnd.halftone.frames',
      'cache-control': 'no-store',
      'x-halftone-snapshot': 'memory',
    });
    const parts = byName(readParts(answer.rawPayload));
    expect([...parts.keys()].sort()).toEqual([
      'b cube',
      'b frame',
      'h cube',
      'h frame',
      'm fallback',
    ]);
    expect(jsonOf(parts.get('m fallback')!)).toEqual({
      id: 'm',
      fallback: 'a median does not add up: ask for a frame with the brush as a filter',
    });
    for (const part of parts.values()) expect(part.at % 8).toBe(0);
    for (const [i, id] of ['h', 'b'].entries()) {
      const payload = { dataset: 'test', ...BODY.views[i], id: undefined };
      const single = await made!.app.inject({ method: 'POST', url: '/api/v1/frame', payload });
      expect(single.headers['cache-status']).toMatch(/^Halftone; hit/u);
      const frame = parts.get(`${id} frame`)!;
      expect(single.rawPayload.equals(frame.body)).toBe(true);
      expect(frame.headers['etag']).toBe(single.headers['etag']);
      const { headers, index } = parts.get(`${id} cube`)!;
      expect(index).toBe(i);
      expect(headers['content-type']).toBe('application/vnd.apache.arrow.stream');
      expect(JSON.parse(headers['x-halftone-plan']!)).toMatchObject({
        tier: 'cube',
        reason: '2 cubes by one scan of the rows',
        rowsTouched: ROWS,
      });
    }
  });

  test('are read by another reader of Arrow, who finds every row under the widest brush', async () => {
    await serve();
    const parts = byName(readParts((await post(BODY)).rawPayload));
    const { body } = parts.get('b cube')!;
    const table = tableFromIPC(body);
    const { cube } = JSON.parse(table.schema.metadata!.get('halftone')!) as {
      cube: { bins: number; stride: number; rows: Record<string, number> };
    };
    expect(table.numRows).toBe(21 * cube.stride);
    expect(table.schema.fields.map(({ name }) => name)).toEqual(['count', 'values', 'sum']);
    const counts = table.getChild('count').toArray() as Uint32Array;
    expect(counts).toBeInstanceOf(Uint32Array);
    expect([...counts.subarray(0, cube.stride)]).toEqual(Array(cube.stride).fill(0));
    const last = counts.subarray(20 * cube.stride);
    const [drawn, outside, dropped] = last.subarray(cube.bins);
    expect(drawn! + outside! + dropped!).toBe(
      cube.rows['matched']! - cube.rows['outside']! - cube.rows['dropped']!,
    );
    expect(last.subarray(0, cube.bins).reduce((sum, count) => sum + count, 0)).toBe(drawn);
    const whole = answerBrush(readCube(body), 0, 20);
    expect([...whole.counts]).toEqual([...last.subarray(0, cube.bins)]);
  });

  test('are exact where a view would do with a sample, and are not made of comparisons', async () => {
    await serve();
    const [view] = BODY.views;
    const views = [
      { ...view, id: 'fast', quality: 'fast' },
      { ...view, id: 'two', against: { filters: [] } },
    ];
    const parts = byName(readParts((await post({ ...BODY, views })).rawPayload));
    expect([...parts.keys()].sort()).toEqual(['fast cube', 'fast frame', 'two fallback']);
    const exact = byName(readParts((await post(BODY)).rawPayload)).get('h cube')!;
    expect(parts.get('fast cube')!.headers['etag']).toBe(exact.headers['etag']);
    expect(jsonOf<{ fallback: string }>(parts.get('two fallback')!).fallback).toMatch(
      /^a comparison has two sides/u,
    );
  });

  test('are kept like frames, and changed filters are other cubes', async () => {
    const real = createEngine({ store: TABLE.store, pool: inlinePool() });
    const cubes = vi.fn<Engine['cubes']>((...ask) => real.cubes(...ask));
    await serve({ cubes });
    const outcomes = async (body: object) =>
      readParts((await post(body)).rawPayload)
        .filter(({ part }) => part === 'cube')
        .sort((a, b) => a.index - b.index)
        .map(({ headers }) => /fwd=miss|hit/u.exec(headers['cache-status']!)![0]);
    expect(await outcomes(BODY)).toEqual(['fwd=miss', 'fwd=miss']);
    // Defaults written out mean the same.
    const same = { ...BODY, filters: [], active: { ...BODY.active, scale: { x: 'linear' } } };
    expect(await outcomes(same)).toEqual(['hit', 'hit']);
    const filters = [{ op: 'in', column: 'word', values: ['a'] }];
    const changed = { ...BODY, views: [BODY.views[0], { ...BODY.views[1], filters }] };
    expect(await outcomes(changed)).toEqual(['hit', 'fwd=miss']);
    expect(cubes.mock.calls.map(([, { views }]) => views.length)).toEqual([2, 1]);
    const listed = await made!.app.inject({ url: '/api/v1/cache' });
    expect(
      listed.json<{ memory: { frames: { entries: unknown[] } } }>().memory.frames.entries,
    ).toHaveLength(6);
  });

  test('of equal requests at once are made once', async () => {
    const real = createEngine({ store: TABLE.store, pool: inlinePool() });
    const cubes = vi.fn<Engine['cubes']>((...ask) => real.cubes(...ask));
    await serve({ cubes });
    const answers = await Promise.all([post(BODY), post(BODY), post(BODY)]);
    expect(cubes).toHaveBeenCalledTimes(1);
    const bodies = answers.map(
      ({ rawPayload }) => byName(readParts(rawPayload)).get('h cube')!.body,
    );
    expect(bodies[1]).toEqual(bodies[0]);
    expect(bodies[2]).toEqual(bodies[0]);
  });

  test('harm no other where a view is wrong, and say what is', async () => {
    await serve();
    const views = [
      { id: 'none', mark: 'histogram', x: 'nowhere' },
      { id: 'bad', mark: 'histogram', x: 'int16', bins: 0 },
      { id: 'filter', mark: 'histogram', x: 'int16', filters: 7 },
      { id: 'good', mark: 'histogram', x: 'int16' },
    ];
    const parts = byName(readParts((await post({ ...BODY, views })).rawPayload));
    const problems = ['none', 'bad', 'filter'].map((id) => {
      const part = parts.get(`${id} problem`)!;
      expect(part.status).toBe(400);
      return jsonOf<{ code: string; field: string }>(part);
    });
    expect(problems).toMatchObject([
      { code: 'COLUMN_UNKNOWN', field: 'x' },
      { code: 'QUERY_INVALID', field: 'bins' },
      { code: 'QUERY_INVALID', field: 'filters' },
    ]);
    expect(parts.has('good cube')).toBe(true);
    expect(made!.reported).toEqual([]);
  });

  test('are refused with the numbers where they would be too large, before anything is allocated', async () => {
    await serve();
    const views = [
      { id: 'large', mark: 'heatmap', x: 'cents', y: 'int16', cells: { x: 500, y: 500 } },
      { id: 'small', mark: 'histogram', x: 'int16' },
    ];
    const body = { ...BODY, active: { x: 'cents', width: 2000 }, views };
    const parts = byName(readParts((await post(body)).rawPayload));
    expect(jsonOf(parts.get('large problem')!)).toMatchObject({
      code: 'LIMIT_EXCEEDED',
      detail:
        'A cube of 2000 pixels and 250000 bins may take 1911 MiB: more than the 256 MiB of a request.',
    });
    expect(parts.has('small cube')).toBe(true);
  });

  test('are refused as a whole where the request itself is wrong', async () => {
    await serve();
    const refused = async (body: object) =>
      (await post(body)).json<{ code: string; field: string }>();
    const view = BODY.views[0]!;
    const cases: [object, object][] = [
      [{ ...BODY, dataset: 'none' }, { code: 'DATASET_UNKNOWN' }],
      [{ ...BODY, snapshot: 'gone' }, { code: 'SNAPSHOT_GONE' }],
      [
        { ...BODY, views: [] },
        { code: 'QUERY_INVALID', field: 'views' },
      ],
      [
        { ...BODY, views: [view, view] },
        { code: 'QUERY_INVALID', field: 'views' },
      ],
      [
        { ...BODY, views: [{ mark: 'bar' }] },
        { code: 'QUERY_INVALID', field: 'views[0].id' },
      ],
      [{ ...BODY, views: [{ ...view, dataset: 'b' }] }, { field: 'views[0].dataset' }],
      [
        { ...BODY, views: Array.from({ length: 65 }, (_, i) => ({ ...view, id: `${i}` })) },
        { code: 'LIMIT_EXCEEDED', field: 'views' },
      ],
      [
        { ...BODY, more: 1 },
        { code: 'QUERY_INVALID', field: 'more' },
      ],
      [
        { ...BODY, filters: [{ op: 'range', column: 'none' }] },
        { code: 'COLUMN_UNKNOWN', field: 'filters[0].column' },
      ],
      [
        { ...BODY, active: { x: 'none' } },
        { code: 'COLUMN_UNKNOWN', field: 'active.x' },
      ],
      [{ ...BODY, active: { x: 'word' } }, { code: 'TYPE_MISMATCH' }],
      [{ ...BODY, active: { x: 'day', scale: { x: 'log' } } }, { code: 'TYPE_MISMATCH' }],
      [
        { ...BODY, active: { x: 'cents', width: 9000 } },
        { code: 'LIMIT_EXCEEDED', field: 'active.width' },
      ],
      [
        { ...BODY, active: { x: 'cents', cells: { x: 9, y: 9 } } },
        { code: 'QUERY_INVALID', field: 'active.cells' },
      ],
      [
        { ...BODY, active: { x: 'cents', y: 'day', width: 9 } },
        { code: 'QUERY_INVALID', field: 'active.width' },
      ],
    ];
    for (const [body, problem] of cases) expect(await refused(body)).toMatchObject(problem);
  });

  test('fail alone where the pass fails: the frames are there', async () => {
    await serve({
      cubes: (_snapshot, { views }) =>
        views.map(() => Promise.reject(new HalftoneError('MEMORY_EXHAUSTED', 'No room.'))),
    });
    const parts = byName(readParts((await post(BODY)).rawPayload));
    expect(parts.get('h frame')!.status).toBe(200);
    expect(jsonOf(parts.get('h problem')!)).toMatchObject({ code: 'MEMORY_EXHAUSTED' });
  });

  test('are withdrawn with the client that asked for them', async () => {
    const signals: (AbortSignal | undefined)[] = [];
    await serve({
      cubes: (_snapshot, { views }, signal) => {
        signals.push(signal);
        return views.map(
          () =>
            new Promise((_resolve, reject) => {
              signal!.addEventListener('abort', () => {
                reject(new HalftoneError('CANCELLED', 'The request was withdrawn.'));
              });
            }),
        );
      },
    });
    await made!.app.listen({ port: 0, host: '127.0.0.1' });
    const { port } = made!.app.server.address() as AddressInfo;
    const headers = { 'content-type': 'application/json' };
    const sent = ask({ port, path: '/api/v1/cubes', method: 'POST', headers });
    sent.on('error', () => undefined);
    sent.end(JSON.stringify(BODY));
    await once(sent, 'response');
    await vi.waitUntil(() => signals.length === 1);
    sent.destroy();
    await vi.waitUntil(() => signals[0]!.aborted);
    expect(made!.reported).toEqual([]);
  });
});
