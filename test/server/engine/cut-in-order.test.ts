import { describe, expect, test } from 'vitest';
import { cutInOrder, ORDERED_PARTS } from '../../../server/engine/cut-in-order.js';
import { BATCH_ROWS } from '../../../workers/columns.js';
import { stretchesOf } from '../../../workers/scan/stretch.js';

/** Three segments: one long, one of a single batch, one of two. */
const BATCHES = [...Array.from({ length: 40 }, () => BATCH_ROWS), 100_000, BATCH_ROWS, 5];
const STARTS = [0, 40, 41];

describe('parts of a scan that are added up in order', () => {
  test('hold all stretches in row order', () => {
    const stretches = stretchesOf(BATCHES);
    expect(cutInOrder(stretches, STARTS).flat()).toEqual(stretches);
  });

  test('are what they were when a segment comes behind them', () => {
    for (const [i, start] of STARTS.entries()) {
      const before = cutInOrder(stretchesOf(BATCHES.slice(0, start)), STARTS.slice(0, i));
      const known = start === 0 ? [] : before;
      const after = cutInOrder(stretchesOf(BATCHES), STARTS);
      expect(after.slice(0, known.length)).toEqual(known);
      expect(after[known.length]![0]!.batch).toBe(start);
    }
  });

  test('are of no more than four million rows, and eight at least where the rows allow', () => {
    const rows = cutInOrder(stretchesOf(BATCHES), STARTS).map((part) =>
      part.reduce((sum, { from, to }) => sum + to - from, 0),
    );
    expect(Math.max(...rows)).toBeLessThanOrEqual(4 * BATCH_ROWS);
    const few = stretchesOf(BATCHES.slice(0, 2));
    expect(cutInOrder(few, [0])).toHaveLength(ORDERED_PARTS);
  });

  test('are one of nothing where no stretch is left', () => {
    expect(cutInOrder([], STARTS)).toEqual([[]]);
  });

  test('are none of segments without a stretch', () => {
    const stretches = stretchesOf(BATCHES, (batch) => batch === 3 || batch === 42);
    expect(cutInOrder(stretches, STARTS).map((part) => part.map(({ batch }) => batch))).toEqual([
      [3],
      [3],
      [3],
      [3],
      [42],
    ]);
  });
});
