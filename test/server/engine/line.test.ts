import { tableFromIPC as tableFromArrow } from 'apache-arrow';
import { tableFromIPC } from '@uwdata/flechette';
import { describe, expect, test } from 'vitest';
import { edgeCell, linearCell, logEdges, timeCell } from '../../../protocol/cells.js';
import type { Query } from '../../../protocol/query.js';
import { NANOSECONDS, parseTime } from '../../../protocol/time.js';
import { createEngine } from '../../../server/engine/create-engine.js';
import type { Frame } from '../../../server/engine/engine.js';
import { inlinePool } from '../../helpers/inline-pool.js';
import {
  memorySnapshot,
  type MemorySnapshot,
  type TestColumn,
} from '../../helpers/memory-snapshot.js';
import { doubleOf, randomNumbers, testColumn } from '../../helpers/test-columns.js';

const ROWS = 6_000;
const SMALL_BATCH = 1_536;

function frameOf(
  { snapshot, store }: MemorySnapshot,
  query: Partial<Query>,
  threads = 2,
): Promise<Frame> {
  const engine = createEngine({ store, pool: inlinePool(threads) });
  return engine.frame(snapshot, { dataset: 'test', mark: 'line', width: 50, ...query });
}

function named(column: TestColumn, name: string): TestColumn {
  return { ...column, name };
}

/** The pixel column of a row; -1 on the left of the domain, `width` on the right, NaN without a place. */
function placeOf(x: TestColumn, row: number, { metadata }: Frame): number {
  const value = x.values[row];
  if (value === null || value === undefined) return NaN;
  const { width, scale } = metadata;
  const domain = metadata.domain!.x!;
  if (x.logical.kind === 'time') {
    const ticks = BigInt(value as number) * NANOSECONDS[x.logical.unit];
    const [low, high] = [parseTime(domain[0] as string)!, parseTime(domain[1] as string)!];
    return ticks > high ? width : timeCell(ticks, low, high, width);
  }
  const number = doubleOf(x, row);
  if (!Number.isFinite(number) || (scale.x === 'log' && number <= 0)) return NaN;
  const [low, high] = domain.map(Number) as [number, number];
  if (number > high) return width;
  return scale.x === 'log'
    ? edgeCell(number, logEdges(low, high, width))
    : linearCell(number, low, high, width);
}

/** The rows of one series that an m4 line has, by the words of the contract, row by row. */
function m4ByScan(x: TestColumn, y: TestColumn, rows: readonly number[], frame: Frame): number[] {
  const places = new Map(rows.map((row) => [row, placeOf(x, row, frame)]));
  const inOrder = rows
    .filter((row) => !Number.isNaN(places.get(row)))
    .sort((a, b) => {
      // Numbers are compared as the doubles nearest to them, times exactly.
      const isTime = x.logical.kind === 'time';
      const [xA, xB] = isTime ? [x.values[a]!, x.values[b]!] : [doubleOf(x, a), doubleOf(x, b)];
      return xA < xB ? -1 : xA > xB ? 1 : a - b;
    });
  const isPoint = (row: number): boolean => Number.isFinite(doubleOf(y, row));
  const kept = new Set<number>();
  for (let c = -1; c <= frame.metadata.width; c++) {
    const members = inOrder.filter((row) => places.get(row) === c);
    const points = members.filter(isPoint);
    const gaps = members.filter((row) => !isPoint(row));
    if (c === -1) {
      const last = points.at(-1);
      if (last !== undefined) kept.add(last);
      if (gaps.length > 0 && !isPoint(members.at(-1)!)) kept.add(members.at(-1)!);
    } else if (c === frame.metadata.width) {
      if (points.length > 0) kept.add(points[0]!);
      if (gaps.length > 0 && !isPoint(members[0]!)) kept.add(members[0]!);
    } else {
      for (const list of [points, gaps]) {
        if (list.length > 0) kept.add(list[0]!).add(list.at(-1)!);
      }
      const heights = points.map((row) => doubleOf(y, row));
      const rowsOf = (height: number): number[] =>
        points.filter((row) => doubleOf(y, row) === height);
      if (points.length > 0) {
        kept.add(Math.min(...rowsOf(Math.min(...heights))));
        kept.add(Math.min(...rowsOf(Math.max(...heights))));
      }
    }
  }
  return inOrder.filter((row) => kept.has(row));
}

