import { tableFromIPC as tableFromArrow } from 'apache-arrow';
import { tableFromIPC } from '@uwdata/flechette';
import { describe, expect, test } from 'vitest';
import { linearCell } from '../../../protocol/cells.js';
import type { Aggregate, Query } from '../../../protocol/query.js';
import { createEngine } from '../../../server/engine/create-engine.js';
import type { Frame } from '../../../server/engine/engine.js';
import { jsonValue } from '../../../workers/json-value.js';
import { inlinePool } from '../../helpers/inline-pool.js';
import {
  memorySnapshot,
  type MemorySnapshot,
  type TestColumn,
} from '../../helpers/memory-snapshot.js';
import { doubleOf, testColumn } from '../../helpers/test-columns.js';

const ROWS = 4_000;
const SMALL_BATCH = 1_536;
const ALL = Array.from({ length: ROWS }, (_, row) => row);
const AGGREGATES: Aggregate[] = [
  { op: 'count' },
  { op: 'sum', column: 'y' },
  { op: 'mean', column: 'y' },
  { op: 'min', column: 'y' },
  { op: 'max', column: 'y' },
  { op: 'median', column: 'y' },
  { op: 'quantile', column: 'y', p: 0.1 },
  { op: 'distinct', column: 'y' },
];

function frameOf(
  { snapshot, store }: MemorySnapshot,
  query: Partial<Query>,
  threads = 3,
): Promise<Frame> {
  const engine = createEngine({ store, pool: inlinePool(threads) });
  return engine.frame(snapshot, { dataset: 'test', mark: 'bar', ...query });
}

function named(column: TestColumn, name: string): TestColumn {
  return { ...column, name };
}

/** The aggregate by the words of the contract: null and NaN are no values. */
function aggregateByScan(
  { op, p }: Aggregate,
  y: TestColumn,
  rows: readonly number[],
): number | null {
  if (op === 'count') return rows.length;
  const values = rows.map((row) => doubleOf(y, row)).filter((value) => !Number.isNaN(value));
  if (op === 'distinct') return new Set(values.map((value) => value + 0)).size;
  if (values.length === 0) return null;
  const sum = values.reduce((total, value) => total + value, 0);
  if (op === 'sum') return sum;
  if (op === 'mean') return sum / values.length;
  if (op === 'min') return Math.min(...values);
  if (op === 'max') return Math.max(...values);
  values.sort((a, b) => a - b);
  const at = (op === 'median' ? 0.5 : p!) * (values.length - 1);
  const [low, high] = [values[Math.floor(at)]!, values[Math.ceil(at)]!];
  if (low === high) return low;
  const share = at - Math.floor(at);
  // An infinite neighbour decides.
  return Number.isFinite(high - low)
    ? low + (high - low) * share
    : low * (1 - share) + high * share;
}

function expectClose(found: number | null, wanted: number | null): void {
  if (wanted === null || found === null || !Number.isFinite(wanted)) expect(found).toEqual(wanted);
  else expect(Math.abs(found - wanted)).toBeLessThanOrEqual(1e-9 * Math.max(1, Math.abs(wanted)));
}

function column<T>(frame: Frame, name: string): T[] {
  return [
    ...(tableFromIPC(frame.bytes, { useBigInt: true }).getChild(name).toArray() as Iterable<T>),
  ];
}

/** Rows by key: the value as JSON has it, null apart. */
function keysByScan(key: TestColumn, rows: readonly number[] = ALL): Map<unknown, number[]> {
  const groups = new Map<unknown, number[]>();
  for (const row of rows) {
    const value = key.values[row]!;
    const isText = key.logical.kind === 'text';
    const name = value === null || isText ? value : jsonValue(key.logical, normal(value as number));
    groups.set(name, [...(groups.get(name) ?? []), row]);
  }
  return groups;
}

function normal(value: number | bigint): number | bigint {
  return typeof value === 'number' ? value + 0 : value;
}

const KEYS = [
  'int8',
  'int64',
  'big',
  'uint64',
  'huge',
  'cents',
  'odd',
  'decimal',
  'decimal128',
  'flag',
  'word',
  'text',
  'day',
  'micro',
  'clock',
];

