import { describe, expect, test } from 'vitest';
import { indexOf, nearestIn } from '../../../client/chart/nearest.js';
import { randomNumbers } from '../../fixtures/tiny-tables.js';

describe('the nearest mark', () => {
  test('is the one that a walk over all marks finds', () => {
    const [width, height, reach] = [60, 40, 9];
    const random = randomNumbers(5);
    const cells = Int32Array.from({ length: 80 }, () => Math.floor(random() * width * height));
    const index = indexOf({ cells }, width * height);
    const distance = (cell: number, x: number, y: number): number =>
      ((cell % width) - x) ** 2 + (Math.floor(cell / width) - y) ** 2;
    for (let i = 0; i < 500; i++) {
      const at = { x: Math.floor(random() * width), y: Math.floor(random() * height) };
      const found = nearestIn(index, width, height, at, reach);
      const best = Math.min(...Array.from(cells, (cell) => distance(cell, at.x, at.y)));
      if (best > reach * reach) expect(found).toBe(-1);
      else expect(distance(cells[found]!, at.x, at.y)).toBe(best);
    }
  });

  test('of several in one place is the one on top', () => {
    const index = indexOf({ cells: Int32Array.of(4, 4, -1, 4) }, 9);
    expect(nearestIn(index, 3, 3, { x: 1, y: 1 }, 2)).toBe(3);
    expect(nearestIn(indexOf({ cells: new Int32Array(0) }, 9), 3, 3, { x: 1, y: 1 }, 2)).toBe(-1);
  });
});
