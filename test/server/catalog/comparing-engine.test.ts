import { tableFromIPC } from '@uwdata/flechette';
import { describe, expect, test } from 'vitest';
import { linearCell } from '../../../protocol/cells.js';
import { METADATA_KEY } from '../../../protocol/media.js';
import type { Against, Filter, Query } from '../../../protocol/query.js';
import { comparingEngine } from '../../../server/catalog/comparing-engine.js';
import { createEngine } from '../../../server/engine/create-engine.js';
import type { Engine, Frame } from '../../../server/engine/engine.js';
import { checkQuery } from '../../../server/engine/check-query.js';
import { HalftoneError } from '../../../server/errors.js';
import type { ColumnStore } from '../../../server/memory/lease.js';
import type { Snapshot } from '../../../server/snapshots/manifest.js';
import { compareFrames } from '../../../workers/compare/compare-frames.js';
import { inlinePool } from '../../helpers/inline-pool.js';
import { memorySnapshot, type TestColumn } from '../../helpers/memory-snapshot.js';

const DAY = 86_400_000;
const WORDS = ['ATL', 'LAS', null, 'Zürich', ''];

interface Row {
  x: number;
  y: number | null;
  word: string | null;
  day: number;
}

/** Rows in an order that is the same every time; the second table has other words, and reaches further. */
function rowsOf(count: number, shift: number): Row[] {
  return Array.from({ length: count }, (_, i) => ({
    x: (i * 7919) % (97 + shift),
    y: i % 11 === 0 ? null : ((i * 31) % 50) - 20 + shift,
    word: shift > 0 && i % 5 === 0 ? 'NEW' : WORDS[i % (shift > 0 ? 3 : 5)]!,
    day: (i % (40 + shift)) * DAY,
  }));
}

function tableOf(rows: readonly Row[], id: string) {
  const column = (name: string, rest: Omit<TestColumn, 'name'>): TestColumn => ({ name, ...rest });
  const float = { kind: 'float', bits: 64 } as const;
  const made = memorySnapshot([
    column('x', { storage: 'float64', logical: float, values: rows.map(({ x }) => x) }),
    column('y', { storage: 'float64', logical: float, values: rows.map(({ y }) => y) }),
    column('word', {
      storage: 'dict8',
      logical: { kind: 'text' },
      values: rows.map(({ word }) => word),
    }),
    column('day', {
      storage: 'int64',
      logical: { kind: 'time', unit: 'ms', zoned: false },
      values: rows.map(({ day }) => BigInt(day)),
    }),
  ]);
  const snapshot = { ...made.snapshot, manifest: { ...made.snapshot.manifest, id } };
  return { rows, snapshot, store: made.store };
}

const now = tableOf(rowsOf(3000, 0), 'now');
const before = tableOf(rowsOf(2500, 10), 'before');
const tables = [now, before];

/** An engine over both tables. */
function start(): Engine {
  const find = (snapshot: Snapshot) =>
    tables.find((table) => table.snapshot.manifest.id === snapshot.manifest.id)!;
  const store = {
    lease: (snapshot: Snapshot, ...rest: unknown[]) =>
      (find(snapshot).store.lease as (...asked: unknown[]) => unknown)(snapshot, ...rest),
  } as unknown as ColumnStore;
  return comparingEngine({
    engine: createEngine({ store, pool: inlinePool(2) }),
    catalog: {
      snapshot(_name, id) {
        const found = tables.find(({ snapshot }) => snapshot.manifest.id === id);
        if (found === undefined) throw new HalftoneError('SNAPSHOT_GONE', `${id} is gone.`);
        return found.snapshot;
      },
    },
    compare: async (task) => structuredClone(compareFrames(structuredClone(task))),
  });
}

function ask(query: Partial<Query> & { against: Against }): Promise<Frame> {
  return start().frame(now.snapshot, checkQuery({ dataset: 'test', ...query }));
}

