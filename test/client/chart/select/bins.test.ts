import { tableFromArrays, tableToIPC } from 'apache-arrow';
import { describe, expect, test } from 'vitest';
import { axisOf, spanOf } from '../../../../client/chart/axis.js';
import { binsOf, type Block } from '../../../../client/chart/select/bins.js';
import { inReadingOrder } from '../../../../client/chart/reading-order.js';
import { columnPositions } from '../../../../client/chart/column-positions.js';
import { readStream } from '../../../../client/data/arrow/read-stream.js';
import { decodeFrame, numbersOf, type DecodedFrame } from '../../../../client/data/frame.js';
import type { InFilter, Query, RangeFilter } from '../../../../protocol/query.js';
import { parseTime } from '../../../../protocol/time.js';
import { answerTiny, type TinyTable } from '../../../fixtures/tiny-engine.js';
import { tinyFlights } from '../../../fixtures/tiny-tables.js';

const table = tinyFlights(3000);

function open(words: object) {
  const query = { dataset: 'flights', snapshot: 's', ...words } as Query;
  const frame = decodeFrame(answerTiny(table, query));
  const { metadata } = frame;
  const axes = { x: axisOf('x', metadata, undefined), y: axisOf('y', metadata, undefined) };
  const view = {
    x: spanOf(metadata.domain?.x, axes.x) ?? ([0, 1] as const),
    y: spanOf(metadata.domain?.y, axes.y) ?? ([0, 1] as const),
  };
  return { frame, axes, view, bins: binsOf(frame, query, { axes, view }) };
}

/** Rows of the table that filters pass, one by one. */
function passing(
  all: TinyTable,
  filters: readonly RangeFilter[],
  among?: readonly boolean[],
): number {
  const numberOf = (bound: unknown): number =>
    typeof bound === 'number' ? bound : Number(parseTime(String(bound))!) / 1e6;
  let rows = 0;
  for (let i = 0; i < 3000; i++) {
    const isIn =
      (among?.[i] ?? true) &&
      filters.every(({ column, min, max, maxExclusive }) => {
        const value = (all[column] as Float64Array)[i]!;
        if (Number.isNaN(value) || value < numberOf(min)) return false;
        return maxExclusive === true ? value < numberOf(max) : value <= numberOf(max);
      });
    if (isIn) rows++;
  }
  return rows;
}
const filtersOf = (bins: ReturnType<typeof open>['bins'], block: Block): RangeFilter[] => {
  const shape = bins.shapeOf(block);
  if (!('filters' in shape)) throw new Error('The bins have no filters.');
  return shape.filters as RangeFilter[];
};

