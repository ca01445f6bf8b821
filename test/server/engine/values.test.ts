import { describe, expect, test } from 'vitest';
import type { Filter } from '../../../protocol/query.js';
import { createEngine } from '../../../server/engine/create-engine.js';
import { jsonValue } from '../../../workers/json-value.js';
import { inlinePool } from '../../helpers/inline-pool.js';
import { memorySnapshot, type Stored, type TestColumn } from '../../helpers/memory-snapshot.js';
import { testColumn, TEST_KINDS } from '../../helpers/test-columns.js';

const ROWS = 20_000;

function valuesOf(
  columns: readonly TestColumn[],
  column: string,
  limit = 1000,
  search = '',
  filters: readonly Filter[] = [],
) {
  const { snapshot, store } = memorySnapshot(columns);
  const engine = createEngine({ store, pool: inlinePool() });
  return engine.values(snapshot, { column, limit, filters, ...(search && { search }) });
}

/** Counts by value in the order that a dropdown shows. */
function bruteForce({ values, logical }: TestColumn, keep: (row: number) => boolean) {
  const counts = new Map<Stored, number>();
  for (const [row, value] of values.entries()) {
    const key = typeof value === 'number' ? value + 0 : value;
    if (keep(row)) counts.set(key, (counts.get(key) ?? 0) + 1);
  }
  const order = (a: Stored, b: Stored): number => {
    if (a === null || b === null) return Number(a === null) - Number(b === null);
    if (typeof a === 'string') return Buffer.compare(Buffer.from(a), Buffer.from(b as string));
    if (a !== a || b !== b) return Number(a !== a) - Number(b !== b);
    return a < b ? -1 : Number(a > b);
  };
  return [...counts]
    .toSorted(([a, n], [b, m]) => m - n || order(a, b))
    .map(([value, count]) => ({
      value:
        value === null || typeof value === 'string'
          ? value
          : jsonValue(logical, value as number | bigint),
      count,
    }));
}

function isWithin(value: Stored, low: number, high: number): boolean {
  return value !== null && Number(value) >= low && Number(value) <= high;
}

describe('counts the values of every type, most frequent first, ties by value', () => {
  const cents = { ...testColumn('cents', ROWS, { seed: 5 }), name: 'other' };
  test.each(TEST_KINDS)('%s', async (kind) => {
    const column = testColumn(kind, ROWS);
    const expected = bruteForce(column, () => true);
    const found = await valuesOf([column], kind, 50);
    expect(found).toEqual({
      values: expected.slice(0, 50),
      matching: expected.length,
      total: expected.length,
    });
  });

  test.each(TEST_KINDS)('%s under a filter on another column', async (kind) => {
    const column = testColumn(kind, ROWS);
    const filters: Filter[] = [{ op: 'range', column: 'other', min: 20, max: 30 }];
    const expected = bruteForce(column, (row) => isWithin(cents.values[row]!, 20, 30));
    const found = await valuesOf([column, cents], kind, 50, '', filters);
    expect(found).toEqual({
      values: expected.slice(0, 50),
      matching: expected.length,
      total: expected.length,
    });
  });
});

test('searches text without regard to case and numbers in their printed form', async () => {
  for (const [kind, search] of [
    ['word', 'AIR'],
    ['text', 'zür'],
    ['decimal', '12.5'],
    ['big', '273885'],
    ['day', '1999-'],
    ['flag', 'TR'],
  ] as const) {
    const column = testColumn(kind, ROWS);
    const all = bruteForce(column, () => true);
    const expected = all.filter(
      ({ value }) => value !== null && String(value).toLowerCase().includes(search.toLowerCase()),
    );
    expect(expected.length).toBeGreaterThan(0);
    expect(await valuesOf([column], kind, 7, search)).toEqual({
      values: expected.slice(0, 7),
      matching: expected.length,
      total: all.length,
    });
  }
});

test('has no values where no row passes, and only null where all are null', async () => {
  const column = testColumn('word', 100);
  expect(await valuesOf([column], 'word', 10, '', [{ op: 'any', filters: [] }])).toEqual({
    values: [],
    matching: 0,
    total: 0,
  });
  const nothing = {
    name: 'n',
    storage: 'null',
    logical: { kind: 'text' },
    values: [null, null],
  } as const;
  expect(await valuesOf([nothing], 'n')).toEqual({
    values: [{ value: null, count: 2 }],
    matching: 1,
    total: 1,
  });
});

test('counts once for many keystrokes', async () => {
  const { snapshot, store } = memorySnapshot([testColumn('word', ROWS)]);
  const pool = inlinePool();
  const tasks: string[] = [];
  const engine = createEngine({
    store,
    pool: {
      ...pool,
      run: (name, task, options) => (tasks.push(name), pool.run(name, task, options)),
    },
  });
  for (const search of ['a', 'ai', 'air'])
    await engine.values(snapshot, { column: 'word', limit: 5, filters: [], search });
  expect(tasks.filter((name) => name === 'scan').length).toBeLessThanOrEqual(2);
  expect(tasks.filter((name) => name === 'pick')).toHaveLength(3);
});

test('has every thread prepare a search when the list of a column of many texts is opened', async () => {
  const texts = Array.from({ length: 30_000 }, (_, i) => `Text ${i}`);
  const column: TestColumn = {
    name: 'many',
    storage: 'dict32',
    logical: { kind: 'text' },
    values: texts,
  };
  const { snapshot, store } = memorySnapshot([column, testColumn('word', texts.length)]);
  const pool = inlinePool(3);
  const tasks: string[] = [];
  const engine = createEngine({
    store,
    pool: {
      ...pool,
      run: (name, task, options) => (tasks.push(name), pool.run(name, task, options)),
    },
  });
  const prepared = (): number => tasks.filter((name) => name === 'prepareSearch').length;
  await engine.values(snapshot, { column: 'word', limit: 5, filters: [] });
  await engine.values(snapshot, { column: 'many', limit: 5, filters: [], search: '99' });
  expect(prepared()).toBe(0);
  await engine.values(snapshot, { column: 'many', limit: 5, filters: [] });
  await expect.poll(prepared).toBe(3);
  const { values, matching } = await engine.values(snapshot, {
    column: 'many',
    limit: 2,
    filters: [],
    search: 'TEXT 2999',
  });
  expect(values.map(({ value }) => value)).toEqual(['Text 2999', 'Text 29990']);
  expect(matching).toBe(11);
});