function rowsIn(frame: Frame, series?: string | null): number[] {
  const table = tableFromIPC(frame.bytes);
  const rows: number[] = [...table.getChild('row').toArray()];
  if (series === undefined) return rows;
  const names: (string | null)[] = [...table.getChild('series').toArray()];
  return rows.filter((_, i) => names[i] === series);
}

const ALL = Array.from({ length: ROWS }, (_, row) => row);
const XS = [
  'int8',
  'int32',
  'int64',
  'uint64',
  'huge',
  'float32',
  'cents',
  'odd',
  'decimal',
  'decimal128',
];
const TIMES = ['day', 'second', 'micro', 'nano'];

describe('m4 keeps what a walk over all rows keeps', () => {
  const y = named(testColumn('odd', ROWS, { seed: 5, nullEvery: 7 }), 'y');
  test.each([...XS, ...TIMES])('over %s', async (kind) => {
    const x = testColumn(kind, ROWS, { nullEvery: 11 });
    const frame = await frameOf(memorySnapshot([x, y], SMALL_BATCH), {
      x: kind,
      y: 'y',
      method: 'm4',
    });
    expect(rowsIn(frame)).toEqual(m4ByScan(x, y, ALL, frame));
    expect(frame.metadata).toMatchObject({ method: 'm4', exact: true });
    const { matched, drawn, outside, dropped } = frame.metadata.rows;
    expect(drawn + outside + dropped).toBe(matched);
  });

  test.each([
    ['cents', [20, 60]],
    ['decimal', [-50.5, 20.25]],
    ['nano', ['1975-01-01', '2000-01-01T00:00:00.000000001']],
    ['day', ['1980-03-01', '1980-05-01']],
  ])('inside a domain of %s, with the neighbours of it', async (kind, domain) => {
    const x = testColumn(kind, ROWS, { nullEvery: 11 });
    for (const seed of [1, 2, 3]) {
      const gappy = named(testColumn('odd', ROWS, { seed, nullEvery: 2 }), 'y');
      const query = { x: kind, y: 'y', method: 'm4', domain: { x: domain } } as const;
      const frame = await frameOf(memorySnapshot([x, gappy], SMALL_BATCH), query);
      expect(rowsIn(frame)).toEqual(m4ByScan(x, gappy, ALL, frame));
      const inside = ALL.filter((row) => {
        const place = placeOf(x, row, frame);
        return place >= 0 && place < 50 && Number.isFinite(doubleOf(gappy, row));
      });
      expect(frame.metadata.rows.drawn).toBe(inside.length);
      expect(frame.metadata.domain!.x).toHaveLength(2);
    }
  });

  test('on a log axis, where what is not positive has no place', async () => {
    const x = testColumn('odd', ROWS);
    const query: Partial<Query> = {
      x: 'odd',
      y: 'y',
      method: 'm4',
      scale: { x: 'log' },
      domain: { x: [2, 40] },
    };
    const frame = await frameOf(memorySnapshot([x, y], SMALL_BATCH), query);
    expect(rowsIn(frame)).toEqual(m4ByScan(x, y, ALL, frame));
  });

  test('of rows that are known to ascend in x, with and without gaps, filters and a domain', async () => {
    const random = randomNumbers(4);
    let at = 0;
    for (const kind of ['cents', 'decimal', 'int64', 'nano', 'day'] as const) {
      const template = testColumn(kind, 1);
      at = 0;
      const values = Array.from({ length: ROWS }, () => {
        at += random() % 4;
        return template.storage === 'int64' ? BigInt(at) * 1_000_000_007n : at;
      });
      const x: TestColumn = { ...template, name: 'x', values };
      const flag = named(testColumn('int8', ROWS, { seed: 9, nullEvery: 0 }), 'flag');
      for (const nullEvery of [0, 4]) {
        const height = named(testColumn('cents', ROWS, { seed: 8, nullEvery }), 'y');
        const source = memorySnapshot([x, height, flag], SMALL_BATCH);
        source.snapshot.manifest.columns[0]!.info.ascending = true;
        const filters = [{ op: 'range', column: 'flag', min: 0 }] as const;
        const passing = ALL.filter((row) => doubleOf(flag, row) >= 0);
        const whole = await frameOf(source, { x: 'x', y: 'y', method: 'm4' });
        expect(rowsIn(whole)).toEqual(m4ByScan(x, height, ALL, whole));
        const some = await frameOf(source, { x: 'x', y: 'y', method: 'm4', filters: [...filters] });
        expect(rowsIn(some)).toEqual(m4ByScan(x, height, passing, some));
        const [low, high] = whole.metadata.domain!.x!;
        const middle =
          typeof low === 'number'
            ? [low + ((high as number) - low) / 9, low + ((high as number) - low) / 2]
            : [low!, kind === 'day' ? '1975-01-01' : '1970-01-01T00:20:00'];
        const part = await frameOf(source, {
          x: 'x',
          y: 'y',
          method: 'm4',
          filters: [...filters],
          domain: { x: middle },
        });
        expect(rowsIn(part)).toEqual(m4ByScan(x, height, passing, part));
        expect(part.metadata.rows.matched).toBe(passing.length);
      }
    }
  });

  test('whatever the number of threads', async () => {
    const source = memorySnapshot([testColumn('cents', ROWS), y], SMALL_BATCH);
    const query = { x: 'cents', y: 'y', method: 'm4' } as const;
    const frames = await Promise.all([1, 2, 5].map((threads) => frameOf(source, query, threads)));
    expect(frames[1]!.bytes).toEqual(frames[0]!.bytes);
    expect(frames[2]!.bytes).toEqual(frames[0]!.bytes);
  });
});

