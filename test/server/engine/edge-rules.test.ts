import { expect, test } from 'vitest';
import type { Query } from '../../../protocol/query.js';
import { createEngine } from '../../../server/engine/create-engine.js';
import { inlinePool } from '../../helpers/inline-pool.js';
import { memorySnapshot, type Stored, type TestColumn } from '../../helpers/memory-snapshot.js';
import { numbersOf, readFrame, valuesOf, type OracleFrame } from '../../oracle/read-frame.js';

// The rules at the edges of charts, each a sentence: where other tools were found to differ.

const DOUBLE = { storage: 'float64', logical: { kind: 'float', bits: 64 } } as const;
const TEXT = { storage: 'dict8', logical: { kind: 'text' } } as const;
const NANOSECOND = {
  storage: 'int64',
  logical: { kind: 'time', unit: 'ns', zoned: false },
} as const;
const SECOND = { storage: 'int64', logical: { kind: 'time', unit: 's', zoned: true } } as const;

type Kind = Pick<TestColumn, 'storage' | 'logical'>;
const column = (name: string, kind: Kind, values: readonly Stored[]): TestColumn => ({
  name,
  ...kind,
  values,
});
const doubles = (name: string, values: readonly Stored[]): TestColumn =>
  column(name, DOUBLE, values);

async function frameOf(
  columns: readonly TestColumn[],
  query: Omit<Query, 'dataset'>,
): Promise<OracleFrame> {
  const { snapshot, store } = memorySnapshot(columns, 4);
  const engine = createEngine({ store, pool: inlinePool() });
  return readFrame((await engine.frame(snapshot, { dataset: 'test', ...query })).bytes);
}

const rowsOf = (frame: OracleFrame): number[] => Array.from(numbersOf(frame, 'row'));

/** How many rows each of `width` cells of x has, by the density of one line of cells. */
async function countsOf(x: TestColumn, query: Partial<Query>, width: number): Promise<number[]> {
  const y = doubles('y', x.values.map(() => 0)); // prettier-ignore
  const frame = await frameOf([x, y], {
    mark: 'scatter',
    method: 'density',
    x: x.name,
    y: 'y',
    width,
    height: 1,
    ...query,
    domain: { y: [0, 1], ...query.domain },
  });
  return Array.from(numbersOf(frame, 'count'));
}

test('rule 1: a value belongs to the cell at or below it, the upper end to the last, and no epsilon moves it', async () => {
  const below = 0.7 - 2 ** -53;
  const x = doubles('x', [0, below, 0.7, 1, 1 - 2 ** -53, 1 + 2 ** -52, -5e-324]);
  const cells = await countsOf(x, { domain: { x: [0, 1] } }, 10);
  // 0.7 * 10 is 7 in doubles; what is below stays below, what is beyond is outside.
  expect(cells).toEqual([1, 0, 0, 0, 0, 0, 1, 1, 0, 2]);
});

test('rule 1: times fall into cells by whole nanoseconds, which doubles cannot tell apart', async () => {
  const start = 1_600_000_000_000_000_000n;
  const x = column('x', NANOSECOND, [start, start + 1n, start + 2n, start + 3n, start + 4n]);
  const domain = ['2020-09-13T12:26:40.000000000', '2020-09-13T12:26:40.000000004'];
  expect(await countsOf(x, { domain: { x: domain } }, 4)).toEqual([1, 1, 1, 2]);
});

test('rule 2: a window between two rows still has the two that its line runs between', async () => {
  const frame = await frameOf([doubles('x', [0, 10, 20, 30]), doubles('y', [1, 2, 3, 4])], {
    mark: 'line',
    x: 'x',
    y: 'y',
    domain: { x: [12, 15] },
  });
  expect(rowsOf(frame)).toEqual([1, 2]);
  expect(frame.metadata.rows).toMatchObject({ drawn: 0, outside: 4 });
});

test('rule 3: of equal x the first and the last row are those of the source, and none is sent twice', async () => {
  const frame = await frameOf(
    [doubles('x', [5, 5, 5, 5, 5, 6]), doubles('y', [2, 9, 9, 1, 3, 0])],
    { mark: 'line', method: 'm4', x: 'x', y: 'y', width: 2, domain: { x: [5, 6] } },
  );
  expect(rowsOf(frame)).toEqual([0, 1, 3, 4, 5]);
});

test('rule 4: a null or NaN breaks the line, and an infinite value is never an extreme', async () => {
  const frame = await frameOf(
    [doubles('x', [0, 1, 2, 3, 4, 5]), doubles('y', [1, null, 7, Infinity, -Infinity, NaN])],
    { mark: 'line', method: 'm4', x: 'x', y: 'y', width: 1, domain: { x: [0, 5] } },
  );
  expect(valuesOf(frame, 'y')).toEqual([1, null, 7, null]);
  expect(rowsOf(frame)).toEqual([0, 1, 2, 5]);
  expect(frame.metadata.rows).toMatchObject({ drawn: 2, dropped: 4 });
});

