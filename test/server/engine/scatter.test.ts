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
import { doubleOf, NUMBER_KINDS, testColumn, TIME_KINDS } from '../../helpers/test-columns.js';

const ROWS = 20_000;

function frameOf(
  { snapshot, store }: MemorySnapshot,
  query: Partial<Query>,
  threads = 2,
): Promise<Frame> {
  const engine = createEngine({ store, pool: inlinePool(threads) });
  return engine.frame(snapshot, {
    dataset: 'test',
    mark: 'scatter',
    width: 60,
    height: 40,
    ...query,
  });
}

/** The cell of a row on an axis by the reference functions; -2 where it has no place. */
function cellOf(
  column: TestColumn,
  row: number,
  domain: readonly unknown[],
  width: number,
  log: boolean,
): number {
  const value = column.values[row]!;
  if (value === null) return -2;
  const { logical } = column;
  if (logical.kind === 'time') {
    const unit = NANOSECONDS[logical.unit];
    const [low, high] = domain.map((end) => parseTime(end as string)!);
    return timeCell(BigInt(value as number) * unit, low!, high!, width);
  }
  const number = doubleOf(column, row);
  if (!Number.isFinite(number) || (log && number <= 0)) return -2;
  const [low, high] = domain.map(Number);
  return log
    ? edgeCell(number, logEdges(low!, high!, width))
    : linearCell(number, low!, high!, width);
}

/** Counts by cell and where every row went, row by row. */
function bruteForce(x: TestColumn, y: TestColumn, { metadata }: Frame) {
  const { domain, scale, width, height } = metadata;
  const counts = new Map<number, number>();
  const rows = {
    total: x.values.length,
    matched: x.values.length,
    drawn: 0,
    outside: 0,
    dropped: 0,
  };
  for (let row = 0; row < x.values.length; row++) {
    const ix = cellOf(x, row, domain!.x!, width, scale.x === 'log');
    const iy = cellOf(y, row, domain!.y!, height, scale.y === 'log');
    if (ix === -2 || iy === -2) rows.dropped++;
    else if (ix < 0 || iy < 0) rows.outside++;
    else {
      rows.drawn++;
      counts.set(iy * width + ix, (counts.get(iy * width + ix) ?? 0) + 1);
    }
  }
  return { rows, counts };
}

function countsIn(frame: Frame): Map<number, number> {
  const table = tableFromIPC(frame.bytes);
  const counts: number[] = [...table.getChild('count').toArray()];
  const cells: number[] =
    frame.metadata.layout === 'dense'
      ? counts.map((_, cell) => cell)
      : [...table.getChild('cell').toArray()];
  return new Map(
    cells.map((cell, i) => [cell, counts[i]!] as const).filter(([, count]) => count > 0),
  );
}

describe('density is what a scan of every row counts', () => {
  const cents = { ...testColumn('cents', ROWS, { seed: 3 }), name: 'y' };
  test.each([...NUMBER_KINDS, ...TIME_KINDS])('for %s over its default domain', async (kind) => {
    const column = testColumn(kind, ROWS);
    const frame = await frameOf(memorySnapshot([column, cents]), {
      x: kind,
      y: 'y',
      method: 'density',
    });
    const expected = bruteForce(column, cents, frame);
    expect(frame.metadata.rows).toEqual(expected.rows);
    expect(frame.metadata.rows.outside).toBe(0);
    expect(countsIn(frame)).toEqual(expected.counts);
  });

  test.each(['int16', 'cents', 'odd', 'decimal', 'float32', 'uint64'])(
    'for %s on log axes',
    async (kind) => {
      const column = testColumn(kind, ROWS);
      const frame = await frameOf(memorySnapshot([column, cents]), {
        x: kind,
        y: 'y',
        method: 'density',
        scale: { x: 'log', y: 'log' },
      });
      const expected = bruteForce(column, cents, frame);
      expect(frame.metadata.rows).toEqual(expected.rows);
      expect(countsIn(frame)).toEqual(expected.counts);
    },
  );

  test.each([
    ['cents', [0.29, 57.58]],
    ['odd', [-0.1, 0.3]],
    ['decimal', [-33.33, 66.67]],
    ['day', ['1980-05-05T06:00:00Z', '2000-02-29T18:30:00.5Z']],
    ['micro', ['1999-12-31T23:59:59.999999999Z', '2003-01-01']],
    ['nano', ['1970-06-01T00:00:00.000000001', '1999-01-01']],
  ])('for %s in the domain %j, with odd sizes', async (kind, domain) => {
    const column = testColumn(kind, ROWS);
    const frame = await frameOf(memorySnapshot([column, cents]), {
      x: kind,
      y: 'y',
      method: 'density',
      width: 997,
      height: 7,
      domain: { x: domain, y: [1.07, 91.11] },
    });
    const expected = bruteForce(column, cents, frame);
    expect(expected.rows.outside).toBeGreaterThan(0);
    expect(frame.metadata.rows).toEqual(expected.rows);
    expect(countsIn(frame)).toEqual(expected.counts);
  });

  test.each(['cents', 'big', 'day', 'nano', 'decimal'])('for a %s of one value', async (kind) => {
    const column = testColumn(kind, 100, { nullEvery: 0 });
    column.values = column.values.map(() => column.values[0]!);
    const frame = await frameOf(memorySnapshot([column]), { x: kind, y: kind, method: 'density' });
    expect(frame.metadata.rows.drawn).toBe(100);
    expect(countsIn(frame)).toEqual(bruteForce(column, column, frame).counts);
  });
});

