import { describe, expect, test } from 'vitest';
import { answerBrush } from '../../../client/cube/answer-brush.js';
import { brushEdges } from '../../../client/cube/brush-edges.js';
import { brushedFrame } from '../../../client/cube/brushed-frame.js';
import { valueAt } from '../../../client/data/arrow/column.js';
import { decodeFrame, type DecodedFrame } from '../../../client/data/frame.js';
import { brushFilters } from '../../../protocol/brush.js';
import type { CubeAxes } from '../../../protocol/cube.js';
import { cubesOf } from '../../helpers/cube-of.js';
import { memorySnapshot } from '../../helpers/memory-snapshot.js';
import { testColumn } from '../../helpers/test-columns.js';

const COLUMNS = ['cents', 'odd', 'int16', 'word'].map((kind, i) =>
  testColumn(kind, 300, { seed: i + 1, nullEvery: 9 }),
);
const TABLE = memorySnapshot(COLUMNS, 128);

/** The rows of a frame by their mark, without those that stand for nothing. */
const marksOf = (frame: DecodedFrame): Record<string, unknown> =>
  Object.fromEntries(
    Array.from({ length: frame.length }, (_, row) =>
      Object.fromEntries(
        frame.columns.map((column): [string, unknown] => {
          const value = valueAt(column, row);
          return [column.name, typeof value === 'bigint' ? String(value) : value];
        }),
      ),
    )
      .filter(({ count }) => count !== 0)
      .map(({ key, lo, cell, series, count, value }) => [
        JSON.stringify([key, lo, cell, series]),
        [count, value],
      ]),
  );

describe('the frame under a brush', () => {
  test('has the numbers of the frame that is asked for with the brush as a filter', async () => {
    const active = { x: 'odd', domain: { x: [0, 50] }, width: 40 };
    const views = [
      { mark: 'histogram', x: 'cents', bins: 9 },
      { mark: 'bar', x: 'word', color: 'word', top: 256, limit: 100 },
      { mark: 'bar', x: 'word', limit: 100, aggregate: { op: 'mean', column: 'int16' } },
      { mark: 'heatmap', x: 'cents', y: 'int16', cells: { x: 5, y: 4 } },
      { mark: 'value' },
    ] as const;
    const { engine, queries, frames, read } = await cubesOf(TABLE, active, views as never);
    for (const [a, b] of [
      [0, 40],
      [3, 17],
      [39, 40],
    ] as const) {
      for (const [i, cube] of read.entries()) {
        const brushed = brushedFrame(decodeFrame(frames[i]!.bytes), answerBrush(cube, a, b));
        const filters = brushFilters(cube.info.active, [a, b]);
        // The fitted axes of a brushed question would be others.
        const { domain } = decodeFrame(frames[i]!.bytes).metadata;
        const query = {
          ...queries[i]!,
          filters,
          ...(domain && queries[i]!.mark !== 'bar' ? { domain } : {}),
        };
        const asked = decodeFrame((await engine.frame(TABLE.snapshot, query)).bytes);
        expect(brushed.metadata.rows).toEqual(asked.metadata.rows);
        expect(marksOf(brushed)).toEqual(marksOf(asked));
        if (i !== 1) continue;
        const counts = (frame: DecodedFrame) =>
          frame.metadata.color?.kind === 'category'
            ? Object.fromEntries(
                frame.metadata.color.categories
                  .filter(({ count }) => count > 0)
                  .map(({ label, role, count }) => [`${role} ${label}`, count]),
              )
            : undefined;
        expect(counts(brushed)).toEqual(counts(asked));
      }
    }
  });

  test('leaves the frame without a brush as it was', async () => {
    const { frames, read } = await cubesOf(TABLE, { x: 'odd', width: 10 }, [
      { mark: 'histogram', x: 'cents' },
    ]);
    const frame = decodeFrame(frames[0]!.bytes);
    const before = marksOf(frame);
    const empty = brushedFrame(frame, answerBrush(read[0]!, 4, 4));
    expect(empty.metadata.rows.matched).toBe(0);
    expect(marksOf(empty)).toEqual({});
    expect(marksOf(frame)).toEqual(before);
  });
});

describe('the edges of a brush', () => {
  const axes: CubeAxes = {
    x: 'a',
    domain: { x: [0, 100] },
    scale: { x: 'linear' },
    unit: { x: 'number' },
    width: 50,
  };

  test('are those that are nearest to its ends', () => {
    expect(brushEdges(axes, [{ op: 'range', column: 'a', min: 3.1, max: 50 }])).toEqual({
      x: [2, 25],
    });
    expect(brushEdges(axes, [{ op: 'range', column: 'a', min: -5 }])).toEqual({ x: [0, 50] });
    const log: CubeAxes = { ...axes, domain: { x: [1, 1000] }, scale: { x: 'log' }, width: 30 };
    expect(brushEdges(log, [{ op: 'range', column: 'a', min: 10, max: 100 }])).toEqual({
      x: [10, 20],
    });
    const days: CubeAxes = {
      ...axes,
      domain: { x: ['2001-01-01', '2001-01-11'] },
      unit: { x: 'day' },
      width: 10,
    };
    expect(
      brushEdges(days, [{ op: 'range', column: 'a', min: '2001-01-03', max: '2001-01-04T12:00' }]),
    ).toEqual({ x: [2, 4] });
  });

  test('are none where the selection is another one', () => {
    expect(brushEdges(axes, [{ op: 'in', column: 'a', values: [1] }])).toBeUndefined();
    expect(brushEdges(axes, [{ op: 'range', column: 'b', min: 1 }])).toBeUndefined();
    expect(
      brushEdges({ ...axes, domain: null }, [{ op: 'range', column: 'a', min: 1 }]),
    ).toBeUndefined();
  });
});
