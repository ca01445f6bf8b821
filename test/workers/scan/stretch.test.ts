import { describe, expect, test } from 'vitest';
import { BATCH_ROWS, BLOCK_ROWS } from '../../../workers/columns.js';
import {
  blocksLeft,
  dealOutBlocks,
  isLeftOut,
  passesWhole,
  STRETCH_ROWS,
  stretchesOf,
  type Stretch,
} from '../../../workers/scan/stretch.js';
import { knownBlocks, Verdict } from '../../../workers/scan/verdict.js';
import { randomNumbers } from '../../helpers/test-columns.js';

const ROWS = BATCH_ROWS + 3 * STRETCH_ROWS + BLOCK_ROWS + 5;
const batchRows = [BATCH_ROWS, ROWS - BATCH_ROWS];
const blocksOf = (rows: number): number => Math.ceil(rows / BLOCK_ROWS);

describe('blocks of which is known what passes', () => {
  test('are left out where no row passes some filter, and sure where every row passes all', () => {
    const random = randomNumbers(3);
    const filters = [0, 1, 2].map(() =>
      batchRows.map((rows) =>
        Uint8Array.from({ length: blocksOf(rows) }, () => [0, 1, 2, 2, 2][random() % 5]!),
      ),
    );
    let left = 0;
    let sure = 0;
    for (const stretch of stretchesOf(batchRows)) {
      const { batch, from, to } = stretch;
      const blocks = knownBlocks(
        stretch,
        filters.map((own) => own[batch]),
      );
      const known = { ...stretch, blocks };
      for (let row = from; row < to; row += BLOCK_ROWS) {
        const verdicts = filters.map((own) => own[batch]![row / BLOCK_ROWS]!);
        const isNone = verdicts.includes(Verdict.NONE);
        expect(isLeftOut(known, row)).toBe(isNone);
        const isSure = verdicts.every((verdict) => verdict === Verdict.ALL);
        expect(passesWhole(known, row)).toBe(isSure);
        if (isSure) sure++;
        if (!isNone) left++;
      }
    }
    expect(Math.min(left, sure)).toBeGreaterThan(10);
  });

  test('are all left and not sure where nothing is known of a filter', () => {
    for (const stretch of stretchesOf(batchRows)) {
      const blocks = knownBlocks(stretch, [undefined]);
      expect(blocksLeft({ ...stretch, blocks })).toBe(blocksLeft(stretch));
      expect(blocks.sure).toBe(0);
      expect(isLeftOut(stretch, stretch.from) || passesWhole(stretch, stretch.from)).toBe(false);
    }
  });

  test('have their places in pieces of a stretch too', () => {
    const verdicts = Uint8Array.from({ length: 128 }, (_, block) => (block % 3 === 0 ? 0 : 2));
    const piece: Stretch = { batch: 0, from: 5 * 8192, to: 11 * 8192, firstRow: 5 * 8192 };
    const known = { ...piece, blocks: knownBlocks(piece, [verdicts]) };
    const open = [5, 6, 7, 8, 9, 10].filter((block) => !isLeftOut(known, block * 8192));
    expect(open).toEqual([5, 7, 8, 10]);
    expect(open.every((block) => passesWhole(known, block * 8192))).toBe(true);
  });
});

describe('stretches dealt out by what is left of them', () => {
  const known = (may: readonly number[]): Stretch[] =>
    may.map((bits, i) => ({
      batch: 0,
      from: i * STRETCH_ROWS,
      to: (i + 1) * STRETCH_ROWS,
      firstRow: i * STRETCH_ROWS,
      blocks: { may: bits, sure: 0 },
    }));

  test('stay in order, and those with nothing left go to nobody', () => {
    const random = randomNumbers(9);
    for (let round = 0; round < 200; round++) {
      const stretches = known(
        Array.from({ length: random() % 20 }, () => (random() % 2 === 0 ? 0 : random() | 0)),
      );
      const parts = dealOutBlocks(stretches, 1 + (random() % 4));
      expect(parts.length).toBeGreaterThan(0);
      expect(parts.flat()).toEqual(stretches.filter(({ blocks }) => blocks!.may !== 0));
      if (parts.length > 1) expect(parts.every((part) => part.length > 0)).toBe(true);
    }
  });

  test('are about equal work for everyone', () => {
    // All that is left lies at the end, as in a table in the order of time.
    const parts = dealOutBlocks(known([0, 0, 0, 0, 1, -1, -1, -1, -1]), 2);
    const work = parts.map((part) => part.reduce((sum, one) => sum + blocksLeft(one), 0));
    expect(work).toEqual([65, 64]);
  });
});
