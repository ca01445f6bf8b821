import { describe, expect, test } from 'vitest';
import type { Filter, Query } from '../../protocol/query.js';
import { createEngine } from '../../server/engine/create-engine.js';
import { inlinePool } from '../helpers/inline-pool.js';
import { memorySnapshot, type TestColumn } from '../helpers/memory-snapshot.js';
import { randomNumbers, testColumn } from '../helpers/test-columns.js';
import { numbersOf, readFrame, valuesOf, type OracleFrame } from './read-frame.js';

// What has to hold between answers, whatever the rows are: no oracle is asked.

const ROWS = 20_000;
const COLUMNS = ['int16', 'cents', 'odd', 'decimal', 'uint32', 'word', 'text', 'flag'].map((kind) =>
  testColumn(kind, ROWS),
);
const NUMBERS = ['int16', 'cents', 'decimal', 'uint32'] as const;

function asker(columns: readonly TestColumn[]): (query: Partial<Query>) => Promise<OracleFrame> {
  const { snapshot, store } = memorySnapshot(columns, 4096);
  const engine = createEngine({ store, pool: inlinePool() });
  return async (query) =>
    readFrame((await engine.frame(snapshot, { dataset: 'test', mark: 'scatter', ...query })).bytes);
}

const ask = asker(COLUMNS);

const PAIRS = NUMBERS.flatMap((x) => NUMBERS.filter((y) => y !== x).map((y) => [x, y] as const));

describe.each(PAIRS)('a picture of %s and %s', (x, y) => {
  const density = { x, y, method: 'density', width: 40, height: 30 } as const;

  test('is the sum of its four quadrants', async () => {
    const whole = await ask(density);
    const [[x0, x1], [y0, y1]] = [whole.metadata.domain!.x, whole.metadata.domain!.y] as [[number, number], [number, number]]; // prettier-ignore
    // No value stands there: they have at most two decimals.
    const [xm, ym] = [x0 + (x1 - x0) / Math.PI, y0 + (y1 - y0) / Math.E];
    let [drawn, inCells] = [0, 0];
    for (const xs of [
      [x0, xm],
      [xm, x1],
    ] as const)
      // prettier-ignore
      for (const ys of [[y0, ym], [ym, y1]] as const) { // prettier-ignore
        const part = await ask({ ...density, domain: { x: [...xs], y: [...ys] } });
        const { rows } = part.metadata;
        expect(rows.drawn + rows.outside + rows.dropped).toBe(rows.matched);
        drawn += rows.drawn;
        inCells += sumOf(part);
      }
    expect(drawn).toBe(whole.metadata.rows.drawn);
    expect(inCells).toBe(sumOf(whole));
  });

  test('is the sum of its four quadrants on log axes, in every color', async () => {
    const log = { ...density, color: 'word', scale: { x: 'log', y: 'log' } } as const;
    const whole = await ask(log);
    const [[x0, x1], [y0, y1]] = [whole.metadata.domain!.x, whole.metadata.domain!.y] as [[number, number], [number, number]]; // prettier-ignore
    const [xm, ym] = [x0 * (x1 / x0) ** (1 / Math.PI), y0 * (y1 / y0) ** (1 / Math.E)];
    const sums = new Map<unknown, number>();
    for (const xs of [
      [x0, xm],
      [xm, x1],
    ] as const)
      // prettier-ignore
      for (const ys of [[y0, ym], [ym, y1]] as const) { // prettier-ignore
        const part = await ask({ ...log, domain: { x: [...xs], y: [...ys] } });
        const { rows } = part.metadata;
        expect(rows.drawn + rows.outside + rows.dropped).toBe(rows.matched);
        expect(rows.dropped).toBe(whole.metadata.rows.dropped);
        for (const [color, count] of colorsOf(part)) sums.set(color, (sums.get(color) ?? 0) + count);
      }
    expect(sums).toEqual(colorsOf(whole));
  });

  test('is, cell by cell, the sum of what passes a filter and what does not', async () => {
    const filters: Filter[] = [
      { op: 'range', column: 'cents', min: 20, max: 70 },
      { op: 'in', column: 'word', values: ['a', null, 'ATL'] },
      { op: 'contains', column: 'text', text: 'a' },
      { op: 'null', column: y },
    ];
    const { domain } = (await ask(density)).metadata;
    const whole = await ask({ ...density, domain: domain! });
    for (const filter of filters) {
      const sides = await Promise.all(
        [filter, { op: 'not', filter } as const].map((one) =>
          ask({ ...density, domain: domain!, filters: [one] }),
        ),
      );
      const sum = new Float64Array(40 * 30);
      for (const side of sides) for (const [cell, count] of cellsOf(side)) sum[cell]! += count;
      const expected = new Float64Array(40 * 30);
      for (const [cell, count] of cellsOf(whole)) expected[cell]! += count;
      expect(sum).toEqual(expected);
      for (const place of ['matched', 'drawn', 'outside', 'dropped'] as const) {
        const both = sides.reduce((total, { metadata }) => total + metadata.rows[place], 0);
        expect(both).toBe(whole.metadata.rows[place]);
      }
    }
  });
});

test('shuffled rows give the same cells, bins, bars and values', async () => {
  const random = randomNumbers(3);
  const order = Array.from({ length: ROWS }, (_, i) => i);
  for (let i = ROWS - 1; i > 0; i--) {
    const k = random() % (i + 1);
    [order[i], order[k]] = [order[k]!, order[i]!];
  }
  const shuffled = asker(
    COLUMNS.map((column) => ({ ...column, values: order.map((i) => column.values[i]!) })),
  );
  const queries: Partial<Query>[] = [
    { x: 'cents', y: 'int16', method: 'density' },
    { x: 'odd', y: 'decimal', method: 'density', width: 300, height: 200 },
    { x: 'cents', y: 'int16', method: 'density', color: 'word', width: 30, height: 20 },
    { mark: 'histogram', x: 'decimal', color: 'flag' },
    { mark: 'bar', x: 'text', aggregate: { op: 'median', column: 'cents' } },
    { mark: 'heatmap', x: 'uint32', y: 'word', aggregate: { op: 'max', column: 'int16' } },
    { mark: 'value', aggregate: { op: 'sum', column: 'int16' } },
    { mark: 'value', aggregate: { op: 'distinct', column: 'text' } },
  ];
  for (const query of queries) {
    const [one, other] = [await ask(query), await shuffled(query)];
    expect(other.metadata).toEqual(one.metadata);
    for (const name of one.table.names) {
      expect(valuesOf(other, name), `${name} of ${JSON.stringify(query)}`).toEqual(
        valuesOf(one, name),
      );
    }
  }
});

const sumOf = (frame: OracleFrame): number =>
  numbersOf(frame, 'count').reduce((sum, count) => sum + count, 0);

/** Rows of each color of a density. */
function colorsOf(frame: OracleFrame): Map<unknown, number> {
  const counts = numbersOf(frame, 'count');
  const sums = new Map<unknown, number>();
  for (const [i, color] of valuesOf(frame, 'color').entries())
    sums.set(color, (sums.get(color) ?? 0) + counts[i]!);
  return sums;
}

/** The cells of a density that hold a row, and their counts. */
function cellsOf(frame: OracleFrame): [number, number][] {
  const counts = numbersOf(frame, 'count');
  const cells =
    frame.metadata.layout === 'sparse'
      ? numbersOf(frame, 'cell')
      : Float64Array.from(counts.keys());
  return Array.from(counts, (count, i): [number, number] => [cells[i]!, count]);
}
