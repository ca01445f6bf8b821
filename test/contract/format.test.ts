import { RecordBatchStreamReader } from 'apache-arrow';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startHalftone, tableSql, type Answer, type Halftone } from './halftone.js';
import { shortType } from './short-type.js';
import { TYPES, TYPES_SQL } from './types.js';

const ROWS = 1000;
const make = <T>(value: (i: number) => T): T[] => Array.from({ length: ROWS }, (_, i) => value(i));

let halftone: Halftone;
beforeAll(async () => {
  halftone = await startHalftone({
    t: tableSql({
      x: ['DOUBLE', make((i) => (i % 10 === 0 ? null : (i * 37) % 101))],
      y: ['INTEGER', make((i) => (i % 13 === 0 ? null : (i * 61) % 97))],
      t: ['TIMESTAMP', make((i) => new Date(1e12 + i * 1e7).toISOString())],
      word: ['VARCHAR', make((i) => ['a', 'b', null, 'c'][i % 4]!)],
    }),
    types: TYPES_SQL,
    none: tableSql({ x: ['DOUBLE', []], y: ['DOUBLE', []], word: ['VARCHAR', []] }),
  });
});
afterAll(() => halftone.close());

const QUERIES: object[] = [
  { mark: 'scatter', x: 'x', y: 'y' },
  { mark: 'scatter', x: 'x', y: 'y', color: 'word' },
  { mark: 'scatter', x: 't', y: 'y', color: 'x', values: 'exact' },
  { mark: 'scatter', x: 'x', y: 'y', method: 'density', width: 3, height: 3 },
  { mark: 'scatter', x: 'x', y: 'y', method: 'density', color: 'word' },
  { mark: 'scatter', x: 'x', y: 'y', method: 'density', color: 'x', width: 7, height: 1 },
  ...['points', 'm4', 'minmax', 'lttb', 'minmaxlttb', 'auto'].map((method) => ({
    mark: 'line',
    x: 't',
    y: 'x',
    method,
    width: 20,
    budget: 50,
  })),
  { mark: 'line', x: 't', y: ['x', 'y'], width: 20 },
  { mark: 'line', x: 't', y: 'x', color: 'word', width: 20 },
  {
    mark: 'line',
    x: { column: 't', bin: 'month' },
    y: 'x',
    color: 'word',
    aggregate: { op: 'mean', column: 'x' },
  },
  { mark: 'histogram', x: 'x' },
  { mark: 'histogram', x: 't', color: 'word' },
  { mark: 'bar', x: 'word' },
  { mark: 'bar', x: 'y', color: 'word', limit: 3 },
  { mark: 'bar', x: { column: 't', bin: 'day' } },
  { mark: 'heatmap', x: 'x', y: 'y', cells: { x: 5, y: 5 } },
  { mark: 'value', aggregate: { op: 'mean', column: 'x' } },
  { mark: 'rows' },
  { mark: 'rows', dataset: 'types' },
  { mark: 'rows', dataset: 'none' },
  { mark: 'scatter', dataset: 'none', x: 'x', y: 'y', color: 'word' },
  { mark: 'bar', dataset: 'none', x: 'word' },
  { mark: 'value', dataset: 'none' },
  ...Object.keys(TYPES).map((x) => ({ mark: 'bar', dataset: 'types', x })),
];

describe('every frame', () => {
  test.each(QUERIES)('%j', async (query) => {
    const answer = await halftone.frame(query);
    checkStream(answer.bytes);
    checkMetadata(query, answer);
    checkHeaders(answer);
    // The other reader of the world finds the same.
    const reader = RecordBatchStreamReader.from(answer.bytes);
    const batches = [...reader];
    expect(batches.length).toBe(1);
    expect(batches[0]!.numRows).toBe(answer.table.numRows);
  });
});

