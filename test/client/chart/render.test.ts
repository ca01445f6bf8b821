import { describe, expect, test } from 'vitest';
import { shade } from '../../../client/chart/render/cpu.js';
import { discSums } from '../../../client/chart/render/disc-sums.js';
import { discRows, discSize } from '../../../client/chart/render/disc.js';
import { packColor } from '../../../client/chart/render/grid.js';
import { opacityOf, opacityTable } from '../../../client/chart/render/opacity.js';
import { randomNumbers } from '../../fixtures/tiny-tables.js';

function sumByWalk(values: Uint32Array, width: number, height: number, radius: number): number[] {
  return Array.from(values, (_, at) => {
    let sum = 0;
    for (let other = 0; other < width * height; other++) {
      const dx = (other % width) - (at % width);
      const dy = Math.floor(other / width) - Math.floor(at / width);
      if (dx * dx + dy * dy <= radius * radius) sum += values[other]!;
    }
    return sum;
  });
}

describe('sums over discs', () => {
  test.each([0, 0.5, 1, 1.5, 2, 2.5, 4, 8, 40])(
    'equal a walk over all cells at radius %d',
    (radius) => {
      const random = randomNumbers(radius * 10 + 1);
      for (const [width, height] of [
        [23, 17],
        [1, 9],
        [9, 1],
        [1, 1],
      ] as const) {
        const values = Uint32Array.from({ length: width * height }, () =>
          random() < 0.6 ? 0 : Math.floor(random() * 1000),
        );
        expect([...discSums(values, width, height, radius)]).toEqual(
          sumByWalk(values, width, height, radius),
        );
      }
    },
  );

  test.each([0, 1.5, 4])('equal it where few cells hold rows, at radius %d', (radius) => {
    const random = randomNumbers(radius + 7);
    for (const share of [0.002, 0.03, 0.2]) {
      const values = Uint32Array.from({ length: 200 * 6 }, () =>
        random() < share ? 1 + Math.floor(random() * 9) : 0,
      );
      expect([...discSums(values, 200, 6, radius)]).toEqual(sumByWalk(values, 200, 6, radius));
    }
  });

  test('stay right where a row of cells holds more than 2^32 rows', () => {
    const values = new Uint32Array(8).fill(2 ** 31);
    expect([...discSums(values, 8, 1, 0)]).toEqual([...values]);
  });

  test('a disc of radius 1 has five cells, and its rows reach as far as it does', () => {
    expect(discSize(0)).toBe(1);
    expect(discSize(1)).toBe(5);
    expect([...discRows(2.5)]).toEqual([2, 2, 1]);
  });
});

describe('opacity', () => {
  test('of n marks is 1 - (1 - a)^n, and full beyond the table', () => {
    for (const one of [0.002, 0.04, 0.5, 0.8, 1]) {
      const table = opacityTable(one);
      for (let n = 0; n < table.length; n++) {
        expect(Math.abs(table[n]! - 255 * (1 - (1 - one) ** n))).toBeLessThanOrEqual(0.5 + 1e-6);
      }
      expect(255 * opacityOf(table.length, one)).toBeGreaterThan(254.4);
    }
  });
});

describe('the raster', () => {
  const color = [10, 20, 30] as const;

  test('puts the low end of y at the bottom', () => {
    const counts = new Uint32Array(6);
    counts[0] = 1;
    const pixels = new Uint32Array(6);
    shade({ width: 2, height: 3, counts }, { radius: 0, opacity: 1, color }, pixels);
    expect([...pixels]).toEqual([0, 0, 0, 0, packColor(...color), 0]);
  });

  test('mixes colors by their rows, whatever the order', () => {
    const counts = Uint32Array.of(3, 1);
    const colors = Uint32Array.of(packColor(200, 0, 0), packColor(0, 200, 0));
    const pixels = new Uint32Array(2);
    shade({ width: 2, height: 1, counts, colors }, { radius: 1, opacity: 1, color }, pixels);
    expect([...pixels]).toEqual([packColor(150, 50, 0), packColor(150, 50, 0)]);
  });

  test('keeps its colors where more rows stand than 2^32 / 255', () => {
    const counts = Uint32Array.of(3e8, 1e8);
    const colors = Uint32Array.of(packColor(200, 0, 0), packColor(0, 200, 0));
    const pixels = new Uint32Array(2);
    shade({ width: 2, height: 1, counts, colors }, { radius: 1, opacity: 1, color }, pixels);
    expect([...pixels]).toEqual([packColor(150, 50, 0), packColor(150, 50, 0)]);
  });
});