function read({ bytes }: Frame) {
  const table = tableFromIPC(bytes);
  const column = <T>(name: string): T[] => [...(table.getChild(name) as Iterable<T>)];
  const metadata = JSON.parse(table.schema.metadata!.get(METADATA_KEY)!) as Frame['metadata'];
  return { table, column, metadata };
}

const ATL: Filter[] = [{ op: 'in', column: 'word', values: ['ATL'] }];
const isAtl = ({ word }: Row): boolean => word === 'ATL';
/** What is compared: our rows, those that are taken off, and the words for them. */
const CASES: readonly [string, readonly Row[], readonly Row[], Pick<Query, 'filters'>, Against][] =
  [
    [
      'a choice against all rows',
      now.rows.filter(isAtl),
      now.rows,
      { filters: ATL },
      { filters: [] },
    ],
    ['a snapshot against another', now.rows, before.rows, {}, { snapshot: 'before' }],
    [
      'a choice against another of another snapshot',
      now.rows.filter(isAtl),
      before.rows,
      { filters: ATL },
      { snapshot: 'before', filters: [] },
    ],
    [
      'rows against none',
      now.rows,
      [],
      {},
      { filters: [{ op: 'in', column: 'word', values: [] }] },
    ],
  ];

/** Sums by key: a count, and the values. */
function groups<K>(rows: readonly Row[], keyOf: (row: Row) => K): Map<K, Row[]> {
  const found = new Map<K, Row[]>();
  for (const row of rows) {
    const key = keyOf(row);
    found.set(key, [...(found.get(key) ?? []), row]);
  }
  return found;
}

const placed = (rows: readonly Row[]): Row[] => rows.filter(({ y }) => y !== null);
const total = (rows: readonly Row[]): number => rows.reduce((sum, { y }) => sum + (y ?? 0), 0);