test('rule 5: a gap is a row without a value, and never guessed from what was sampled', async () => {
  const frame = await frameOf(
    [doubles('x', [0, 1, 2, 1000, 1001]), doubles('y', [1, 2, 3, 4, 5])],
    { mark: 'line', method: 'm4', x: 'x', y: 'y', width: 500 },
  );
  expect(valuesOf(frame, 'y')).not.toContain(null);
});

test('rule 6: rows that do not stand in the order of x give the line of rows that do', async () => {
  const order = [4, 1, 5, 0, 3, 2];
  const y = [3, 1, 4, 1, 5, 9];
  const query = { mark: 'line', method: 'm4', x: 'x', y: 'y', width: 2 } as const;
  const sorted = await frameOf([doubles('x', [0, 1, 2, 3, 4, 5]), doubles('y', y)], query);
  const mixed = await frameOf([doubles('x', order), doubles('y', order.map((i) => y[i]!))], query); // prettier-ignore
  for (const name of ['x', 'y']) expect(valuesOf(mixed, name)).toEqual(valuesOf(sorted, name));
});

test('rule 7: cells of a log axis have equal factors, and rows that are not positive are counted', async () => {
  const x = doubles('x', [1, 9.99, 10, 99, 100, 1000, 0, -1, null]);
  const query = { domain: { x: [1, 1000] }, scale: { x: 'log' } } as const;
  expect(await countsOf(x, { ...query, domain: { x: [1, 1000] } }, 3)).toEqual([2, 2, 2]);
  const frame = await frameOf([x, doubles('y', x.values.map(() => 0))], { mark: 'scatter', method: 'density', x: 'x', y: 'y', scale: { x: 'log' } }); // prettier-ignore
  expect(frame.metadata.rows).toEqual({ total: 9, matched: 9, drawn: 6, outside: 0, dropped: 3 });
});

test('rule 8: days are those of the zone, one of 23 hours and one of 25 among them', async () => {
  const hours = (from: string, to: string): number[] => {
    const [first, end] = [Date.parse(from) / 1000, Date.parse(to) / 1000];
    return Array.from({ length: (end - first) / 3600 }, (_, i) => first + i * 3600);
  };
  const at = [
    ...hours('2024-03-30T23:00:00Z', '2024-03-31T22:00:00Z'),
    ...hours('2024-10-26T22:00:00Z', '2024-10-27T23:00:00Z'),
  ];
  const frame = await frameOf([column('at', SECOND, at.map(BigInt))], {
    mark: 'bar',
    x: { column: 'at', bin: 'day' },
    timeZone: 'Europe/Berlin',
    limit: 1000,
  });
  const counts = Array.from(numbersOf(frame, 'count')).filter((count) => count > 0);
  expect(counts.toSorted((a, b) => a - b)).toEqual([23, 25]);
});

test('rule 9: the grid covers what matches, null is a choice of its own, and an empty list matches nothing', async () => {
  const columns = [
    doubles('x', [0, 1, 2, 3, 1e6]),
    doubles('y', [0, 1, 2, 3, 4]),
    column('word', TEXT, ['a', 'b', null, 'a', 'c']),
  ];
  const ask = (values: (string | null)[]): Promise<OracleFrame> =>
    frameOf(columns, {
      mark: 'scatter',
      x: 'x',
      y: 'y',
      filters: [{ op: 'in', column: 'word', values }],
    });
  expect((await ask(['a'])).metadata.domain?.x).toEqual([0, 3]);
  expect(rowsOf(await ask([null, 'b']))).toEqual([1, 2]);
  expect((await ask([])).metadata).toMatchObject({ rows: { matched: 0 }, domain: null });
});

test('rule 10: what stands in cells, beyond them and nowhere adds up to what matches', async () => {
  const odd = [NaN, Infinity, -Infinity, null, 0, -1, 1, 2, 2, 3, 1e300];
  const frame = await frameOf([doubles('x', odd), doubles('y', odd.toReversed())], {
    mark: 'scatter',
    method: 'density',
    x: 'x',
    y: 'y',
    width: 7,
    height: 5,
    domain: { x: [0, 3], y: [0, 3] },
  });
  const { drawn, outside, dropped, matched } = frame.metadata.rows;
  const inCells = numbersOf(frame, 'count').reduce((sum, count) => sum + count, 0);
  expect(inCells).toBe(drawn);
  expect(drawn + outside + dropped).toBe(matched);
});

test('rule 11: a median is that of all rows, whatever parts they are scanned in', async () => {
  const values = Array.from({ length: 1001 }, (_, i) => ((i * 617) % 1001) / 7);
  const frame = await frameOf([doubles('x', values)], {
    mark: 'value',
    aggregate: { op: 'median', column: 'x' },
  });
  expect(valuesOf(frame, 'value')).toEqual([500 / 7]);
});

test('rule 12: a sum of float32 values does not stop growing where a float32 would', async () => {
  const FLOAT = { storage: 'float32', logical: { kind: 'float', bits: 32 } } as const;
  const values = [2 ** 24, ...Array.from({ length: 1000 }, () => 1)];
  const frame = await frameOf([column('x', FLOAT, values)], {
    mark: 'value',
    aggregate: { op: 'sum', column: 'x' },
  });
  expect(valuesOf(frame, 'value')).toEqual([2 ** 24 + 1000]);
});
