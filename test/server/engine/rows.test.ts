import { tableFromIPC as tableFromArrow } from 'apache-arrow';
import { tableFromIPC } from '@uwdata/flechette';
import { describe, expect, test } from 'vitest';
import type { Query } from '../../../protocol/query.js';
import { createEngine } from '../../../server/engine/create-engine.js';
import type { Frame } from '../../../server/engine/engine.js';
import { jsonValue } from '../../../workers/json-value.js';
import { inlinePool } from '../../helpers/inline-pool.js';
import {
  memorySnapshot,
  type MemorySnapshot,
  type TestColumn,
} from '../../helpers/memory-snapshot.js';
import { sortedRows } from '../../helpers/sorted-rows.js';
import { doubleOf, testColumn, TEST_KINDS } from '../../helpers/test-columns.js';

const ROWS = 40_000;
const ALL = Array.from({ length: ROWS }, (_, row) => row);

function engineOf({ store }: MemorySnapshot) {
  return createEngine({ store, pool: inlinePool(3) });
}

function frameOf(source: MemorySnapshot, query: Partial<Query>): Promise<Frame> {
  return engineOf(source).frame(source.snapshot, { dataset: 'test', mark: 'rows', ...query });
}

function rowsIn({ bytes }: Frame): number[] {
  return [...(tableFromIPC(bytes).getChild('row').toArray() as Iterable<number>)];
}

describe('a page', () => {
  test.each(TEST_KINDS)('of the order by %s is where a sort of all rows has it', async (kind) => {
    const column = testColumn(kind, ROWS);
    const source = memorySnapshot([column], 16_384);
    for (const descending of [false, true]) {
      const truth = sortedRows(ALL, [[column, descending]]);
      const sort: Query['sort'] = [{ column: kind, order: descending ? 'desc' : 'asc' }];
      for (const [offset, limit] of [
        [0, 5],
        [ROWS / 2 - 3, 40],
        [ROWS - 20, 100],
        [17_000, 20_000],
        [ROWS, 10],
        [3, 0],
      ] as const) {
        const frame = await frameOf(source, { sort, offset, limit });
        expect(rowsIn(frame)).toEqual(truth.slice(offset, offset + limit));
        expect(frame.metadata.rows).toMatchObject({ total: ROWS, matched: ROWS, dropped: 0 });
      }
    }
  });

  test('of several columns keeps ties together and breaks the last ones by row', async () => {
    const [word, flag, cents] = [
      testColumn('word', ROWS),
      testColumn('flag', ROWS),
      testColumn('cents', ROWS),
    ];
    const source = memorySnapshot([word, flag, cents], 16_384);
    const truth = sortedRows(ALL, [
      [flag, true],
      [word, false],
    ]);
    const sort: Query['sort'] = [{ column: 'flag', order: 'desc' }, { column: 'word' }];
    for (const offset of [0, 12_345, 30_000, 39_990]) {
      const frame = await frameOf(source, { sort, offset, limit: 25 });
      expect(rowsIn(frame)).toEqual(truth.slice(offset, offset + 25));
    }
    const filters: Query['filters'] = [{ op: 'range', column: 'cents', min: 50 }];
    const passing = truth.filter((row) => doubleOf(cents, row) >= 50);
    const frame = await frameOf(source, { sort, filters, offset: 9_000, limit: 25 });
    expect(rowsIn(frame)).toEqual(passing.slice(9_000, 9_025));
    expect(frame.metadata.rows).toEqual({
      total: ROWS,
      matched: passing.length,
      drawn: 25,
      outside: passing.length - 25,
      dropped: 0,
    });
  });

  test('of equal rows, and of texts that are equal for long, is in the order of the source', async () => {
    const long = 'the same beginning of every text, and then ';
    const values = ALL.map((row) =>
      row % 3 === 0 ? long : `${long}${row % 7}${row % 2 === 0 ? '\0' : ''}`,
    );
    const text: TestColumn = { name: 't', storage: 'utf8', logical: { kind: 'text' }, values };
    const source = memorySnapshot([text], 16_384);
    for (const descending of [false, true]) {
      const truth = sortedRows(ALL, [[text, descending]]);
      const sort: Query['sort'] = [{ column: 't', order: descending ? 'desc' : 'asc' }];
      const frame = await frameOf(source, { sort, offset: 20_000, limit: 50 });
      expect(rowsIn(frame)).toEqual(truth.slice(20_000, 20_050));
    }
  });

  test('of doubles is found though one far value squeezes all others together', async () => {
    const values = ALL.map((row) =>
      row === 77 ? 1e300 : row === 78 ? NaN : row === 79 ? -Infinity : ((row * 7919) % 20_011) / 8,
    );
    const logical = { kind: 'float', bits: 64 } as const;
    const far: TestColumn = { name: 'far', storage: 'float64', logical, values };
    const source = memorySnapshot([far], 16_384);
    for (const descending of [false, true]) {
      const truth = sortedRows(ALL, [[far, descending]]);
      const sort: Query['sort'] = [{ column: 'far', order: descending ? 'desc' : 'asc' }];
      for (const offset of [0, 19_990, 39_990]) {
        const frame = await frameOf(source, { sort, offset, limit: 30 });
        expect(rowsIn(frame)).toEqual(truth.slice(offset, offset + 30));
      }
    }
  });

  test('without a sort is in the order of the source, filtered or not', async () => {
    const cents = testColumn('cents', ROWS);
    const source = memorySnapshot([cents], 16_384);
    expect(rowsIn(await frameOf(source, { offset: 39_998 }))).toEqual([39_998, 39_999]);
    const filters: Query['filters'] = [{ op: 'range', column: 'cents', max: 20 }];
    const passing = ALL.filter((row) => doubleOf(cents, row) <= 20);
    expect(rowsIn(await frameOf(source, { filters, offset: 700, limit: 9 }))).toEqual(
      passing.slice(700, 709),
    );
    const none = await frameOf(source, { filters: [{ op: 'in', column: 'cents', values: [] }] });
    expect(rowsIn(none)).toEqual([]);
    expect(none.metadata.rows.matched).toBe(0);
  });
});