describe.each(CASES)('the difference of %s', (_, ours, theirs, own, against) => {
  test('is that of every cell of a density, over the domain of both', async () => {
    const size = { width: 20, height: 10 };
    const frame = await ask({ ...own, against, mark: 'scatter', x: 'x', y: 'y', ...size });
    const { column, metadata } = read(frame);
    const [[x0, x1], [y0, y1]] = [metadata.domain!.x!, metadata.domain!.y!] as [
      [number, number],
      [number, number],
    ];
    const all = placed([...ours, ...theirs]);
    expect([x0, x1]).toEqual([
      Math.min(...all.map(({ x }) => x)),
      Math.max(...all.map(({ x }) => x)),
    ]);
    const grid = Array.from({ length: 200 }, () => 0);
    for (const [rows, sign] of [
      [placed(ours), 1],
      [placed(theirs), -1],
    ] as const) {
      for (const { x, y } of rows) {
        grid[linearCell(y!, y0, y1, 10) * 20 + linearCell(x, x0, x1, 20)]! += sign;
      }
    }
    expect(metadata.layout).toBe('dense');
    expect(column('count')).toEqual(grid);
    expect(metadata.rows.drawn).toBe(placed(ours).length);
    expect(metadata.against).toMatchObject({
      snapshot: against.snapshot ?? 'now',
      rows: { drawn: placed(theirs).length, matched: theirs.length },
    });
  });

  test('is that of every bin of a histogram', async () => {
    const { column } = read(await ask({ ...own, against, mark: 'histogram', x: 'x', bins: 8 }));
    const [lows, highs, counts] = [column<number>('lo'), column<number>('hi'), column('count')];
    const last = highs.at(-1)!;
    const inBin = (rows: readonly Row[], i: number): number =>
      rows.filter(({ x }) => x >= lows[i]! && (x < highs[i]! || (i === 7 && x === last))).length;
    expect(counts).toEqual(lows.map((__, i) => inBin(ours, i) - inBin(theirs, i)));
  });

  test('is that of every key of bars, the largest of either sign first', async () => {
    const aggregate = { op: 'sum', column: 'y' } as const;
    const { column, metadata } = read(
      await ask({ ...own, against, mark: 'bar', x: 'word', aggregate }),
    );
    const [a, b] = [groups(ours, ({ word }) => word), groups(theirs, ({ word }) => word)];
    const keys = column<string | null>('key');
    expect(new Set(keys)).toEqual(new Set([...a.keys(), ...b.keys()]));
    const values = column<number>('value');
    for (const [i, key] of keys.entries()) {
      const [mine, other] = [a.get(key) ?? [], b.get(key) ?? []];
      expect(column('count')[i]).toBe(mine.length - other.length);
      expect(values[i]).toBeCloseTo(total(mine) - total(other), 9);
      if (i > 0) expect(Math.abs(values[i]!)).toBeLessThanOrEqual(Math.abs(values[i - 1]!));
    }
    expect(metadata.rows.drawn).toBe(ours.length);
  });

  test('is that of the bins of a line and its series', async () => {
    const line = { mark: 'line', x: { column: 'day', bin: 'week' }, y: ['x', 'y'] } as const;
    const { column, metadata } = read(
      await ask({ ...own, against, ...line, y: [...line.y], aggregate: { op: 'sum' } }),
    );
    // Weeks begin on Monday, and 1970 on a Thursday.
    const weekOf = ({ day }: Row): number => Math.floor((day / DAY + 3) / 7) * 7 - 3;
    const expected = (['x', 'y'] as const).flatMap((series) => {
      const some = (rows: readonly Row[]) => groups(series === 'x' ? rows : placed(rows), weekOf);
      const sum = (rows: readonly Row[] = []): number =>
        rows.reduce((all, row) => all + row[series]!, 0);
      const [a, b] = [some(ours), some(theirs)];
      const weeks = [...new Set([...a.keys(), ...b.keys()])].sort((m, n) => m - n);
      return weeks.map((week) => [
        series,
        week * DAY,
        (a.get(week)?.length ?? 0) - (b.get(week)?.length ?? 0),
        sum(a.get(week)) - sum(b.get(week)),
      ]);
    });
    const [labels, xs] = [column('series'), column<number>('x')];
    const [counts, values] = [column('count'), column('value')];
    const origin = Number(metadata.origin!.x);
    expect(xs.map((x, i) => [labels[i], origin + x, counts[i], values[i]])).toEqual(expected);
  });

  test('is that of the cells of a heatmap and of one value', async () => {
    const heatmap = { mark: 'heatmap', x: 'word', y: 'x', cells: { x: 9, y: 4 } } as const;
    const { column, metadata } = read(await ask({ ...own, against, ...heatmap }));
    const words = metadata.domain!.x as string[];
    const named = [...ours, ...theirs].flatMap(({ word }) => word ?? []);
    expect(new Set(words)).toEqual(new Set(named));
    const counts = column<number>('count');
    const cells = column<number>('cell');
    const [y0, y1] = metadata.domain!.y as [number, number];
    const cellOf = ({ word, x }: Row): number =>
      linearCell(x, y0, y1, 4) * words.length + words.indexOf(word!);
    const known = (rows: readonly Row[]): Row[] => rows.filter(({ word }) => word !== null);
    const [a, b] = [groups(known(ours), cellOf), groups(known(theirs), cellOf)];
    expect(cells).toEqual([...new Set([...a.keys(), ...b.keys()])].sort((m, n) => m - n));
    expect(counts).toEqual(
      cells.map((cell) => (a.get(cell)?.length ?? 0) - (b.get(cell)?.length ?? 0)),
    );
    const aggregate = { op: 'mean', column: 'y' } as const;
    const one = read(await ask({ ...own, against, mark: 'value', aggregate }));
    const mean = (rows: readonly Row[]): number => total(rows) / placed(rows).length;
    const [value] = one.column<number | null>('value');
    if (theirs.length === 0) expect(value).toBeNull();
    else expect(value).toBeCloseTo(mean(ours) - mean(theirs), 9);
  });
});