/** The columns of each mark and method, with their types in short. */
const COLUMNS: [object, Record<string, string>][] = [
  [
    { mark: 'scatter', x: 'x', y: 'y', color: 'word' },
    { x: 'float32', y: 'float32', row: 'uint32', color: 'dictionary' },
  ],
  [
    { mark: 'scatter', x: 't', y: 'y', color: 'x' },
    { x: 'float32', y: 'float32', row: 'uint32', color: 'float32' },
  ],
  [
    { mark: 'scatter', x: 'x', y: 'y', method: 'density', width: 10, height: 10 },
    { count: 'uint8' },
  ],
  [
    { mark: 'scatter', x: 'x', y: 'y', method: 'density', width: 1, height: 1 },
    { count: 'uint16' },
  ],
  [
    { mark: 'scatter', x: 'x', y: 'y', method: 'density' },
    { cell: 'uint32', count: 'uint8' },
  ],
  [
    { mark: 'scatter', x: 'x', y: 'y', method: 'density', color: 'word' },
    { cell: 'uint32', count: 'uint8', color: 'dictionary' },
  ],
  [
    { mark: 'scatter', x: 'x', y: 'y', method: 'density', color: 'y' },
    { cell: 'uint32', count: 'uint8', color: 'float32' },
  ],
  [
    { mark: 'line', x: 't', y: 'x', color: 'word' },
    { x: 'float32', y: 'float32', row: 'uint32', series: 'dictionary' },
  ],
  [
    { mark: 'line', x: { column: 'x', bin: 5 }, y: 'y', color: 'word' },
    { x: 'float32', value: 'float64', count: 'uint32', series: 'dictionary' },
  ],
  [
    { mark: 'histogram', x: 'x', color: 'word' },
    { lo: 'float64', hi: 'float64', count: 'uint32', series: 'dictionary' },
  ],
  [
    { mark: 'histogram', x: 't' },
    { lo: 'timestamp us', hi: 'timestamp us', count: 'uint32' },
  ],
  [
    { mark: 'bar', x: 'y', color: 'word' },
    { key: 'int32', value: 'float64', count: 'uint32', series: 'dictionary' },
  ],
  [
    { mark: 'heatmap', x: 'x', y: 'y' },
    { cell: 'uint32', value: 'float64', count: 'uint32' },
  ],
  [{ mark: 'value' }, { value: 'float64', count: 'uint32' }],
  [
    { mark: 'rows', columns: ['word'] },
    { word: 'utf8', row: 'uint32' },
  ],
];

test.each(COLUMNS)('%j has the columns of the contract', async (query, wanted) => {
  const { table } = await halftone.frame(query);
  const found = table.schema.fields.map(({ name, type }) => [name, shortType(type)]);
  expect(Object.fromEntries(found)).toEqual(wanted);
  expect(found.map(([name]) => name)).toEqual(Object.keys(wanted));
});

test('queries that ask the same are one: defaults are filled in, values sorted and unique', async () => {
  const keyOf = async (query: object): Promise<unknown> =>
    (await halftone.frame(query)).headers['etag'];
  const same: [object, object][] = [
    [
      { mark: 'scatter', x: 'x', y: 'y' },
      {
        y: 'y',
        mark: 'scatter',
        x: { column: 'x' },
        width: 1000,
        height: 600,
        budget: 25_000,
        method: 'auto',
        filters: [],
      },
    ],
    [
      { mark: 'line', x: 'x', y: 'y' },
      { mark: 'line', x: 'x', y: 'y', width: 1000, scale: { x: 'linear' } },
    ],
    [
      { mark: 'bar', x: 'word' },
      { mark: 'bar', x: 'word', limit: 50, aggregate: { op: 'count' } },
    ],
    [
      { mark: 'heatmap', x: 'x', y: 'y' },
      { mark: 'heatmap', x: 'x', y: 'y', cells: { x: 50, y: 50 } },
    ],
    [{ mark: 'rows' }, { mark: 'rows', offset: 0, limit: 100, sort: [] }],
    [
      { mark: 'value', filters: [{ op: 'in', column: 'word', values: ['b', null, 'a', 'b'] }] },
      {
        mark: 'value',
        filters: [{ op: 'in', column: 'word', values: ['a', 'b', null], exclude: false }],
      },
    ],
  ];
  for (const [one, other] of same) expect(await keyOf(one)).toBe(await keyOf(other));
});