test('gives the same bytes whatever the number of threads', async () => {
  const memory = memorySnapshot(
    [
      testColumn('cents', 60_000),
      testColumn('odd', 60_000),
      testColumn('word', 60_000),
      testColumn('decimal', 60_000),
    ],
    8192,
  );
  for (const color of [undefined, 'word', 'decimal']) {
    const query = { x: 'cents', y: 'odd', method: 'density', ...(color && { color }) } as const;
    const frames = await Promise.all(
      [1, 2, 3, 8].map((threads) => frameOf(memory, query, threads)),
    );
    for (const { bytes } of frames) expect(Buffer.compare(bytes, frames[0]!.bytes)).toBe(0);
  }
});

describe('auto draws points while they fit the budget', () => {
  const x = testColumn('cents', ROWS);
  const y = testColumn('odd', ROWS);
  const memory = memorySnapshot([x, y, testColumn('word', ROWS), testColumn('decimal', ROWS)]);
  const domain = { x: [10, 20], y: [0, 50] };

  test('as density above it, as points with their rows at and below it', async () => {
    const density = await frameOf(memory, { x: 'cents', y: 'odd', domain, budget: 10 });
    expect(density.metadata).toMatchObject({ method: 'density', exact: true });
    const { drawn } = density.metadata.rows;
    const short = await frameOf(memory, { x: 'cents', y: 'odd', domain, budget: drawn - 1 });
    expect(short.metadata.method).toBe('density');

    const points = await frameOf(memory, { x: 'cents', y: 'odd', domain, budget: drawn });
    expect(points.metadata).toMatchObject({
      method: 'points',
      marks: drawn,
      exact: true,
      origin: { x: '0', y: '0' },
    });
    expect(points.metadata.rows).toEqual(density.metadata.rows);
    const expected: [number, number, number][] = [];
    for (let row = 0; row < ROWS; row++) {
      const [px, py] = [doubleOf(x, row), doubleOf(y, row)];
      if (px >= 10 && px <= 20 && py >= 0 && py <= 50)
        expected.push([row, Math.fround(px), Math.fround(py)]);
    }
    const flechette = tableFromIPC(points.bytes);
    const arrow = tableFromArrow(points.bytes);
    const readers = [
      (name: string) => [...flechette.getChild(name).toArray()] as number[],
      (name: string) => [...(arrow.getChild(name)!.toArray() as Iterable<number>)],
    ];
    for (const read of readers) {
      const [row, px, py] = ['row', 'x', 'y'].map(read);
      expect(row!.map((r, i) => [r, px![i], py![i]])).toEqual(expected);
    }
  });

  test('colored by category: the most frequent values, null, and one for all others', async () => {
    const query = { x: 'cents', y: 'odd', domain, color: 'word', top: 3 };
    const density = await frameOf(memory, { ...query, method: 'density' });
    const { color } = density.metadata;
    if (color?.kind !== 'category') throw new Error('No categories.');
    expect(color.categories.map(({ role }) => role)).toEqual([
      'value',
      'value',
      'value',
      'null',
      'other',
    ]);
    expect(color.categories.reduce((sum, { count }) => sum + count, 0)).toBe(ROWS);
    expect(color.others).toBe(7);
    const points = await frameOf(memory, { ...query, budget: ROWS });
    expect(points.metadata.color).toEqual(color);

    const words = memory.table.columns.findIndex(({ name }) => name === 'word');
    expect(words).toBeGreaterThan(0);
    const column = testColumn('word', ROWS);
    const kept = new Set(
      color.categories.filter(({ role }) => role === 'value').map(({ label }) => label),
    );
    const other = color.categories.at(-1)!.label;
    const labelOf = (row: number): string | null => {
      const word = column.values[row] as string | null;
      return word === null || kept.has(word) ? word : other;
    };
    const table = tableFromIPC(points.bytes);
    const rows: number[] = [...table.getChild('row').toArray()];
    expect([...table.getChild('color')]).toEqual(rows.map(labelOf));

    const expected = new Map<string, number>();
    for (const row of rows) {
      const ix = linearCell(doubleOf(x, row), 10, 20, 60);
      const iy = linearCell(doubleOf(y, row), 0, 50, 40);
      const key = JSON.stringify([iy * 60 + ix, labelOf(row)]);
      expected.set(key, (expected.get(key) ?? 0) + 1);
    }
    const pairs = tableFromIPC(density.bytes);
    const [cells, counts, labels] = ['cell', 'count', 'color'].map((name) => [
      ...pairs.getChild(name),
    ]);
    expect(
      new Map(cells!.map((cell, i) => [JSON.stringify([cell, labels![i]]), counts![i]])),
    ).toEqual(expected);
    expect(cells).toEqual(cells!.toSorted((a, b) => a - b));
  });

  test('colored by a number: its mean in each cell', async () => {
    const frame = await frameOf(memory, {
      x: 'cents',
      y: 'odd',
      domain,
      color: 'decimal',
      method: 'density',
      width: 9,
      height: 5,
    });
    const color = testColumn('decimal', ROWS);
    const sums = Array.from({ length: 45 }, () => ({ sum: 0, count: 0, all: 0 }));
    for (let row = 0; row < ROWS; row++) {
      const ix = linearCell(doubleOf(x, row), 10, 20, 9);
      const iy = linearCell(doubleOf(y, row), 0, 50, 5);
      if (ix < 0 || iy < 0) continue;
      const cell = sums[iy * 9 + ix]!;
      cell.all++;
      const value = doubleOf(color, row);
      if (Number.isNaN(value)) continue;
      cell.sum += value;
      cell.count++;
    }
    const table = tableFromIPC(frame.bytes);
    expect([...table.getChild('count')]).toEqual(sums.map(({ all }) => all));
    const means = [...table.getChild('color')];
    for (const [i, { sum, count }] of sums.entries()) {
      if (count === 0) expect(means[i]).toBe(null);
      else expect(means[i]).toBeCloseTo(sum / count, 4);
    }
  });
});

