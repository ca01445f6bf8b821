import { describe, expect, test } from 'vitest';
import { cellsOf } from '../../client/chart/cells.js';
import { decodeFrame, numbersWithGaps } from '../../client/data/frame.js';
import { createEngine } from '../../server/engine/create-engine.js';
import { inlinePool } from '../helpers/inline-pool.js';
import { memorySnapshot, type MemorySnapshot } from '../helpers/memory-snapshot.js';
import { differenceOf } from './compare.js';
import { drawLine } from './draw-line.js';

const FLOAT = { storage: 'float64', logical: { kind: 'float', bits: 64 } } as const;
const ROWS = 4000;
/** Odd times two: no whole number stands where two of them meet in the windows below. */
const CELLS = 250;
/** Whole numbers: each of them has its double beside 10^15 as well, and times a power of two. */
const X = Array.from({ length: ROWS }, (_, i) => i);
const Y = X.map((x) => Math.round(400 * Math.sin(x / 90)) + ((x * 37) % 23));

type Move = (value: number) => number;
const MOVES: [string, Move][] = [
  ['beside 10^15', (value) => 1e15 + value],
  ['beside -10^15', (value) => value - 1e15],
  ['of 10^-9', (value) => value * 2 ** -30],
  ['of 10^15', (value) => value * 2 ** 40],
];

function tableOf(move: Move): MemorySnapshot {
  const table = memorySnapshot([
    { name: 'x', ...FLOAT, values: X.map(move) },
    { name: 'y', ...FLOAT, values: Y.map(move) },
  ]);
  table.snapshot.manifest.columns[0]!.info.ascending = true;
  return table;
}

/** All rows, some hundreds, some dozens, and four. */
const WINDOWS: [x: [number, number], y: [number, number]][] = [
  [
    [-0.5, ROWS - 0.5],
    [-512.5, 511.5],
  ],
  [
    [999.5, 1255.5],
    [-512.5, 511.5],
  ],
  [
    [1999.5, 2063.5],
    [-384.5, -0.5],
  ],
  [
    [2999.5, 3003.5],
    [255.5, 511.5],
  ],
];

const movedBy = (move: Move, [low, high]: [number, number]): [number, number] => [
  move(low),
  move(high),
];
const near: Move = (value) => value;

describe.each(MOVES)('numbers %s', (_, move) => {
  test('are drawn as a line where the same numbers near 0 are, at every zoom', async () => {
    for (const [x, y] of WINDOWS) {
      const [plain, moved] = await Promise.all(
        [near, move].map((to) =>
          drawLine(
            tableOf(to),
            { method: 'outline', domain: { x: movedBy(to, x), y: movedBy(to, y) } },
            { width: 200, height: 100, stroke: 1.5 },
          ),
        ),
      );
      expect(moved!.marks).toBe(plain!.marks);
      expect(plain!.cover.some((share) => share > 0.5)).toBe(true);
      expect(differenceOf(moved!.cover, plain!.cover).most).toBeLessThan(0.01);
    }
  });

  test('are points in the cells of the same numbers near 0, at every zoom', async () => {
    for (const [x, y] of WINDOWS) {
      const [plain, moved] = await Promise.all(
        [near, move].map(async (to) => {
          const { snapshot, store } = tableOf(to);
          const engine = createEngine({ store, pool: inlinePool(2) });
          const domain = { x: movedBy(to, x), y: movedBy(to, y) };
          const query = { dataset: 'test', mark: 'scatter', x: 'x', y: 'y', domain } as const;
          const { bytes, metadata } = await engine.frame(snapshot, {
            ...query,
            method: 'points',
            budget: ROWS,
          });
          const frame = decodeFrame(bytes);
          return (['x', 'y'] as const).map((side) => {
            const cellOf = cellsOf(metadata, side, CELLS);
            const offsets = numbersWithGaps(frame, side);
            return Array.from(offsets, cellOf);
          });
        }),
      );
      expect(plain![0]!.length).toBeGreaterThan(0);
      expect(moved).toEqual(plain);
    }
  });
});
