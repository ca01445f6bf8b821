import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startHalftone, tableSql, type Halftone } from './halftone.js';

const ROWS = 600;
const make = <T>(value: (i: number) => T): T[] => Array.from({ length: ROWS }, (_, i) => value(i));

let halftone: Halftone;
beforeAll(async () => {
  halftone = await startHalftone({
    t: tableSql({
      x: ['DOUBLE', make((i) => i)],
      y: ['DOUBLE', make((i) => (i * 37) % 101)],
      i: ['INTEGER', make((i) => i * 17)],
      t: ['TIMESTAMP', make((i) => new Date(1e12 + i * 1e3 * 60 * 16).toISOString())],
      many: ['VARCHAR', make((i) => (i % 5 === 0 ? null : `k${i % 300}`))],
    }),
  });
});
afterAll(() => halftone.close());

const scatter = { mark: 'scatter', x: 'x', y: 'y' };
const rows = { mark: 'rows', columns: [], limit: ROWS };
const leaf = { op: 'range', column: 'x', min: 0 };
const nest = (depth: number): object =>
  depth === 1 ? leaf : { op: 'not', filter: nest(depth - 1) };
const circle = (corners: number): [number, number][] =>
  Array.from({ length: corners }, (_, k) => [
    300 + 400 * Math.cos((k / corners) * 2 * Math.PI),
    50 + 100 * Math.sin((k / corners) * 2 * Math.PI),
  ]);

/** A query at the limit, the same one above it, and the field that is told. */
const LIMITS: [what: string, at: object, above: object, field: string][] = [
  ['width ≤ 8192', { ...scatter, width: 8192 }, { ...scatter, width: 8193 }, 'width'],
  [
    'height ≤ 8192',
    { ...scatter, method: 'density', height: 8192 },
    { ...scatter, height: 8193 },
    'height',
  ],
  [
    'width of a line ≤ 8192',
    { mark: 'line', x: 'x', y: 'y', method: 'm4', width: 8192 },
    { mark: 'line', x: 'x', y: 'y', width: 8193 },
    'width',
  ],
  [
    '8192 pixel columns of 256 categories',
    { mark: 'line', x: 'x', y: 'y', color: 'many', top: 256, width: 8192, method: 'm4' },
    { mark: 'line', x: 'x', y: 'y', color: 'many', top: 257 },
    'top',
  ],
  [
    '64 filter nodes',
    { ...rows, filters: Array.from({ length: 64 }, () => leaf) },
    { ...rows, filters: Array.from({ length: 65 }, () => leaf) },
    'filters[64]',
  ],
  [
    '64 nodes inside of any',
    { ...rows, filters: [{ op: 'any', filters: Array.from({ length: 63 }, () => leaf) }] },
    { ...rows, filters: [{ op: 'any', filters: Array.from({ length: 64 }, () => leaf) }] },
    'filters[0].filters[63]',
  ],
  [
    'depth 8',
    { ...rows, filters: [nest(8)] },
    { ...rows, filters: [nest(9)] },
    `filters[0]${'.filter'.repeat(8)}`,
  ],
  [
    '10,000 values',
    {
      ...rows,
      filters: [{ op: 'in', column: 'i', values: Array.from({ length: 10_000 }, (_, i) => i) }],
    },
    {
      ...rows,
      filters: [{ op: 'in', column: 'i', values: Array.from({ length: 10_001 }, (_, i) => i) }],
    },
    'filters[0].values',
  ],
  [
    '5,000 vertices',
    { ...rows, filters: [{ op: 'polygon', x: 'x', y: 'y', points: circle(5000) }] },
    { ...rows, filters: [{ op: 'polygon', x: 'x', y: 'y', points: circle(5001) }] },
    'filters[0].points',
  ],
  [
    '10,000 bins',
    { mark: 'histogram', x: 'x', bins: 10_000 },
    { mark: 'histogram', x: 'x', bins: 10_001 },
    'bins',
  ],
  [
    '10,000 bins of a width',
    { mark: 'line', x: { column: 'x', bin: 1 }, y: 'y', domain: { x: [0, 9999] } },
    { mark: 'line', x: { column: 'x', bin: 1 }, y: 'y', domain: { x: [0, 10_000] } },
    'x.bin',
  ],
  [
    '10,000 bins of a width in a histogram',
    { mark: 'histogram', x: { column: 'i', bin: 1 }, domain: { x: [0, 9999] } },
    { mark: 'histogram', x: { column: 'i', bin: 1 }, domain: { x: [0, 10_000] } },
    'x.bin',
  ],
  [
    '10,000 calendar bins',
    {
      mark: 'histogram',
      x: { column: 't', bin: 'minute' },
      domain: { x: ['2001-09-09T00:00:00', '2001-09-15T22:39:00'] },
    },
    {
      mark: 'histogram',
      x: { column: 't', bin: 'minute' },
      domain: { x: ['2001-09-09T00:00:00', '2001-09-15T22:40:00'] },
    },
    'x.bin',
  ],
  [
    'budget ≤ 2,000,000',
    { ...scatter, budget: 2_000_000 },
    { ...scatter, budget: 2_000_001 },
    'budget',
  ],
  [
    'budget of minmaxlttb',
    { mark: 'line', x: 'x', y: ['x', 'y', 'i'], method: 'minmaxlttb', budget: 2_000_000 },
    { mark: 'line', x: 'x', y: 'y', method: 'minmaxlttb', budget: 2_000_001 },
    'budget',
  ],
  ['limit ≤ 100,000', { ...rows, limit: 100_000 }, { ...rows, limit: 100_001 }, 'limit'],
  [
    'limit of bars',
    { mark: 'bar', x: 'many', limit: 100_000 },
    { mark: 'bar', x: 'many', limit: 100_001 },
    'limit',
  ],
  [
    'top ≤ 256',
    { ...scatter, color: 'many', top: 256 },
    { ...scatter, color: 'many', top: 257 },
    'top',
  ],
  [
    '8192 cells a side',
    { mark: 'heatmap', x: 'x', y: 'y', cells: { x: 8192, y: 8192 } },
    { mark: 'heatmap', x: 'x', y: 'y', cells: { x: 8193, y: 1 } },
    'cells.x',
  ],
];