test('bars that are cut off are counted, and bars that are listed keep their order', async () => {
  const against = { snapshot: 'before' };
  const two = read(await ask({ against, mark: 'bar', x: 'word', limit: 2 }));
  const keys = two.column<string | null>('key');
  expect(keys).toHaveLength(2);
  const shown = now.rows.filter(({ word }) => keys.includes(word)).length;
  expect(two.metadata.rows).toMatchObject({ drawn: shown, outside: now.rows.length - shown });
  // ATL, LAS, null, Zürich, the empty text, and NEW of the other snapshot.
  expect(two.metadata.cut).toEqual({ keys: 4, rows: now.rows.length - shown });
  const domain = { x: ['NEW', 'ATL'] };
  const listed = read(await ask({ against, mark: 'bar', x: 'word', domain }));
  expect(listed.column('key')).toEqual(['NEW', 'ATL']);
});

test('few cells of many are sent by their number', async () => {
  const against = { filters: ATL };
  const frame = await ask({ against, mark: 'scatter', x: 'x', y: 'y', width: 2000, height: 2000 });
  const { column, metadata } = read(frame);
  expect(metadata.layout).toBe('sparse');
  const counts = column<number>('count');
  const difference = placed(now.rows).length - placed(now.rows.filter(isAtl)).length;
  expect(counts.reduce((sum, count) => sum + count, 0)).toBe(difference);
});

test.each([
  ['rows', { mark: 'rows' }, 'Rows have no difference'],
  ['a line through rows', { mark: 'line', x: 'x', y: 'y' }, 'A line through rows has no'],
  ['points', { mark: 'scatter', x: 'x', y: 'y', method: 'points' }, 'has no difference'],
  ['colors', { mark: 'bar', x: 'word', color: 'word' }, 'A comparison has no color'],
] as const)('%s are not compared, and a hint tells what is', async (_, query, sentence) => {
  const asked = async () => ask({ ...query, against: { filters: [] } } as never);
  await expect(asked()).rejects.toMatchObject({
    code: 'QUERY_INVALID',
    message: expect.stringContaining(sentence) as string,
    details: { hint: expect.any(String) as string },
  });
});

test('nothing to compare with, and a snapshot that is gone, are refused', async () => {
  const value = { mark: 'value' } as const;
  await expect(async () => ask({ ...value, against: {} })).rejects.toMatchObject({
    code: 'QUERY_INVALID',
    details: { field: 'against' },
  });
  await expect(ask({ ...value, against: { snapshot: 'lost' } })).rejects.toMatchObject({
    code: 'SNAPSHOT_GONE',
  });
  const filters = [{ op: 'rnge', column: 'x' }] as never;
  await expect(async () => ask({ ...value, against: { filters } })).rejects.toMatchObject({
    details: { field: 'against.filters[0].op' },
  });
});

test('a comparison is explained as both of its frames', async () => {
  const engine = start();
  const query: Query = { dataset: 'test', mark: 'value', against: { snapshot: 'before' } };
  const { plan } = await engine.plan(now.snapshot, query);
  expect(plan.reason).toContain('; against scan: ');
});

test('a sample is taken of a query by itself, and of no comparison', async () => {
  const sampled: Query[] = [];
  const engine = comparingEngine({
    engine: {
      ...createEngine({ store: now.store, pool: inlinePool(1) }),
      sample: async (_snapshot, query) => {
        sampled.push(query);
        return null;
      },
    },
    catalog: { snapshot: () => now.snapshot },
    compare: async () => ({ withdrawn: true }),
  });
  const query: Query = { dataset: 'test', mark: 'value', quality: 'fast' };
  expect(await engine.sample!(now.snapshot, query)).toBeNull();
  expect(await engine.sample!(now.snapshot, { ...query, against: { filters: [] } })).toBeNull();
  expect(sampled).toEqual([query]);
});
