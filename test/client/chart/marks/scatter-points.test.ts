import { describe, expect, test } from 'vitest';
import { packHex, rampOf } from '../../../../client/chart/colors.js';
import { pointCells } from '../../../../client/chart/marks/point-cells.js';
import { densityGrid, pointGrid } from '../../../../client/chart/marks/scatter-grid.js';
import { pointsOf } from '../../../../client/chart/marks/scatter-points.js';
import { indexOf } from '../../../../client/chart/nearest.js';
import { packColor, type Grid } from '../../../../client/chart/render/grid.js';
import {
  categoriesOf,
  decodeFrame,
  numbersOf,
  type DecodedFrame,
} from '../../../../client/data/frame.js';
import { themeOf, type Theme } from '../../../../client/theme.js';
import { answerTiny } from '../../../fixtures/tiny-engine.js';
import { tinyFlights } from '../../../fixtures/tiny-tables.js';

const THEMES = [themeOf('light'), themeOf('dark')] as const;
const [width, height] = [40, 30];

const frameOf = (color: string, method: 'points' | 'density' = 'points'): DecodedFrame =>
  decodeFrame(
    answerTiny(tinyFlights(5000), {
      dataset: 'd',
      snapshot: 's',
      mark: 'scatter',
      x: 'distance',
      y: 'delay',
      width,
      height,
      method,
      color,
    }),
  );

/** Every point added to its cell by a color of its own. */
function gridByPoint(
  frame: DecodedFrame,
  colorOf: (point: number) => number | undefined,
): Omit<Grid, 'width' | 'height'> {
  const members = Array.from({ length: width * height }, (): number[] => []);
  for (const [point, cell] of pointCells(frame).entries()) {
    const color = colorOf(point);
    if (cell >= 0 && color !== undefined) members[cell]!.push(color);
  }
  const mean = (colors: number[], shift: number): number =>
    colors.reduce((sum, color) => sum + ((color >> shift) & 255), 0) / colors.length;
  return {
    counts: Uint32Array.from(members, ({ length }) => length),
    colors: Uint32Array.from(members, (all) =>
      all.length === 0 ? 0 : packColor(mean(all, 0), mean(all, 8), mean(all, 16)),
    ),
  };
}

/** The color of a point by what the metadata says of its label. */
function categoryColors(frame: DecodedFrame, theme: Theme, hidden: ReadonlySet<string | null>) {
  const { codes, labels } = categoriesOf(frame, 'color');
  const { color } = frame.metadata;
  const categories = color?.kind === 'category' ? color.categories : [];
  return (point: number): number | undefined => {
    const label = codes[point]! < 0 ? null : labels[codes[point]!]!;
    if (hidden.has(label)) return undefined;
    const at = categories.findIndex(({ label: each, role }) =>
      role === 'null' ? label === null : each === label,
    );
    const { role } = categories[at]!;
    if (role === 'null') return packHex(theme.null);
    return packHex(role === 'value' ? theme.categories[at]! : theme.other);
  };
}

describe('points of categories', () => {
  test('are counted and mixed as one by one, whatever was hidden and chosen before', () => {
    const frame = frameOf('origin');
    const { labels } = categoriesOf(frame, 'color');
    for (const hidden of [new Set<string | null>(), new Set([labels[0]!, null]), new Set([null])]) {
      for (const theme of THEMES) {
        const grid = pointGrid(frame, pointsOf(frame, theme, hidden));
        expect(grid).toEqual({
          width,
          height,
          ...gridByPoint(frame, categoryColors(frame, theme, hidden)),
        });
      }
    }
  });

  test('are placed once for a frame, and have one shade whatever the theme', () => {
    const frame = frameOf('origin');
    const [one, other] = THEMES.map((theme) => pointsOf(frame, theme, new Set([null])));
    expect(one!.cells).toBe(other!.cells);
    expect(one!.shading!.shades).toBe(other!.shading!.shades);
    expect(one!.shading!.shades).toBeInstanceOf(Uint8Array);
  });

  test('that are hidden are found by no pointer', () => {
    const frame = frameOf('airline');
    const { codes, labels } = categoriesOf(frame, 'color');
    const points = pointsOf(frame, THEMES[0], new Set([labels[1]!]));
    const found = [...indexOf(points, width * height)].filter((point) => point >= 0);
    expect(found.length).toBeGreaterThan(100);
    expect(found.filter((point) => codes[point] === 1)).toEqual([]);
  });

  test('look as the same rows do as density', () => {
    const hidden = new Set([null]);
    const density = frameOf('airline', 'density');
    const frame = frameOf('airline');
    expect(pointGrid(frame, pointsOf(frame, THEMES[0], hidden))).toEqual(
      densityGrid(density, THEMES[0], hidden),
    );
  });
});

test('points of numbers have the steps of the ramp, and a neutral color where there is none', () => {
  const frame = frameOf('fare');
  const values = numbersOf(frame, 'color') as Float32Array;
  values[7] = Number.NaN;
  for (const theme of THEMES) {
    const { stepOf, palette } = rampOf(frame.metadata, theme);
    expect(palette[stepOf(Number.NaN)]).toBe(packHex(theme.null));
    expect(palette[stepOf(values.reduce((a, b) => (b > a ? b : a)))]).toBe(
      packHex(theme.ramp.at(-1)!),
    );
    expect(pointGrid(frame, pointsOf(frame, theme))).toEqual({
      width,
      height,
      ...gridByPoint(frame, (point) => palette[stepOf(values[point]!)]),
    });
  }
});
