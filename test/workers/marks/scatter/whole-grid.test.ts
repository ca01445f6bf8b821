import { expect, test } from 'vitest';
import type { Grid } from '../../../../workers/marks/scatter/plan.js';
import { wholeOf } from '../../../../workers/marks/scatter/whole-grid.js';
import { randomNumbers } from '../../../helpers/test-columns.js';

const SIZE = 4096;

/** Cells of rows, of which the first has more rows than a byte counts. */
function listOf(rows: number, seed: number): Grid & { of: 'cells' } {
  const random = randomNumbers(seed);
  const cells = Uint32Array.from({ length: rows }, () => Math.max(0, (random() % 6000) - 2000));
  return { of: 'cells', cells };
}

function counted(lists: readonly (Grid & { of: 'cells' })[]): number[] {
  const counts = Array<number>(SIZE).fill(0);
  for (const { cells } of lists) for (const cell of cells) counts[cell]!++;
  return counts;
}

test.each([[[3000]], [[3000, 2000]], [[9, 0, 4000]]])(
  'lists of %j rows are counted together as one by one',
  (lengths) => {
    const lists = lengths.map((length, i) => listOf(length, i + 1));
    const whole = wholeOf(lists, SIZE, () => {});
    const expected = counted(lists);
    if (whole.of !== 'count') throw new Error(`They are ${whole.of}.`);
    expect([...whole.counts]).toEqual(expected);
    expect(whole.occupied).toBe(expected.filter((count) => count > 0).length);
    expect(whole.largest).toBe(Math.max(...expected));
  },
);

test('lists of few rows together stay a list of them', () => {
  const lists = [listOf(3, 1), listOf(4, 2)];
  const whole = wholeOf(lists, SIZE, () => {});
  if (whole.of !== 'cells') throw new Error(`They are ${whole.of}.`);
  expect([...whole.cells]).toEqual(lists.flatMap(({ cells }) => [...cells]));
});

test('a list and counts are added up', () => {
  const list = listOf(500, 3);
  const counts = new Uint8Array(SIZE).fill(7);
  const spilled = Uint32Array.of(9);
  const whole = wholeOf([{ of: 'count', counts, spilled }, list], SIZE, () => {});
  if (whole.of !== 'count') throw new Error(`They are ${whole.of}.`);
  const expected = counted([list]).map((count, cell) => count + 7 + (cell === 9 ? 255 : 0));
  expect([...whole.counts]).toEqual(expected);
});
