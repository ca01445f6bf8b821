import { expect, test } from 'vitest';
import type { TableView } from '../../../workers/columns.js';
import { Arena } from '../../../workers/kernels/arena.js';
import { kernelsFor } from '../../../workers/kernels/load.js';
import {
  countCells,
  openCellCounts,
  widened,
  type CellCounts,
} from '../../../workers/scan/byte-counts.js';
import { joinCounts } from '../../../workers/scan/join-counts.js';
import { randomNumbers } from '../../helpers/test-columns.js';

const arena = new Arena();
arena.reset();
const kernels = kernelsFor(arena);
const scope = { table: {} as TableView, arena, kernels };
const noCheck = (): void => {};

/** Counts blocks of random rows of which few or many share a cell, and the same one by one. */
function counted(size: number, { blocks = 4, most = size, seed = 1 } = {}) {
  arena.reset();
  const random = randomNumbers(seed);
  const counts = openCellCounts(size, scope);
  const cells = arena.i32(8192);
  const twin = new Uint32Array(size);
  const lost = [0, 0, 0];
  for (let block = 0; block < blocks; block++) {
    for (let i = 0; i < 8192; i++) {
      cells[i] = random() % 9 === 0 ? -1 - (random() % 3) : random() % most;
      if (cells[i]! < 0) lost[-1 - cells[i]!]!++;
      else twin[cells[i]!]!++;
    }
    counts.add(cells, 8192);
  }
  return { found: counts.result(), twin, outside: lost[0], dropped: lost[1] };
}

test('counts as many rows of each cell as there are, one by one', () => {
  for (const most of [1, 3, 100, 5000]) {
    const { found, twin, outside, dropped } = counted(5000, { most });
    expect(found).toMatchObject({ outside, dropped });
    expect(widened(found)).toEqual(twin);
    expect(found.spilled.length > 0).toBe(most < 256 / 2);
  }
});

test('counts as well where the cells do not fit the kernels’ memory', () => {
  const { found, twin } = counted(2 ** 25, { blocks: 1, most: 900 });
  expect(found.counts).toBeInstanceOf(Uint32Array);
  expect(widened(found).subarray(0, 900)).toEqual(twin.subarray(0, 900));
});

test('counts a list of cells', () => {
  const cells = Uint32Array.from({ length: 2000 }, (_, i) => (i % 3 === 0 ? 7 : i % 50));
  const twin = new Uint32Array(50);
  for (const cell of cells) twin[cell]!++;
  expect(widened(countCells(cells, 50))).toEqual(twin);
});

test('adds up counts of several parts, in bytes while every sum fits', () => {
  const parts = (most: number, seeds: number[]): { own: CellCounts[]; sum: Uint32Array } => {
    const all = seeds.map((seed) => counted(70_000, { most, seed }));
    const sum = new Uint32Array(70_000);
    for (const { twin } of all) for (let i = 0; i < sum.length; i++) sum[i]! += twin[i]!;
    return { own: all.map(({ found }) => found), sum };
  };
  // Few rows a cell; sums above a byte, of parts that fit one; parts that do not fit.
  for (const [most, isByte] of [
    [70_000, true],
    [200, false],
    [50, false],
  ] as const) {
    const { own, sum } = parts(most, [1, 2, 3]);
    const { counts, occupied, largest } = joinCounts(own, kernels, noCheck);
    expect(counts instanceof Uint8Array).toBe(isByte);
    expect(Uint32Array.from(counts)).toEqual(sum);
    expect(largest).toBe(sum.reduce((a, b) => Math.max(a, b)));
    expect(occupied).toBe(sum.filter((count) => count > 0).length);
  }
});