describe('at a limit a query works, one above it is refused with the field and the limit', () => {
  test.each(LIMITS)('%s', async (_, at, above, field) => {
    const { metadata } = await halftone.frame(at);
    const { matched, drawn, outside, dropped } = metadata.rows;
    expect(drawn + outside + dropped).toBe(matched);
    const problem = await halftone.refusal(above);
    expect(problem).toMatchObject({ status: 400, code: 'LIMIT_EXCEEDED', field });
    expect(problem.detail).toMatch(/\d/);
  });
});

test('8192 by 8192 pixels are drawn', async () => {
  for (const color of [undefined, 'many', 'y']) {
    const { metadata } = await halftone.frame({
      ...scatter,
      method: 'density',
      width: 8192,
      height: 8192,
      ...(color && { color }),
    });
    expect(metadata.rows.drawn).toBe(ROWS);
    expect(metadata.layout).toBe('sparse');
  }
});

test('the body may have 1 MiB', async () => {
  const query = { dataset: 't', mark: 'rows', limit: 1 };
  const body = (size: number): string => {
    const text = JSON.stringify(query);
    return text + ' '.repeat(size - text.length);
  };
  const post = (size: number) =>
    halftone.app.inject({
      method: 'POST',
      url: '/api/v1/frame',
      headers: { 'content-type': 'application/json' },
      payload: body(size),
    });
  expect((await post(2 ** 20)).statusCode).toBe(200);
  const refused = await post(2 ** 20 + 1);
  expect(refused.statusCode).toBe(413);
  expect(refused.headers['content-type']).toMatch(/^application\/problem\+json/);
});

test('256 categories, one "other", and null as its own', async () => {
  const { metadata, column } = await halftone.frame({ ...scatter, color: 'many', top: 239 });
  const { categories, others } = metadata.color as {
    categories: { role: string; count: number }[];
    others: number;
  };
  expect(categories.map(({ role }) => role)).toEqual([
    ...Array.from({ length: 239 }, () => 'value'),
    'null',
    'other',
  ]);
  expect(others).toBe(1);
  expect(categories.reduce((sum, { count }) => sum + count, 0)).toBe(ROWS);
  expect(new Set(column('color')).size).toBe(241);
});

test.each([
  [{}, 'mark'],
  [{ mark: 'pie' }, 'mark'],
  [{ ...scatter, colour: 'x' }, 'colour'],
  [{ ...scatter, timeZone: 'Mars/Base' }, 'timeZone'],
  [{ ...scatter, filters: {} }, 'filters'],
  [{ ...scatter, filters: ['x > 1'] }, 'filters[0]'],
  [{ mark: 'histogram', x: 'x', bins: 0 }, 'bins'],
  [{ mark: 'histogram', x: 'many' }, 'x'],
  [{ mark: 'histogram', x: { column: 'x', bin: 'day' } }, 'x.bin'],
  [{ mark: 'histogram', x: { column: 'x', bin: 0 } }, 'x.bin'],
  [{ mark: 'histogram', x: { column: 'x', bin: -1 } }, 'x.bin'],
  [{ mark: 'histogram', x: { column: 't', bin: 'fortnight' } }, 'x.bin'],
  [{ mark: 'line', x: 'x' }, 'y'],
  [{ mark: 'line', y: 'x' }, 'x'],
  [{ mark: 'line', x: 'x', y: 'many' }, 'y'],
  [{ mark: 'line', x: 'x', y: 'y', method: 'density' }, 'method'],
  [{ mark: 'heatmap', x: 'x', y: 'y', cells: { x: 0, y: 1 } }, 'cells.x'],
])('%j is refused', async (query, field) => {
  const problem = await halftone.refusal(query);
  expect(problem.status).toBe(400);
  expect(problem.field).toBe(field);
});
