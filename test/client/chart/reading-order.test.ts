import { describe, expect, test } from 'vitest';
import { answerBrush } from '../../../client/cube/answer-brush.js';
import { brushedFrame } from '../../../client/cube/brushed-frame.js';
import { inReadingOrder } from '../../../client/chart/reading-order.js';
import { decodeFrame, numbersOf, type DecodedFrame } from '../../../client/data/frame.js';
import type { Query } from '../../../protocol/query.js';
import { answerTiny } from '../../fixtures/tiny-engine.js';
import { tinyFlights } from '../../fixtures/tiny-tables.js';
import { cubesOf } from '../../helpers/cube-of.js';
import { memorySnapshot } from '../../helpers/memory-snapshot.js';
import { testColumn } from '../../helpers/test-columns.js';

const ROWS = 3000;
const table = tinyFlights(ROWS);
const [origins, airlines] = [table['origin'], table['airline']] as (string | null)[][];

const heatmapOf = (words: Partial<Query>): DecodedFrame =>
  decodeFrame(answerTiny(table, { dataset: 'd', snapshot: 's', mark: 'heatmap', ...words }));

/** The rows of each cell by the names of its categories. */
function rowsByName({ metadata, ...frame }: DecodedFrame): Record<string, number> {
  const { x, y } = metadata.domain!;
  const counts = numbersOf({ metadata, ...frame }, 'count');
  return Object.fromEntries(
    [...numbersOf({ metadata, ...frame }, 'cell')].map((cell, i) => {
      const [column, line] = [
        Number(cell) % metadata.width,
        Math.floor(Number(cell) / metadata.width),
      ];
      return [`${x![column]}, ${y![line]}`, Number(counts[i])];
    }),
  );
}

describe('the categories of a heatmap', () => {
  test('stand by their rows, from the left and from the top, each with the rows that it has', () => {
    const frame = heatmapOf({ x: 'origin', y: 'airline', cells: { x: 12, y: 4 } });
    const ordered = inReadingOrder(frame);
    const { x, y } = ordered.metadata.domain!;
    const counted: Record<string, number> = {};
    for (const [row, origin] of origins!.entries()) {
      const airline = airlines![row]!;
      if (!x!.includes(origin) || !y!.includes(airline)) continue;
      counted[`${origin}, ${airline}`] = (counted[`${origin}, ${airline}`] ?? 0) + 1;
    }
    expect(rowsByName(ordered)).toEqual(counted);
    const rowsOf = (side: 0 | 1, name: unknown): number =>
      Object.entries(counted).reduce(
        (sum, [names, rows]) => sum + (names.split(', ')[side] === name ? rows : 0),
        0,
      );
    const byRows = x!.map((name) => rowsOf(0, name));
    expect(byRows).toEqual(byRows.toSorted((a, b) => b - a));
    const upward = y!.map((name) => rowsOf(1, name));
    expect(upward).toEqual(upward.toSorted((a, b) => a - b));
    expect(ordered.metadata.domain).not.toEqual(frame.metadata.domain);
  });

  test('stand as they are listed, the first at the left or on top', () => {
    const domain = { x: ['MMM', 'AAA'], y: ['Boreal', 'Condor & Sons', ''] };
    const ordered = inReadingOrder(heatmapOf({ x: 'origin', y: 'airline', domain }), domain);
    expect(ordered.metadata.domain).toEqual({ x: domain.x, y: domain.y.toReversed() });
  });

  test('leave an axis of numbers, and other frames, as they are', () => {
    const frame = heatmapOf({ x: 'distance', y: 'airline', cells: { x: 9, y: 3 } });
    const ordered = inReadingOrder(frame);
    expect(ordered.metadata.domain!.x).toEqual(frame.metadata.domain!.x);
    expect(
      rowsByName({ ...ordered, metadata: { ...ordered.metadata, domain: named(ordered) } }),
    ).toEqual(rowsByName({ ...frame, metadata: { ...frame.metadata, domain: named(frame) } }));
    const plain = heatmapOf({ x: 'distance', y: 'delay' });
    expect(inReadingOrder(plain)).toBe(plain);
    const empty = { ...plain, metadata: { ...plain.metadata, domain: null } };
    expect(inReadingOrder(empty)).toBe(empty);
  });

  test('stay where they are while a brush moves', async () => {
    const columns = ['odd', 'word', 'flag'].map((kind, i) =>
      testColumn(kind, 300, { seed: i + 1, nullEvery: 9 }),
    );
    const { frames, read } = await cubesOf(
      memorySnapshot(columns, 128),
      { x: 'odd', domain: { x: [0, 50] }, width: 40 },
      [{ mark: 'heatmap', x: 'word', y: 'flag', cells: { x: 6, y: 4 } }] as never,
    );
    const whole = decodeFrame(frames[0]!.bytes);
    const { domain } = inReadingOrder(whole).metadata;
    for (const [from, to] of [
      [0, 40],
      [3, 9],
      [20, 21],
    ] as const) {
      const brushed = inReadingOrder(brushedFrame(whole, answerBrush(read[0]!, from, to)));
      expect(brushed.metadata.domain).toEqual(domain);
    }
  });
});

/** An axis of numbers named by its cells. */
const named = ({ metadata: { width, domain } }: DecodedFrame) => ({
  x: Array.from({ length: width }, (_, i) => i),
  y: domain!.y!,
});