describe('a bar', () => {
  test.each(KEYS)('for each value of %s counts what a walk counts, largest first', async (kind) => {
    const key = testColumn(kind, ROWS);
    const frame = await frameOf(memorySnapshot([key], SMALL_BATCH), { x: kind, limit: 100_000 });
    const truth = keysByScan(key);
    const counts = column<number>(frame, 'count');
    expect(counts).toHaveLength(truth.size);
    const wanted = [...truth.values()].map((rows) => rows.length).sort((a, b) => b - a);
    expect(counts).toEqual(wanted);
    expect(column<number>(frame, 'value')).toEqual(wanted);
    expect(frame.metadata.rows).toEqual({
      total: ROWS,
      matched: ROWS,
      drawn: ROWS,
      outside: 0,
      dropped: 0,
    });
    // Another reader finds the keys in their declared type.
    const arrow = tableFromArrow(frame.bytes).getChild('key')!;
    expect(arrow.nullCount).toBe(truth.has(null) ? 1 : 0);
    expect(arrow.length).toBe(truth.size);
  });

  test.each(AGGREGATES)('has $op of its rows', async (aggregate) => {
    const word = testColumn('word', ROWS);
    for (const kind of ['odd', 'decimal', 'cents', 'int64']) {
      const y = named(testColumn(kind, ROWS, { seed: 4, nullEvery: 3 }), 'y');
      const frame = await frameOf(memorySnapshot([word, y], SMALL_BATCH), { x: 'word', aggregate });
      const truth = keysByScan(word);
      const values = column<number | null>(frame, 'value');
      column<string | null>(frame, 'key').forEach((key, i) => {
        expectClose(values[i]!, aggregateByScan(aggregate, y, truth.get(key)!));
      });
    }
  });

  test('cuts off what is beyond the limit, and says how much', async () => {
    const key = testColumn('int8', ROWS, { nullEvery: 0 });
    const frame = await frameOf(memorySnapshot([key], SMALL_BATCH), { x: 'int8', limit: 7 });
    const sizes = [...keysByScan(key).values()].map((rows) => rows.length).sort((a, b) => b - a);
    const drawn = sizes.slice(0, 7).reduce((sum, size) => sum + size, 0);
    expect(frame.metadata.cut).toEqual({ keys: sizes.length - 7, rows: ROWS - drawn });
    expect(frame.metadata.rows).toMatchObject({ drawn, outside: ROWS - drawn });
  });

  test('stands in the order that sort names, ties by key, null last', async () => {
    const key = testColumn('word', ROWS);
    const source = memorySnapshot([key, named(testColumn('flag', ROWS), 'y')], SMALL_BATCH);
    const byBytes = [...(keysByScan(key).keys() as Iterable<string | null>)]
      .filter((name) => name !== null)
      .sort((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b)));
    const up = await frameOf(source, { x: 'word', sort: [{ column: 'word' }] });
    expect(column(up, 'key')).toEqual([...byBytes, null]);
    const down = await frameOf(source, { x: 'word', sort: [{ column: 'key', order: 'desc' }] });
    expect(column(down, 'key')).toEqual([...byBytes.toReversed(), null]);
    const ties = await frameOf(source, { x: 'word', aggregate: { op: 'distinct', column: 'y' } });
    expect(column(ties, 'key')).toEqual([...byBytes, null]);
  });

  test('has a part for each series: of a color, or of each column in y', async () => {
    const [word, flag] = [testColumn('word', ROWS), testColumn('flag', ROWS)];
    const [y, z] = [named(testColumn('cents', ROWS), 'y'), named(testColumn('int16', ROWS), 'z')];
    const source = memorySnapshot([word, flag, y, z], SMALL_BATCH);
    const colored = await frameOf(source, { x: 'word', color: 'flag' });
    const keys = column<string | null>(colored, 'key');
    const series = column<string | null>(colored, 'series');
    const counts = column<number>(colored, 'count');
    keys.forEach((key, i) => {
      const rows = ALL.filter((row) => {
        const own = flag.values[row];
        return (
          word.values[row] === key && (own === null ? null : String(Boolean(own))) === series[i]
        );
      });
      expect(counts[i]).toBe(rows.length);
    });
    expect(counts.reduce((sum, count) => sum + count, 0)).toBe(ROWS);
    const several = await frameOf(source, { x: 'word', y: ['y', 'z'], aggregate: { op: 'sum' } });
    const names = column<string>(several, 'series');
    const values = column<number | null>(several, 'value');
    column<string | null>(several, 'key').forEach((key, i) => {
      const rows = ALL.filter((row) => word.values[row] === key);
      expectClose(values[i]!, aggregateByScan({ op: 'sum' }, names[i] === 'y' ? y : z, rows));
    });
  });

  test('can be a bin of a time or a number, with null a bar of its own', async () => {
    const day = testColumn('day', ROWS);
    const source = memorySnapshot([day, testColumn('cents', ROWS)], SMALL_BATCH);
    const months = await frameOf(source, { x: { column: 'day', bin: 'month' }, limit: 100_000 });
    const truth = new Map<string | null, number>();
    for (const value of day.values) {
      const month =
        value === null ? null : new Date(Number(value) * 86_400_000).toISOString().slice(0, 7);
      truth.set(month, (truth.get(month) ?? 0) + 1);
    }
    const counts = column<number>(months, 'count');
    column<Date | number | null>(months, 'key').forEach((key, i) => {
      const month = key === null ? null : new Date(key).toISOString().slice(0, 7);
      expect(counts[i]).toBe(truth.get(month));
    });
    expect(counts).toHaveLength(truth.size);
    const widths = await frameOf(source, {
      x: { column: 'cents', bin: 12.5 },
      sort: [{ column: 'key' }],
    });
    expect(column(widths, 'key')).toEqual([0, 12.5, 25, 37.5, 50, 62.5, 75, 87.5, null]);
  });

  test('counts a million keys', async () => {
    const values = Array.from({ length: 300_000 }, (_, i) => `key ${(i * 7919) % 250_000}`);
    const key: TestColumn = { name: 'k', storage: 'utf8', logical: { kind: 'text' }, values };
    const frame = await frameOf(memorySnapshot([key], 2 ** 20), { x: 'k', limit: 10 });
    expect(frame.metadata.cut?.keys).toBe(249_990);
    expect(column<number>(frame, 'count')).toEqual(Array.from({ length: 10 }, () => 2));
  });
});