describe('the bins of a picture', () => {
  test('of a width have the greatest number in the last, and no other end twice', () => {
    const fares = Float64Array.from({ length: 3000 }, (_, i) => i % 101);
    const query: Query = { dataset: 'd', mark: 'histogram', x: { column: 'fare', bin: 10 } };
    const lo = Float64Array.from({ length: 10 }, (_, i) => 10 * i);
    const hi = lo.map((start) => start + 10);
    const count = Uint32Array.from(
      lo,
      (start, i) =>
        fares.filter((fare) => fare >= start && (i === 9 ? fare <= 100 : fare < start + 10)).length,
    );
    const frame = {
      ...readStream(tableToIPC(tableFromArrays({ lo, hi, count }))),
      metadata: {
        mark: 'histogram',
        bin: 10,
        domain: { x: [0, 100] },
        unit: { x: 'number' },
        scale: {},
      },
    } as unknown as DecodedFrame;
    const axes = {
      x: axisOf('x', frame.metadata, undefined),
      y: axisOf('y', undefined, undefined),
    };
    const bins = binsOf(frame, query, { axes, view: { x: [0, 100], y: [0, 1] } });
    for (const [i, rows] of count.entries()) {
      expect(passing({ fare: fares }, filtersOf(bins, { x: [i, i] })), `bin ${i}`).toBe(rows);
    }
    expect(passing({ fare: fares }, filtersOf(bins, { x: [0, 9] }))).toBe(3000);
  });

  test.each(['distance', 'fare', 'delay', 'departedAt'])(
    'of a histogram of %s pass the very rows that stand in them, alone and side by side',
    (x) => {
      const { frame, axes, bins } = open({ mark: 'histogram', x });
      const low = columnPositions(frame, 'lo', 'x', axes.x);
      const high = columnPositions(frame, 'hi', 'x', axes.x);
      const counts = [...(numbersOf(frame, 'count') as Uint32Array)];
      for (const [i, start] of low.entries()) {
        const block = bins.at([(start + high[i]!) / 2, 0])!;
        expect(block).toEqual({ x: [i, i] });
        expect(passing(table, filtersOf(bins, block)), `bin ${i}`).toBe(counts[i]);
      }
      const some = counts.slice(3, 9).reduce((all, each) => all + each, 0);
      expect(passing(table, filtersOf(bins, { x: [3, 8] }))).toBe(some);
      expect(bins.wordsOf({ x: [3, 8] })).toMatch(
        new RegExp(`^${x} \\S+ to \\S+: ${some.toLocaleString('en')} rows?$`, 'u'),
      );
      expect(bins.at([low[0]! - 1, 0])).toBeUndefined();
    },
  );

  test('of a heatmap pass the very rows that stand in them', () => {
    const { frame, bins } = open({
      mark: 'heatmap',
      x: 'distance',
      y: 'delay',
      cells: { x: 12, y: 9 },
    });
    const counts = numbersOf(frame, 'count') as Uint32Array;
    for (const [i, cell] of [...(numbersOf(frame, 'cell') as Uint32Array)].entries()) {
      const [column, line] = [cell % 12, Math.floor(cell / 12)];
      const block: Block = { x: [column, column], y: [line, line] };
      const shape = bins.shapeOf(block);
      if (shape.kind !== 'box') throw new Error(`Expected a box, got ${shape.kind}.`);
      expect(bins.at([(shape.x[0] + shape.x[1]) / 2, (shape.y[0] + shape.y[1]) / 2])).toEqual(
        block,
      );
      expect(passing(table, filtersOf(bins, block)), `cell ${cell}`).toBe(counts[i]);
      expect(bins.wordsOf(block)).toContain(`: ${counts[i]!.toLocaleString('en')} row`);
    }
  });

  test('of a heatmap of text pass the very rows of their categories', () => {
    const query = { dataset: 'flights', snapshot: 's', mark: 'heatmap', x: 'airline', y: 'fare' };
    const answered = decodeFrame(answerTiny(table, { ...query, cells: { x: 4, y: 6 } } as Query));
    const frame = inReadingOrder(answered, query as Query);
    const { domain } = frame.metadata;
    const axes = {
      x: axisOf('x', frame.metadata, undefined),
      y: axisOf('y', frame.metadata, undefined),
    };
    const view = { x: spanOf(domain!.x, axes.x)!, y: spanOf(domain!.y, axes.y)! };
    const categories = { x: domain!.x! };
    const bins = binsOf(frame, query as Query, { axes, view, categories });
    const counts = numbersOf(frame, 'count');
    for (const [i, cell] of [...numbersOf(frame, 'cell')].entries()) {
      const [column, line] = [Number(cell) % 4, Math.floor(Number(cell) / 4)];
      const block: Block = { x: [column, column], y: [line, line] };
      const [named, fares] = (
        bins.shapeOf(block) as unknown as { filters: [InFilter, RangeFilter] }
      ).filters;
      expect(named).toEqual({ op: 'in', column: 'airline', values: [domain!.x![column]] });
      const rows = (table['airline'] as (string | null)[]).map((airline) =>
        named.values.includes(airline),
      );
      expect(passing(table, [fares], rows), `cell ${cell}`).toBe(counts[i]);
      expect(bins.wordsOf(block)).toMatch(`airline ${domain!.x![column] || '(empty)'}, fare `);
    }
    expect(bins.wordsOf({ x: [0, 1], y: [0, 5] })).toMatch(
      `airline ${domain!.x![0]}, ${domain!.x![1]}, fare `,
    );
  });

  test('move as one or by the last alone, and stay within the picture', () => {
    const { bins, frame } = open({ mark: 'histogram', x: 'distance' });
    const last = frame.length - 1;
    expect(bins.moved({ x: [0, 1] }, [-1, 0], false)).toEqual({ x: [0, 1] });
    expect(bins.moved({ x: [0, 1] }, [1, 0], false)).toEqual({ x: [1, 2] });
    expect(bins.moved({ x: [2, 2] }, [1, 0], true)).toEqual({ x: [2, 3] });
    expect(bins.moved({ x: [2, 2] }, [-1, 0], true)).toEqual({ x: [2, 2] });
    expect(bins.moved({ x: [last, last] }, [1, 0], false)).toEqual({ x: [last, last] });
    expect(bins.moved({ x: [last, last] }, [1, 0], true)).toEqual({ x: [last, last] });
  });
});