test('shows every value in its declared type, to two readers', async () => {
  const columns = TEST_KINDS.map((kind) => testColumn(kind, 300));
  const source = memorySnapshot(columns, 128);
  const frame = await frameOf(source, { limit: 300, sort: [{ column: 'cents' }] });
  const arrow = tableFromArrow(frame.bytes);
  const types = Object.fromEntries(
    arrow.schema.fields.map(({ name, type }) => [name, String(type)]),
  );
  expect(types).toMatchObject({
    int8: 'Int8',
    uint64: 'Uint64',
    big: 'Int64',
    huge: 'Utf8',
    decimal128: 'Decimal[38e+10]',
    day: 'Date32<DAY>',
    micro: 'Timestamp<MICROSECOND, UTC>',
    nano: 'Timestamp<NANOSECOND>',
    clock: 'Time64<MICROSECOND>',
    flag: 'Bool',
    word: 'Utf8',
    row: 'Uint32',
  });
  const table = tableFromIPC(frame.bytes, { useBigInt: true });
  const rows = rowsIn(frame);
  for (const column of columns) {
    const shown = [...(table.getChild(column.name).toArray() as Iterable<unknown>)];
    rows.forEach((row, i) => {
      const value = column.values[row]!;
      if (value === null) expect(shown[i]).toBeNull();
      else if (column.logical.kind === 'text') expect(shown[i]).toBe(value);
      else if (column.logical.kind === 'float') expect(shown[i]).toBe(value);
      else if (column.logical.kind === 'integer') expect(String(shown[i])).toBe(String(value));
    });
  }
  expect(new Set(rows).size).toBe(300);
});

test('reads one row exactly, and knows which rows there are', async () => {
  const columns = TEST_KINDS.map((kind) => testColumn(kind, 300));
  const source = memorySnapshot(columns, 128);
  for (const row of [0, 127, 128, 299]) {
    const { values } = await engineOf(source).row(source.snapshot, row);
    for (const { name, logical, values: stored } of columns) {
      const value = stored[row]!;
      const wanted =
        value === null || logical.kind === 'text' ? value : jsonValue(logical, value as number);
      expect([name, values[name]]).toEqual([name, wanted]);
    }
  }
  for (const row of [300, -1, 1.5]) {
    await expect(engineOf(source).row(source.snapshot, row)).rejects.toMatchObject({
      code: 'ROW_UNKNOWN',
    });
  }
});

test('exports every matching row in row order, with the schema even of none', async () => {
  const columns = [testColumn('cents', ROWS), testColumn('text', ROWS)];
  const source = memorySnapshot(columns, 16_384);
  const read = async (filters: Query['filters']): Promise<[number, unknown[]]> => {
    const values: unknown[] = [];
    let streams = 0;
    for await (const bytes of engineOf(source).rows(source.snapshot, filters ?? [])) {
      streams++;
      const table = tableFromIPC(bytes);
      expect(table.names).toEqual(['cents', 'text']);
      values.push(...(table.getChild('text').toArray() as Iterable<unknown>));
    }
    return [streams, values];
  };
  expect(await read([])).toEqual([3, columns[1]!.values]);
  const [, some] = await read([{ op: 'range', column: 'cents', min: 99 }]);
  const passing = ALL.filter((row) => doubleOf(columns[0]!, row) >= 99);
  expect(some).toEqual(passing.map((row) => columns[1]!.values[row]));
  expect((await read([{ op: 'in', column: 'cents', values: [] }]))[0]).toBeGreaterThan(0);
});

test('refuses a column that is not there', async () => {
  const source = memorySnapshot([testColumn('cents', 5)]);
  await expect(frameOf(source, { columns: ['nope'] })).rejects.toMatchObject({
    code: 'COLUMN_UNKNOWN',
  });
  await expect(frameOf(source, { sort: [{ column: 'nope' }] })).rejects.toMatchObject({
    code: 'COLUMN_UNKNOWN',
  });
});
