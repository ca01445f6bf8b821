import { expect, test } from 'vitest';
import { mixCells } from '../../../../client/chart/marks/mix-cells.js';
import { mixSorted, sortShades } from '../../../../client/chart/marks/sorted-shades.js';
import type { Shading } from '../../../../client/chart/marks/scatter-points.js';
import { createColorGrid, packColor } from '../../../../client/chart/render/grid.js';
import { randomNumbers } from '../../../fixtures/tiny-tables.js';

/** Every point added to its cell by its color, in doubles. */
function mixedByPoint(
  cells: Int32Array,
  size: number,
  { shades, palette, isHidden }: Shading,
): ReturnType<typeof mixCells> {
  const grid = createColorGrid(size, 1);
  for (const [point, cell] of cells.entries()) {
    const shade = shades[point]!;
    if (cell >= 0 && isHidden[shade] !== 1) grid.add(cell, 1, palette[shade]!);
  }
  const { counts, colors } = grid.grid();
  return { counts, colors: colors! };
}

const LIGHT = packColor(255, 255, 255);
const palettes = {
  'colors of every brightness': [packColor(0, 0, 0), LIGHT, packColor(213, 94, 0), LIGHT],
  'the lightest alone': [LIGHT],
  'more shades than a byte has': Array.from({ length: 300 }, (_, at) =>
    packColor(at % 256, (at * 7) % 256, (at * 31) % 256),
  ),
};

for (const [words, colors] of Object.entries(palettes)) {
  test(`cells of few rows and of thousands have the mean of their colors: ${words}`, () => {
    const random = randomNumbers(3);
    const size = 400;
    const palette = Uint32Array.from(colors);
    for (const hidden of [0, 1]) {
      const isHidden = Uint8Array.from(palette, (_, shade) =>
        Number(hidden === 1 && shade % 3 === 1),
      );
      // Most points stand in a few cells, and some in none.
      const cells = Int32Array.from(
        { length: 60_000 },
        () => Math.floor(random() ** 9 * (size + 1)) - 1,
      );
      const shades = Uint16Array.from(cells, () => Math.floor(random() * palette.length));
      const shading = { shades, palette, isHidden };
      const mixed = mixCells(cells, size, shading);
      expect(mixed).toEqual(mixedByPoint(cells, size, shading));
      expect(mixSorted(sortShades(cells, size, shades, palette.length), shading)).toEqual(mixed);
      expect(Math.max(...mixed.counts)).toBeGreaterThan(1000);
    }
  });
}

test('a cell has the mean of its colors just below, at and above the rows that its words hold', () => {
  const shading = {
    palette: Uint32Array.of(LIGHT, packColor(1, 2, 3)),
    isHidden: new Uint8Array(2),
  };
  for (const rows of [1, 255, 256, 257, 511, 512, 513]) {
    const cells = new Int32Array(rows);
    const shades = Uint8Array.from(cells, (_, point) => Number(point === rows - 1));
    const some = { ...shading, shades };
    const means = mixedByPoint(cells, 2, some);
    expect(mixCells(cells, 2, some)).toEqual(means);
    expect(mixSorted(sortShades(cells, 2, shades, 2), some)).toEqual(means);
  }
});

test('no points leave every cell empty', () => {
  const shading = { shades: [], palette: Uint32Array.of(LIGHT), isHidden: new Uint8Array(1) };
  const nothing = { counts: new Uint32Array(3), colors: new Uint32Array(3) };
  expect(mixCells(new Int32Array(0), 3, shading)).toEqual(nothing);
  expect(mixSorted(sortShades(new Int32Array(0), 3, [], 1), shading)).toEqual(nothing);
});
