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

const QUESTION: Query = { dataset: 'd', mark: 'heatmap', x: 'origin', y: 'airline' };

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
    const ordered = inReadingOrder(frame, QUESTION);
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
    const ordered = inReadingOrder(heatmapOf({ x: 'origin', y: 'airline', domain }), {
      ...QUESTION,
      domain,
    });
    expect(ordered.metadata.domain).toEqual({ x: domain.x, y: domain.y.toReversed() });
  });

  test('leave an axis of numbers, and other frames, as they are', () => {
    const numbered: Query = { ...QUESTION, x: 'distance' };
    const frame = heatmapOf({ x: 'distance', y: 'airline', cells: { x: 9, y: 3 } });
    const ordered = inReadingOrder(frame, numbered);
    expect(ordered.metadata.domain!.x).toEqual(frame.metadata.domain!.x);
    expect(
      rowsByName({ ...ordered, metadata: { ...ordered.metadata, domain: named(ordered) } }),
    ).toEqual(rowsByName({ ...frame, metadata: { ...frame.metadata, domain: named(frame) } }));
    const plain = heatmapOf({ x: 'distance', y: 'delay' });
    expect(inReadingOrder(plain, QUESTION)).toBe(plain);
    const empty = { ...plain, metadata: { ...plain.metadata, domain: null } };
    expect(inReadingOrder(empty, QUESTION)).toBe(empty);
  });

  test('stay where they are while the other axis is moved, and are counted anew for another question', () => {
    const question: Query = { ...QUESTION, y: 'distance', width: 500 };
    const domainOf = (words: Partial<Query>, isEstimate = false): readonly unknown[] => {
      const frame = heatmapOf({ ...question, ...words, cells: { x: 40, y: 9 } });
      const metadata = { ...frame.metadata, ...(isEstimate && { estimated: true as const }) };
      const asked = { ...question, ...words, width: words.domain ? 700 : 500 };
      return inReadingOrder({ ...frame, metadata }, asked).metadata.domain!.x!;
    };
    const near: Partial<Query> = { domain: { y: [0, 400] } };
    const own = domainOf({ ...near, filters: [{ op: 'range', column: 'distance', max: 5000 }] });
    const whole = domainOf({});
    expect(domainOf(near)).toEqual(whole);
    expect(domainOf(near, true)).toEqual(whole);
    // With a question of their own the near rows have another order.
    expect(own).not.toEqual(whole);
  });

  test('of an estimate are counted anew by the answer', () => {
    const question: Query = { ...QUESTION, y: 'delay' };
    const whole = heatmapOf({ ...question, cells: { x: 40, y: 9 } });
    const { width } = whole.metadata;
    // A sample that found the more rows the further right.
    const few = Uint32Array.from(
      [...numbersOf(whole, 'cell')],
      (cell) => 1 + (Number(cell) % width),
    );
    const estimate: DecodedFrame = {
      ...whole,
      columns: whole.columns.map((each) =>
        each.name === 'count' ? { ...each, values: few } : each,
      ),
      metadata: { ...whole.metadata, estimated: true },
    };
    const first = inReadingOrder(estimate, question).metadata.domain!.x;
    const exact = inReadingOrder(whole, question).metadata.domain!.x;
    expect(exact).toEqual(inReadingOrder(whole, { ...question, dataset: 'e' }).metadata.domain!.x);
    // Of the same question the exact order stays.
    expect(inReadingOrder(estimate, question).metadata.domain!.x).toEqual(exact);
    expect(first).not.toEqual(exact);
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
    const { domain } = inReadingOrder(whole, QUESTION).metadata;
    for (const [from, to] of [
      [0, 40],
      [3, 9],
      [20, 21],
    ] as const) {
      const brushed = inReadingOrder(
        brushedFrame(whole, answerBrush(read[0]!, from, to)),
        QUESTION,
      );
      expect(brushed.metadata.domain).toEqual(domain);
    }
  });
});

/** An axis of numbers named by its cells. */
const named = ({ metadata: { width, domain } }: DecodedFrame) => ({
  x: Array.from({ length: width }, (_, i) => i),
  y: domain!.y!,
});
