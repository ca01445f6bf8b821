import { tableFromIPC } from '@uwdata/flechette';
import { describe, expect, test } from 'vitest';
import type { Query } from '../../../protocol/query.js';
import { createEngine } from '../../../server/engine/create-engine.js';
import { inlinePool } from '../../helpers/inline-pool.js';
import { memorySnapshot, type TestColumn } from '../../helpers/memory-snapshot.js';
import { doubleOf, testColumn } from '../../helpers/test-columns.js';

const ROWS = 20_000;

async function histogramOf(columns: readonly TestColumn[], query: Partial<Query>) {
  const { snapshot, store } = memorySnapshot(columns);
  const engine = createEngine({ store, pool: inlinePool() });
  const { bytes, metadata } = await engine.frame(snapshot, {
    dataset: 'test',
    mark: 'histogram',
    ...query,
  });
  const table = tableFromIPC(bytes);
  // The stored numbers, times too.
  const read = (name: string): unknown[] => [...(table.getChild(name).data[0]?.values ?? [])];
  return {
    metadata,
    lo: read('lo') as (number | bigint)[],
    hi: read('hi') as (number | bigint)[],
    count: read('count') as number[],
    series: table.names.includes('series') ? [...table.getChild('series')] : [],
  };
}

/** Counts by the bins themselves: half-open, the last one closed. */
function bruteForce(
  column: TestColumn,
  lo: readonly (number | bigint)[],
  hi: readonly (number | bigint)[],
  [low, high]: readonly [number, number],
) {
  const counts = lo.map(() => 0);
  const isTime = column.logical.kind === 'time';
  for (let row = 0; row < column.values.length; row++) {
    const value = isTime ? (column.values[row] as number | bigint | null) : doubleOf(column, row);
    if (
      value === null ||
      !(Number(value) >= low && Number(value) <= high) ||
      !Number.isFinite(Number(value))
    )
      continue;
    const bin = lo.findIndex(
      (start, i) => value >= start && (value < hi[i]! || (i === lo.length - 1 && value === hi[i])),
    );
    if (bin >= 0) counts[bin]!++;
  }
  return counts;
}

const EVERYTHING = [-Infinity, Infinity] as const;

describe('counts by the bins that it names', () => {
  test.each([
    'int8',
    'int16',
    'int64',
    'cents',
    'odd',
    'decimal',
    'decimal64',
    'float32',
    'day',
    'micro',
    'nano',
    'uint64',
    'huge',
  ])('%s', async (kind) => {
    const column = testColumn(kind, ROWS);
    const { metadata, lo, hi, count } = await histogramOf([column], { x: kind });
    expect(count).toEqual(bruteForce(column, lo, hi, EVERYTHING));
    const { drawn, outside, dropped } = metadata.rows;
    expect(count.reduce((sum, n) => sum + n, 0)).toBe(drawn);
    expect(drawn + outside + dropped).toBe(ROWS);
    expect(outside).toBe(0);
    // The doubles near 2^63 are 2,048 apart: there is no room for more bins.
    expect(lo.length).toBeGreaterThan(kind === 'uint64' ? 0 : 10);
    expect(lo.length).toBeLessThan(110);
    expect(lo.slice(1)).toEqual(hi.slice(0, -1));
  });

  test.each([
    { x: 'cents', bins: 17, domain: { x: [0.29, 57.58] } },
    { x: 'cents', bins: 30, scale: { x: 'log' } },
    { x: { column: 'cents', bin: 0.1 }, domain: { x: [0.3, 4.7] } },
  ] as const)('%j', async (query) => {
    const column = testColumn('cents', ROWS);
    const { metadata, lo, hi, count } = await histogramOf([column], query as unknown as Query);
    const domain = metadata.domain!.x as [number, number];
    expect(count).toEqual(bruteForce(column, lo, hi, domain));
    if ('bins' in query) expect(count).toHaveLength(query.bins);
    const { drawn, outside, dropped } = metadata.rows;
    expect(drawn + outside + dropped).toBe(ROWS);
  });
});

test('gives whole numbers of at most 64 values one bin each', async () => {
  const hour = { ...testColumn('uint8', ROWS), name: 'hour' };
  hour.values = hour.values.map((value) => (value === null ? null : Number(value) % 24));
  const { lo, hi, metadata } = await histogramOf([hour], { x: 'hour' });
  expect(lo).toEqual(Array.from({ length: 24 }, (_, i) => i));
  expect(hi).toEqual(Array.from({ length: 24 }, (_, i) => i + 1));
  expect(metadata).toMatchObject({ bin: 1, method: 'aggregate', domain: { x: [0, 23] } });
});

test('gives exactly 64 whole numbers one bin each, in a domain that ends with the last of them too', async () => {
  const of = (different: number) => {
    const x = { ...testColumn('uint8', ROWS), name: 'x' };
    x.values = x.values.map((_, row) => row % different);
    return [x];
  };
  const ones = Array.from({ length: 64 }, (_, i) => i);
  expect((await histogramOf(of(64), { x: 'x' })).lo).toEqual(ones);
  const wide = await histogramOf(of(64), { x: 'x', domain: { x: [0, 64] } });
  expect(wide.lo.slice(0, 64)).toEqual(ones);
  expect(wide.metadata.bin).toBe(1);
  expect((await histogramOf(of(65), { x: 'x' })).metadata.bin).toBe(2);
  expect((await histogramOf(of(65), { x: 'x', domain: { x: [0, 65] } })).metadata.bin).toBe(2);
});

test('gives wider whole numbers bins of whole numbers, all equally many', async () => {
  const { lo, hi } = await histogramOf([testColumn('int16', ROWS)], { x: 'int16' });
  expect(new Set(lo.map((start, i) => Number(hi[i]) - Number(start)))).toEqual(new Set([100]));
});

test('gives times calendar steps in the type of the column', async () => {
  const { lo, metadata } = await histogramOf([testColumn('day', ROWS)], {
    x: { column: 'day', bin: 'year' },
  });
  expect(metadata).toMatchObject({ bin: 'year', unit: { x: 'day' } });
  expect(new Date(Number(lo[3]) * 86_400_000).toISOString()).toBe('1973-01-01T00:00:00.000Z');
});

test('makes a series of each category, and leaves its empty bins out', async () => {
  const x = testColumn('cents', ROWS);
  const word = testColumn('word', ROWS);
  const { lo, count, series, metadata } = await histogramOf([x, word], {
    x: 'cents',
    color: 'word',
    top: 20,
    bins: 5,
    domain: { x: [0, 100] },
  });
  const expected = new Map<string, number>();
  for (let row = 0; row < ROWS; row++) {
    const value = doubleOf(x, row);
    if (Number.isNaN(value)) continue;
    const key = JSON.stringify([word.values[row], Math.min(4, Math.floor(value / 20)) * 20]);
    expected.set(key, (expected.get(key) ?? 0) + 1);
  }
  expect(new Map(series.map((name, i) => [JSON.stringify([name, lo[i]]), count[i]]))).toEqual(
    expected,
  );
  expect(metadata.color).toMatchObject({ kind: 'category', others: 0 });
});

test('refuses more bins than the limit', async () => {
  await expect(
    histogramOf([testColumn('cents', 100)], { x: { column: 'cents', bin: 1e-9 } }),
  ).rejects.toThrow('Bins of 1e-9 would be more than 10000 here.');
  await expect(
    histogramOf([testColumn('nano', 100)], { x: { column: 'nano', bin: 'second' } }),
  ).rejects.toMatchObject({ code: 'LIMIT_EXCEEDED' });
});