/** Walks the messages of the stream by the Arrow format: a marker, a length, a header, a body. */
function checkStream(bytes: Uint8Array): void {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const kinds: number[] = [];
  let at = 0;
  for (;;) {
    expect(at % 8).toBe(0);
    expect(view.getUint32(at, true)).toBe(0xffff_ffff);
    const length = view.getInt32(at + 4, true);
    if (length === 0) break;
    expect((at + 8 + length) % 8).toBe(0);
    const { kind, bodyLength } = readMessage(view, at + 8);
    expect(bodyLength % 8).toBe(0);
    kinds.push(kind);
    at += 8 + length + bodyLength;
  }
  expect(at + 8).toBe(bytes.length);
  // Schema first, dictionaries next, exactly one record batch at the end.
  expect(kinds[0]).toBe(1);
  expect(kinds.at(-1)).toBe(3);
  expect(kinds.slice(1, -1).every((kind) => kind === 2)).toBe(true);
}

// The table of a flatbuffer Message: version, header type, header, body length.
function readMessage(view: DataView, start: number): { kind: number; bodyLength: number } {
  const table = start + view.getInt32(start, true);
  const vtable = table - view.getInt32(table, true);
  const field = (n: number): number =>
    4 + 2 * n < view.getUint16(vtable, true) ? view.getUint16(vtable + 4 + 2 * n, true) : 0;
  const kind = field(1) === 0 ? 0 : view.getUint8(table + field(1));
  const bodyLength = field(3) === 0 ? 0 : Number(view.getBigInt64(table + field(3), true));
  if (kind === 3) checkBuffers(view, table + field(2) + view.getInt32(table + field(2), true));
  return { kind, bodyLength };
}

// The buffers of a RecordBatch begin at multiples of 8.
function checkBuffers(view: DataView, batch: number): void {
  const vtable = batch - view.getInt32(batch, true);
  const field = view.getUint16(vtable + 4 + 2 * 2, true);
  const vector = batch + field + view.getInt32(batch + field, true);
  const count = view.getInt32(vector, true);
  for (let i = 0; i < count; i++)
    expect(Number(view.getBigInt64(vector + 4 + 16 * i, true)) % 8).toBe(0);
}

function checkMetadata(query: object, { table, metadata }: Answer): void {
  expect([...table.schema.metadata!.keys()]).toEqual(['halftone']);
  const { dataset = 't', mark } = query as { dataset?: string; mark: string };
  expect(metadata).toMatchObject({
    version: 1,
    dataset,
    mark,
    exact: expect.any(Boolean),
    marks: expect.any(Number),
  });
  expect(metadata.snapshot).toMatch(/./);
  const { total, matched, drawn, outside, dropped } = metadata.rows;
  expect(drawn + outside + dropped).toBe(matched);
  expect(matched).toBeLessThanOrEqual(total);
  // A dense frame sends empty cells too: they are no marks.
  const isMark = (i: number): boolean =>
    metadata.layout !== 'dense' || Number(table.getChild('count').at(i)) > 0;
  expect(metadata.marks).toBe(
    Array.from({ length: table.numRows }, (_, i) => i).filter(isMark).length,
  );
  if (!metadata.exact) expect(metadata.bound).toBeDefined();
  expect(metadata.scale).toEqual({ x: 'linear', y: 'linear' });
  if (metadata.method === 'density') expect(['dense', 'sparse']).toContain(metadata.layout);
}

function checkHeaders({ headers, metadata }: Answer): void {
  expect(headers['content-type']).toBe('application/vnd.apache.arrow.stream');
  expect(headers['x-halftone-snapshot']).toBe(metadata.snapshot);
  const plan = JSON.parse(String(headers['x-halftone-plan'])) as Record<string, unknown>;
  expect(Object.keys(plan)).toEqual(
    expect.arrayContaining(['tier', 'reason', 'rowsTouched', 'bytesTouched']),
  );
}