test('keeps float32 offsets within a sixteenth of a pixel wherever the domain lies', async () => {
  const far = { ...testColumn('cents', 500, { nullEvery: 0 }), name: 'far' };
  far.values = far.values.map((value) => 1e9 + (value as number) / 1000);
  const nano = testColumn('nano', 500, { nullEvery: 0 });
  const points = await frameOf(memorySnapshot([far, nano]), {
    x: 'far',
    y: 'nano',
    width: 1000,
    height: 1000,
  });
  const { origin, domain } = points.metadata;
  const table = tableFromIPC(points.bytes);
  const pixel = ((domain!.x![1] as number) - (domain!.x![0] as number)) / 1000;
  for (const [i, offset] of [...table.getChild('x')].entries()) {
    expect(Math.abs(Number(origin!.x) + offset - (far.values[i] as number))).toBeLessThan(
      pixel / 16,
    );
  }
  for (const [i, offset] of [...table.getChild('y')].entries()) {
    const value = nano.values[i] as bigint;
    expect(Math.abs(offset / Number(value - BigInt(origin!.y)) - 1 || 0)).toBeLessThan(1e-6);
  }
});

test('is empty, with a null domain, where no matching row has a place', async () => {
  const nothing = {
    name: 'nothing',
    storage: 'null',
    logical: { kind: 'float', bits: 64 },
    values: Array.from({ length: 20 }, () => null),
  } as const;
  const memory = memorySnapshot([nothing, testColumn('cents', 20), testColumn('word', 20)]);
  const frame = await frameOf(memory, { x: 'nothing', y: 'cents', color: 'word' });
  expect(frame.metadata).toMatchObject({
    domain: null,
    marks: 0,
    rows: { total: 20, matched: 20, drawn: 0, outside: 0, dropped: 20 },
  });
  expect(tableFromIPC(frame.bytes).numRows).toBe(0);
  expect(tableFromArrow(frame.bytes).numRows).toBe(0);
  const none = memorySnapshot([testColumn('cents', 0)]);
  expect((await frameOf(none, { x: 'cents', y: 'cents' })).metadata.rows.total).toBe(0);
});

test('gives exact points in their own types where that is asked for', async () => {
  const nano = testColumn('nano', 300);
  const decimal = testColumn('decimal128', 300);
  const memory = memorySnapshot([nano, decimal]);
  const frame = await frameOf(memory, { x: 'nano', y: 'decimal128', values: 'exact' });
  expect(frame.metadata).toMatchObject({ method: 'points', exact: true });
  expect(frame.metadata).not.toHaveProperty('origin');
  const table = tableFromArrow(frame.bytes);
  const rows = [...(table.getChild('row')!.toArray() as Uint32Array)];
  const both = nano.values.flatMap((value, row) =>
    value !== null && decimal.values[row] !== null ? [row] : [],
  );
  expect(rows).toEqual(both);
  const words = table.getChild('x')!.data[0]!.values as BigInt64Array;
  expect([...words]).toEqual(rows.map((row) => nano.values[row]));
  expect(String(table.schema.fields[0]!.type)).toBe('Timestamp<NANOSECOND>');
  expect(String(table.schema.fields[1]!.type)).toMatch(/^Decimal/);
});
