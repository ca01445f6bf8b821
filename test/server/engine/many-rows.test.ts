import { expect, test } from 'vitest';
import type { Query } from '../../../protocol/query.js';
import { createEngine } from '../../../server/engine/create-engine.js';
import { inlinePool } from '../../helpers/inline-pool.js';
import { memorySnapshot, type MemorySnapshot } from '../../helpers/memory-snapshot.js';
import { testColumn } from '../../helpers/test-columns.js';
import { numbersOf, readFrame, valuesOf, type OracleFrame } from '../../oracle/read-frame.js';

// Row numbers that do not fit 31 bits. Three batches of a thousand million rows each hold no value at all, and so take no
// memory; filters leave them out.

const EMPTY = [1e9, 1e9, 1e9];
const BEFORE = 3e9;

const short = memorySnapshot(
  ['cents', 'int16', 'word', 'micro'].map((name) => testColumn(name, 3000)),
  1024,
);
const long = behind(EMPTY, short);

/** The same rows behind batches of nulls. */
function behind(
  rows: readonly number[],
  { snapshot, store, table }: MemorySnapshot,
): MemorySnapshot {
  const columns = table.columns.map((column) => ({
    ...column,
    batches: [...rows.map((nulls) => ({ storage: 'null' as const, nulls })), ...column.batches],
  }));
  const all = BEFORE + table.rows;
  const longTable = { ...table, rows: all, batchRows: [...rows, ...table.batchRows], columns };
  const [segment] = snapshot.manifest.segments;
  const empty = {
    ...segment!,
    columns: columns.map(() => ({ storage: 'null' as const })),
    batches: rows.map((nulls) => ({
      ...segment!.batches[0]!,
      rows: nulls,
      columns: columns.map(() => ({ nulls })),
    })),
  };
  return {
    table: longTable,
    snapshot: {
      ...snapshot,
      manifest: { ...snapshot.manifest, rows: all, segments: [empty, segment!] },
    },
    store: {
      ...store,
      lease: async (_, names) => ({
        table: {
          ...longTable,
          columns: names.map((name) => columns.find((column) => column.name === name)!),
        },
        bytesRead: 0,
        release: () => {},
      }),
    },
  };
}

async function ask(of: MemorySnapshot, query: Omit<Query, 'dataset'>): Promise<OracleFrame> {
  const engine = createEngine({ store: of.store, pool: inlinePool() });
  const filters: Query['filters'] = [
    { op: 'not', filter: { op: 'null', column: 'cents' } },
    { op: 'range', column: 'cents', min: -1e9 },
  ];
  return readFrame((await engine.frame(of.snapshot, { dataset: 'test', filters, ...query })).bytes);
}

const QUERIES: Omit<Query, 'dataset'>[] = [
  { mark: 'scatter', method: 'points', x: 'cents', y: 'int16' },
  { mark: 'scatter', method: 'density', x: 'cents', y: 'int16', width: 30, height: 20 },
  { mark: 'line', method: 'm4', x: 'cents', y: 'int16', width: 50 },
  { mark: 'line', method: 'points', x: 'micro', y: 'int16' },
  { mark: 'histogram', x: 'cents' },
  { mark: 'bar', x: 'word', aggregate: { op: 'mean', column: 'cents' } },
  { mark: 'heatmap', x: 'cents', y: 'word', aggregate: { op: 'max', column: 'int16' } },
  { mark: 'value', aggregate: { op: 'median', column: 'cents' } },
  { mark: 'rows', columns: ['cents', 'word'], offset: 1500, limit: 20 },
  { mark: 'rows', columns: ['cents'], sort: [{ column: 'cents', order: 'desc' }], limit: 20 },
];

test.each(QUERIES.map((query) => [JSON.stringify(query), query] as const))(
  'rows behind three thousand million others keep their numbers and their answer: %s',
  async (_, query) => {
    const [expected, found] = [await ask(short, query), await ask(long, query)];
    expect(expected.metadata.rows.matched).toBeGreaterThan(2000);
    const { total, ...rows } = found.metadata.rows;
    expect(total).toBe(BEFORE + 3000);
    expect(rows).toEqual({ ...expected.metadata.rows, total: undefined });
    for (const name of expected.table.names) {
      if (name === 'row') {
        const numbers = Array.from(numbersOf(expected, name), (row) => row + BEFORE);
        expect(Array.from(numbersOf(found, name))).toEqual(numbers);
      } else expect(valuesOf(found, name)).toEqual(valuesOf(expected, name));
    }
  },
);

test('a row behind three thousand million others is read by its number', async () => {
  const read = ({ store, snapshot }: MemorySnapshot, row: number) =>
    createEngine({ store, pool: inlinePool() }).row(snapshot, row);
  const { values } = await read(short, 2047);
  expect(await read(long, BEFORE + 2047)).toEqual({ row: BEFORE + 2047, values });
});