describe('a line of several series', () => {
  const x = testColumn('cents', ROWS);
  const word = testColumn('word', ROWS, { nullEvery: 5 });
  const y = named(testColumn('int16', ROWS, { seed: 6 }), 'y');

  test('has an m4 line for each category that is kept, null and the others', async () => {
    const source = memorySnapshot([x, y, word], SMALL_BATCH);
    const frame = await frameOf(source, {
      x: 'cents',
      y: 'y',
      color: 'word',
      top: 3,
      method: 'm4',
    });
    const { color } = frame.metadata;
    if (color?.kind !== 'category') throw new Error('The color is a category.');
    const kept = color.categories.filter(({ role }) => role === 'value').map(({ label }) => label);
    expect(kept).toHaveLength(3);
    const other = color.categories.find(({ role }) => role === 'other')!.label;
    const seriesOf = (row: number): string | null => {
      const value = word.values[row] as string | null;
      return value === null || kept.includes(value) ? value : other;
    };
    for (const name of [...kept, null, other]) {
      const members = ALL.filter((row) => seriesOf(row) === name);
      expect(rowsIn(frame, name)).toEqual(m4ByScan(x, y, members, frame));
    }
  });

  test('is one for each column of y, named after it, in that order', async () => {
    const second = testColumn('decimal', ROWS, { seed: 2, nullEvery: 3 });
    const source = memorySnapshot([x, y, second], SMALL_BATCH);
    const frame = await frameOf(source, { x: 'cents', y: ['y', 'decimal'], method: 'm4' });
    expect(rowsIn(frame, 'y')).toEqual(m4ByScan(x, y, ALL, frame));
    expect(rowsIn(frame, 'decimal')).toEqual(m4ByScan(x, second, ALL, frame));
    const drawn = ALL.filter(
      (row) =>
        Number.isFinite(doubleOf(x, row)) &&
        (Number.isFinite(doubleOf(y, row)) || Number.isFinite(doubleOf(second, row))),
    );
    expect(frame.metadata.rows.drawn).toBe(drawn.length);
    expect(tableFromIPC(frame.bytes).getChild('series').at(0)).toBe('y');
  });
});

