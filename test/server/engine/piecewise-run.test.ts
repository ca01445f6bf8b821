import { describe, expect, test } from 'vitest';
import type { Filter, Query } from '../../../protocol/query.js';
import { createEngine } from '../../../server/engine/create-engine.js';
import type { Frame } from '../../../server/engine/engine.js';
import type { ColumnStore, LeaseOptions } from '../../../server/memory/lease.js';
import type { ColumnBatch } from '../../../workers/columns.js';
import { inlinePool } from '../../helpers/inline-pool.js';
import { memorySnapshot, type MemorySnapshot } from '../../helpers/memory-snapshot.js';
import { testColumn } from '../../helpers/test-columns.js';

const ROWS = 30_000;
const whole = memorySnapshot(
  ['int16', 'cents', 'word', 'text', 'flag', 'odd', 'nano', 'micro'].map((name) =>
    testColumn(name, ROWS),
  ),
  4096,
);

interface Scarce {
  store: ColumnStore;
  /** Batches that every lease asked for. */
  asked: number[][];
}

/** A store in which so many batches of any columns have room, and which holds nothing of one that was not asked for. */
function scarce({ store, table }: MemorySnapshot, room: number): Scarce {
  const asked: number[][] = [];
  const bytesOf = ({ data, validity, offsets }: ColumnBatch): number =>
    (data?.length ?? 0) + (validity?.length ?? 0) + (offsets?.length ?? 0);
  const sizeOf = (names: readonly string[], { batches }: LeaseOptions): number =>
    table.columns
      .filter(({ name }) => names.includes(name))
      .flatMap((column) => column.batches.filter((_, at) => batches?.includes(at) ?? true))
      .reduce((sum, batch) => sum + bytesOf(batch), 0);
  // The batches of a test have about the same size; the first has at least half of the most.
  const maxBytes = (names: readonly string[]): number =>
    room * sizeOf(names, { batches: [0] }) * 1.2;
  return {
    asked,
    store: {
      sizeOf: (_, names, options = {}) => ({
        bytes: sizeOf(names, options),
        maxBytes: maxBytes(names),
      }),
      async lease(snapshot, names, options = {}) {
        if (sizeOf(names, options) > maxBytes(names)) throw new Error('The lease has no room.');
        asked.push([...(options.batches ?? [])]);
        const lease = await store.lease(snapshot, names, options);
        const columns = lease.table.columns.map((column) => ({
          ...column,
          batches: column.batches.map((batch, at) => {
            if (options.batches?.includes(at) ?? true) return batch;
            const { data: _data, validity: _validity, offsets: _offsets, ...known } = batch;
            return known;
          }),
        }));
        return { ...lease, table: { ...lease.table, columns } };
      },
    },
  };
}

const FILTERS: readonly Filter[][] = [
  [],
  [{ op: 'range', column: 'int16', min: -500, max: 900 }],
  [
    { op: 'in', column: 'word', values: ['a', 'ATL', null] },
    { op: 'contains', column: 'text', text: 'a' },
  ],
];
const MARKS: readonly Omit<Query, 'dataset'>[] = [
  { mark: 'scatter', x: 'cents', y: 'int16', method: 'density', width: 50, height: 40 },
  { mark: 'scatter', x: 'cents', y: 'odd', color: 'word', budget: 100_000 },
  { mark: 'scatter', x: 'nano', y: 'int16', color: 'cents', budget: 100_000 },
  { mark: 'scatter', x: 'micro', y: 'int16', budget: 500, values: 'exact' },
  { mark: 'line', x: 'odd', y: 'int16', width: 40, method: 'm4' },
  { mark: 'line', x: 'odd', y: 'cents', width: 40, height: 30, method: 'outline', budget: 100 },
  { mark: 'line', x: 'micro', y: ['int16', 'cents'], width: 30, method: 'm4' },
  { mark: 'line', x: 'nano', y: 'cents', color: 'word', width: 20 },
  { mark: 'line', x: 'cents', y: 'int16', budget: 100_000 },
  { mark: 'line', x: 'cents', y: 'int16', method: 'lttb', budget: 300 },
  { mark: 'line', x: { column: 'micro', bin: 'year' }, y: 'cents', color: 'flag' },
  { mark: 'histogram', x: 'odd', color: 'word' },
  { mark: 'bar', x: 'text', limit: 10 },
  { mark: 'bar', x: 'word', aggregate: { op: 'mean', column: 'odd' } },
  { mark: 'heatmap', x: 'cents', y: 'word', aggregate: { op: 'max', column: 'int16' } },
  { mark: 'value', aggregate: { op: 'sum', column: 'odd' } },
  { mark: 'value', aggregate: { op: 'quantile', p: 0.9, column: 'cents' } },
  { mark: 'rows', offset: 11_111, limit: 50 },
  { mark: 'rows', sort: [{ column: 'text' }], offset: 7000, limit: 30 },
  { mark: 'rows', sort: [{ column: 'cents', order: 'desc' }, { column: 'word' }], limit: 20 },
];

const frameOf = (store: ColumnStore, query: Omit<Query, 'dataset'>): Promise<Frame> =>
  createEngine({ store, pool: inlinePool() }).frame(whole.snapshot, { dataset: 'test', ...query });

describe('a table that does not fit into memory', () => {
  for (const mark of MARKS) {
    test(`gives the same frame piece by piece: ${JSON.stringify(mark)}`, async () => {
      for (const filters of FILTERS) {
        const expected = await frameOf(
          { lease: (...asked) => whole.store.lease(...asked) },
          { ...mark, filters },
        );
        const { store, asked } = scarce(whole, 2);
        const found = await frameOf(store, { ...mark, filters });
        expect(found.metadata).toEqual(expected.metadata);
        expect(Buffer.from(found.bytes).equals(expected.bytes)).toBe(true);
        expect(Math.max(...asked.map(({ length }) => length))).toBeLessThan(3);
      }
    });
  }

  test('is read a piece at a time, and the plan says so', async () => {
    const { store, asked } = scarce(whole, 1);
    const { plan } = await frameOf(store, {
      mark: 'scatter',
      x: 'odd',
      y: 'cents',
      method: 'density',
      domain: { x: [0, 1], y: [0, 1] },
    });
    expect(asked).toEqual([[], [0], [1], [2], [3], [4], [5], [6], [7]]);
    expect(plan.reason).toBe(
      'one scan of the rows, in 8 pieces: the columns do not fit into memory at once',
    );
    expect(plan.rowsTouched).toBe(ROWS);
  });

  test('has a picture joined after every piece, so that it is booked as often as there are threads', async () => {
    const { store } = scarce(whole, 1);
    const [cells, threads, stages] = [500 * 400, inlinePool().threads, 3];
    let taken = 0;
    const scratch = {
      roomBytes: Infinity,
      take: async (bytes: number) => void (taken += bytes),
      release: () => {},
    };
    const query = { mark: 'scatter', x: 'odd', y: 'cents', method: 'density' } as const;
    const counted: ColumnStore = {
      ...store,
      lease: async (...asked) => ({ ...(await store.lease(...asked)), scratch }),
    };
    const { plan } = await frameOf(counted, { ...query, width: 500, height: 400 });
    expect(plan.reason).toContain('in 8 pieces');
    expect(taken).toBeGreaterThan(stages * cells);
    expect(taken).toBeLessThan(stages * cells * (threads + 1.5));
  });

  test('of which one batch has no room is refused', async () => {
    const { store } = scarce(whole, 0.5);
    const asked = frameOf(store, { mark: 'histogram', x: 'odd' });
    await expect(asked).rejects.toThrow('The lease has no room.');
  });
});