describe('a line over bins', () => {
  const y = named(testColumn('odd', ROWS, { seed: 4, nullEvery: 4 }), 'y');

  test.each(AGGREGATES)('has $op of each bin of time', async (aggregate) => {
    for (const kind of ['second', 'micro', 'nano', 'day']) {
      const x = testColumn(kind, ROWS);
      const source = memorySnapshot([x, y], SMALL_BATCH);
      const frame = await frameOf(source, {
        mark: 'line',
        x: { column: kind, bin: 'year' },
        aggregate,
      });
      const years = new Map<number, number[]>();
      for (const row of ALL) {
        const value = x.values[row]!;
        if (value === null) continue;
        const year = Number(String(jsonValue(x.logical, value as bigint)).slice(0, 4));
        years.set(year, [...(years.get(year) ?? []), row]);
      }
      const perSecond = { second: 1, micro: 1e6, nano: 1e9, day: 1 / 86_400 }[kind]!;
      const starts = column<number>(frame, 'x').map((value) => {
        const ticks = Number(frame.metadata.origin!.x) + value;
        return new Date((ticks / perSecond) * 1000).getUTCFullYear();
      });
      expect(starts).toEqual([...years.keys()].sort((a, b) => a - b));
      const values = column<number | null>(frame, 'value');
      const counts = column<number>(frame, 'count');
      starts.forEach((year, i) => {
        expect(counts[i]).toBe(years.get(year)!.length);
        expectClose(values[i]!, aggregateByScan(aggregate, y, years.get(year)!));
      });
      const { matched, drawn, outside, dropped } = frame.metadata.rows;
      expect(drawn + outside + dropped).toBe(matched);
      expect(counts.reduce((sum, count) => sum + count, 0)).toBe(drawn);
    }
  });

  test('sets aside the rows without a finite y where y is named, and those beyond the domain', async () => {
    const x = testColumn('int16', ROWS);
    const source = memorySnapshot([x, y], SMALL_BATCH);
    const frame = await frameOf(source, {
      mark: 'line',
      x: { column: 'int16', bin: 250 },
      y: 'y',
      aggregate: { op: 'mean' },
      domain: { x: [-1000, 999.5] },
    });
    const placed = ALL.filter(
      (row) => Number.isFinite(doubleOf(x, row)) && Number.isFinite(doubleOf(y, row)),
    );
    const inside = placed.filter((row) => doubleOf(x, row) >= -1000 && doubleOf(x, row) <= 999.5);
    expect(frame.metadata.rows).toMatchObject({ drawn: inside.length, matched: ROWS });
    const starts = column<number>(frame, 'x');
    const values = column<number | null>(frame, 'value');
    expect(starts).toEqual([-1000, -750, -500, -250, 0, 250, 500, 750]);
    starts.forEach((start, i) => {
      const rows = inside.filter((row) => Math.floor(doubleOf(x, row) / 250) * 250 === start);
      expectClose(values[i]!, aggregateByScan({ op: 'mean' }, y, rows));
    });
  });

  test.each([
    ['s', 1n],
    ['us', 1_000_000n],
    ['ns', 1_000_000_000n],
  ] as const)(
    'has each instant in %s in its day, hour or week, also on the edge of two',
    async (unit, second) => {
      // About every third stands on an edge of days or hours, or beside one.
      const values = ALL.map((i) => {
        if (i % 11 === 0) return null;
        const hours = BigInt((i * 7919) % 3000) * 3600n;
        return (
          ([hours, (hours / 24n / 3600n) * 86_400n, hours + 1n, hours + 1799n][i % 4]! +
            999_993_600n) *
            second -
          BigInt(i % 2)
        );
      });
      const t: TestColumn = {
        name: 't',
        storage: 'int64',
        logical: { kind: 'time', unit, zoned: true },
        values,
      };
      const source = memorySnapshot([t], SMALL_BATCH);
      const [low, high] = ['2001-09-11T01:00:00Z', '2001-12-24T22:30:00Z'];
      const ends = [low, high].map((end) => BigInt(Date.parse(end) / 1000) * second);
      for (const [bin, seconds, shift] of [
        ['hour', 3600n, 0n],
        ['day', 86_400n, 0n],
        // The epoch began on a Thursday.
        ['week', 604_800n, 345_600n],
      ] as const) {
        const width = seconds * second;
        const truth = new Map<number, number>();
        for (const value of values) {
          if (value === null || value < ends[0]! || value > ends[1]!) continue;
          const start = Number(((value - shift * second) / width) * width + shift * second);
          truth.set(start, (truth.get(start) ?? 0) + 1);
        }
        const frame = await frameOf(source, {
          mark: 'line',
          x: { column: 't', bin },
          domain: { x: [low, high] },
        });
        const origin = Number(frame.metadata.origin!.x);
        const starts = column<number>(frame, 'x').map((x) => origin + x);
        expect(starts).toEqual([...truth.keys()].sort((a, b) => a - b));
        expect(column(frame, 'count')).toEqual(starts.map((start) => truth.get(start)));
        const { drawn, outside, dropped } = frame.metadata.rows;
        expect(dropped).toBe(values.filter((value) => value === null).length);
        expect(drawn + outside + dropped).toBe(ROWS);
      }
    },
  );

  test('bins instants on the clock of the time zone, across a change of it', async () => {
    const start = BigInt(Date.parse('2024-03-30T20:00:00Z'));
    const values = Array.from({ length: 48 }, (_, i) => start + BigInt(i) * 3_600_000n);
    const logical = { kind: 'time', unit: 'ms', zoned: true } as const;
    const source = memorySnapshot([{ name: 't', storage: 'int64', logical, values }]);
    const query = {
      mark: 'line',
      x: { column: 't', bin: 'day' },
      timeZone: 'Europe/Berlin',
    } as const;
    expect(column(await frameOf(source, query), 'count')).toEqual([3, 23, 22]);
  });

  test('gives the same bits on any number of threads', async () => {
    const noisy = named(testColumn('cents', ROWS), 'noisy');
    const noise = { ...noisy, values: noisy.values.map((value) => value && Number(value) / 7) };
    const source = memorySnapshot([testColumn('day', ROWS), noise], 512);
    const query = {
      mark: 'line',
      x: { column: 'day', bin: 'year' },
      aggregate: { op: 'sum', column: 'noisy' },
    } as const;
    const [one, ...others] = await Promise.all(
      [1, 2, 3, 7].map((threads) => frameOf(source, query, threads)),
    );
    for (const other of others) expect(other.bytes).toEqual(one!.bytes);
  });

  test('refuses bins that there are too many of, and units that a number has not', async () => {
    const source = memorySnapshot([testColumn('cents', 50), testColumn('second', 50)]);
    await expect(
      frameOf(source, { mark: 'line', x: { column: 'cents', bin: 'day' } }),
    ).rejects.toMatchObject({ code: 'TYPE_MISMATCH' });
    await expect(
      frameOf(source, { mark: 'line', x: { column: 'cents', bin: 0.001 } }),
    ).rejects.toMatchObject({ code: 'LIMIT_EXCEEDED' });
    await expect(
      frameOf(source, { mark: 'line', x: { column: 'second', bin: 'second' } }),
    ).rejects.toMatchObject({ code: 'LIMIT_EXCEEDED' });
    await expect(
      frameOf(source, { mark: 'bar', x: 'cents', aggregate: { op: 'sum' } }),
    ).rejects.toThrow('needs a column');
    await expect(
      frameOf(source, { mark: 'bar', x: 'cents', aggregate: { op: 'sum', column: 'second' } }),
    ).rejects.toMatchObject({ code: 'TYPE_MISMATCH' });
  });
});