test('gives every row while they fit the budget, gaps and neighbours with them', async () => {
  const x = testColumn('int32', ROWS);
  const y = named(testColumn('cents', ROWS, { nullEvery: 3 }), 'y');
  const query = { x: 'int32', y: 'y', domain: { x: [-500_000_000, 500_000_000] } };
  const frame = await frameOf(memorySnapshot([x, y], SMALL_BATCH), query);
  expect(frame.metadata).toMatchObject({ method: 'points', exact: true });
  const inside = ALL.filter((row) => {
    const place = placeOf(x, row, frame);
    return place >= 0 && place < 50;
  });
  const outside = m4ByScan(x, y, ALL, frame).filter((row) => !inside.includes(row));
  expect(new Set(rowsIn(frame))).toEqual(new Set([...inside, ...outside]));
  const table = tableFromIPC(frame.bytes);
  const heights: (number | null)[] = [...table.getChild('y').toArray()];
  rowsIn(frame).forEach((row, i) => {
    const height = doubleOf(y, row);
    expect(heights[i]).toBe(Number.isNaN(height) ? null : height);
  });
  const tight = await frameOf(memorySnapshot([x, y], SMALL_BATCH), { ...query, budget: 500 });
  expect(tight.metadata.method).toBe('m4');
});

test('holds minmax, lttb and minmaxlttb to their bounds, and says that they are not exact', async () => {
  const x = testColumn('int32', ROWS);
  const y = named(testColumn('cents', ROWS, { nullEvery: 30 }), 'y');
  const source = memorySnapshot([x, y], SMALL_BATCH);
  const m4 = new Set(rowsIn(await frameOf(source, { x: 'int32', y: 'y', method: 'm4' })));
  const minmax = await frameOf(source, { x: 'int32', y: 'y', method: 'minmax' });
  expect(rowsIn(minmax).every((row) => m4.has(row))).toBe(true);
  for (const method of ['lttb', 'minmaxlttb'] as const) {
    const frame = await frameOf(source, { x: 'int32', y: 'y', method, budget: 300 });
    const heights: (number | null)[] = [...tableFromIPC(frame.bytes).getChild('y').toArray()];
    expect(heights.filter((height) => height !== null)).toHaveLength(300);
    expect(frame.metadata).toMatchObject({
      method,
      exact: false,
      bound: expect.any(String) as string,
    });
    expect(frame.metadata.rows.drawn).toBe(
      frame.metadata.rows.matched - frame.metadata.rows.dropped,
    );
  }
});

test('is empty where no row can be placed', async () => {
  const x = testColumn('cents', 50);
  const y: TestColumn = {
    ...named(testColumn('cents', 50), 'y'),
    values: Array.from({ length: 50 }, () => null),
  };
  const frame = await frameOf(memorySnapshot([x, y]), { x: 'cents', y: 'y' });
  expect(frame.metadata).toMatchObject({ domain: null, marks: 0, rows: { drawn: 0, dropped: 50 } });
  expect(tableFromArrow(frame.bytes).numRows).toBe(0);
  expect(tableFromIPC(frame.bytes).names).toEqual(['x', 'y', 'row']);
});

test('refuses what a line cannot be made of', async () => {
  const source = memorySnapshot([
    testColumn('cents', 5),
    testColumn('word', 5),
    testColumn('int8', 5),
  ]);
  await expect(frameOf(source, { x: 'word', y: 'cents' })).rejects.toMatchObject({
    code: 'TYPE_MISMATCH',
  });
  await expect(frameOf(source, { x: 'cents', y: 'word' })).rejects.toMatchObject({
    code: 'TYPE_MISMATCH',
  });
  await expect(frameOf(source, { x: 'cents' })).rejects.toThrow('needs "y"');
  await expect(
    frameOf(source, { x: 'cents', y: ['cents', 'int8'], color: 'word' }),
  ).rejects.toThrow('make the series already');
  await expect(frameOf(source, { x: 'cents', y: 'int8', method: 'density' })).rejects.toThrow(
    'no method',
  );
});

test('rows without a y count against the budget, however many threads share them', async () => {
  const x = testColumn('cents', ROWS, { nullEvery: 0 });
  const y = named(testColumn('int16', ROWS, { nullEvery: 2 }), 'y');
  const made = memorySnapshot([x, y], SMALL_BATCH);
  const frames = [];
  for (const threads of [1, 2, 4]) {
    frames.push(await frameOf(made, { x: 'cents', y: 'y', budget: 3500 }, threads));
  }
  expect(frames.map(({ metadata }) => metadata.method)).toEqual(['m4', 'm4', 'm4']);
  expect(frames[0]!.metadata.rows.drawn).toBeLessThan(3500);
  for (const { bytes } of frames) expect(bytes).toEqual(frames[0]!.bytes);
});
