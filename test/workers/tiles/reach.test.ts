import { expect, test } from 'vitest';
import type { CellAxisPlan } from '../../../workers/scan/axis.js';
import { buildTiles } from '../../../workers/tiles/build.js';
import { openReach, rowsIn } from '../../../workers/tiles/reach.js';
import { ENTRY_ROW_SHIFT, placeTiles, tilesAt } from '../../../workers/tiles/tiles.js';
import { memorySnapshot } from '../../helpers/memory-snapshot.js';
import { doubleOf, randomNumbers, testColumn } from '../../helpers/test-columns.js';

const ROWS = 20_000;

function built(x: string, y: string) {
  const columns = [testColumn(x, ROWS), testColumn(y, ROWS, { seed: 9 })];
  const { table } = memorySnapshot(
    columns.map((column, i) => ({ ...column, name: `c${i}` })),
    2 ** 20,
  );
  const made = buildTiles({ table, batch: 0, x: 0, y: 1 });
  if (made.withdrawn) throw new Error('Nobody withdraws in a test.');
  // Somewhere in the memory around them.
  const words = new Uint32Array(16 + made.bytes.length / 4);
  words.set(new Uint32Array(made.bytes.buffer), 16);
  return {
    columns,
    views: tilesAt(made.bytes.buffer, 0, ROWS),
    tiles: placeTiles(words, 64, ROWS),
  };
}

const linear = (column: number, low: number, high: number): CellAxisPlan => ({
  scale: 'linear',
  column,
  low,
  high,
  width: 100,
});

test.each([
  ['cents', 'int16'],
  ['odd', 'float32'],
  ['decimal', 'cents'],
])('the tiles of %s and %s that a domain reaches into hold all rows in it', (x, y) => {
  const { columns, views, tiles } = built(x, y);
  const random = randomNumbers(3);
  const some = (column: number): number => {
    const value = doubleOf(columns[column]!, random() % ROWS);
    return Number.isFinite(value) ? value : 0;
  };
  const { entries, starts } = views;
  for (let i = 0; i < 200; i++) {
    const [low, high] = [some(0), some(0)].sort((a, b) => a - b) as [number, number];
    const [bottom, top] = [some(1), some(1)].sort((a, b) => a - b) as [number, number];
    // The strips of one batch are looked for near those of the batch before.
    const reachOf = openReach(linear(0, low, high), linear(1, bottom, top));
    const reach = reachOf(tiles);
    expect(reachOf(tiles)).toEqual(reach);
    const { stripBits } = tiles;
    const near = new Set<number>();
    for (let row = reach.y.low >> stripBits; row <= reach.y.high >> stripBits; row++) {
      const first = row * tiles.tiles + (reach.x.low >> stripBits);
      const last = row * tiles.tiles + (reach.x.high >> stripBits);
      for (let at = starts[first]!; at < starts[last + 1]!; at++) {
        near.add(entries[at]! >>> ENTRY_ROW_SHIFT);
      }
    }
    expect(rowsIn(tiles, reach)).toBe(near.size);
    for (let row = 0; row < ROWS; row++) {
      const [a, b] = [doubleOf(columns[0]!, row), doubleOf(columns[1]!, row)];
      if (a < low || a > high || b < bottom || b > top) continue;
      if (Number.isFinite(a) && Number.isFinite(b) && !near.has(row)) expect.fail(`row ${row}`);
    }
  }
});

test('a domain beyond all values reaches into nothing', () => {
  const { tiles } = built('cents', 'int16');
  for (const [low, high] of [
    [-2e9, -1e9],
    [1e9, 2e9],
  ] as const) {
    const reach = openReach(linear(0, low, high), linear(1, -1e9, 1e9))(tiles);
    expect(rowsIn(tiles, reach)).toBe(0);
  }
});