describe('a heatmap', () => {
  test.each(AGGREGATES)('has $op of each cell that has a row', async (aggregate) => {
    const x = testColumn('cents', ROWS);
    const word = testColumn('word', ROWS);
    const y = named(testColumn('odd', ROWS, { seed: 4, nullEvery: 3 }), 'y');
    const source = memorySnapshot([x, word, y], SMALL_BATCH);
    const query = {
      mark: 'heatmap',
      x: 'cents',
      y: 'word',
      cells: { x: 9, y: 6 },
      aggregate,
    } as const;
    const frame = await frameOf(source, query);
    const { width, domain } = frame.metadata;
    const [low, high] = domain!.x as [number, number];
    const cells = new Map<number, number[]>();
    for (const row of ALL) {
      const ix = linearCell(doubleOf(x, row), low, high, 9);
      const iy = domain!.y!.indexOf(word.values[row] as string | null);
      if (ix < 0 || iy < 0) continue;
      cells.set(iy * width + ix, [...(cells.get(iy * width + ix) ?? []), row]);
    }
    expect(domain!.y).toHaveLength(6);
    const found = column<number>(frame, 'cell');
    expect(found).toEqual([...cells.keys()].sort((a, b) => a - b));
    const values = column<number | null>(frame, 'value');
    const counts = column<number>(frame, 'count');
    found.forEach((cell, i) => {
      expect(counts[i]).toBe(cells.get(cell)!.length);
      expectClose(values[i]!, aggregateByScan(aggregate, y, cells.get(cell)!));
    });
    const { matched, drawn, outside, dropped } = frame.metadata.rows;
    expect(drawn + outside + dropped).toBe(matched);
  });

  test('takes the values of a category axis that the domain lists, in its order', async () => {
    const source = memorySnapshot(
      [testColumn('word', ROWS), testColumn('flag', ROWS)],
      SMALL_BATCH,
    );
    const query = {
      mark: 'heatmap',
      x: 'word',
      y: 'flag',
      domain: { x: ['東京', 'a', 'nowhere'] },
    } as const;
    const frame = await frameOf(source, query as unknown as Partial<Query>);
    expect(frame.metadata.domain).toEqual({ x: ['東京', 'a', 'nowhere'], y: [false, true] });
    expect(frame.metadata.unit).toEqual({ x: 'category', y: 'category' });
  });
});
