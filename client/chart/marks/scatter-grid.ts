import {
  hasColumn,
  isCategorical,
  numbersOf,
  numbersWithGaps,
  type DecodedFrame,
} from '../../data/frame.js';
import type { Theme } from '../../theme.js';
import { packHex, rampOf, seriesOf, type Hidden } from '../colors.js';
import { createColorGrid, packColor, type Grid } from '../render/grid.js';
import type { Points, Shading } from './scatter-points.js';

/** Counts the points of each cell. */
export function pointGrid(
  { metadata: { width, height } }: Pick<DecodedFrame, 'metadata'>,
  { cells, shading }: Pick<Points, 'cells' | 'shading'>,
): Grid {
  if (shading !== undefined)
    return { width, height, ...shadedCells(cells, width * height, shading) };
  const counts = new Uint32Array(width * height);
  for (let i = 0; i < cells.length; i++) if (cells[i]! >= 0) counts[cells[i]!]!++;
  return { width, height, counts };
}

/** Counts the points of each cell that are shown, and mixes their colors. */
function shadedCells(
  cells: Int32Array,
  size: number,
  { shades, palette, isHidden }: Shading,
): Pick<Required<Grid>, 'counts' | 'colors'> {
  // Of each cell, and of each shade: how many, and the sums of red, green and blue. They lie side by side, in one line of memory.
  const sums = new Uint32Array(4 * size);
  const parts = Uint32Array.from({ length: 4 * palette.length }, (_, i) => {
    const shade = i >> 2;
    if (isHidden[shade] === 1) return 0;
    return i % 4 === 0 ? 1 : (palette[shade]! >> (8 * ((i % 4) - 1))) & 255;
  });
  for (let i = 0; i < cells.length; i++) {
    if (cells[i]! < 0) continue;
    const to = 4 * cells[i]!;
    const from = 4 * shades[i]!;
    sums[to]! += parts[from]!;
    sums[to + 1]! += parts[from + 1]!;
    sums[to + 2]! += parts[from + 2]!;
    sums[to + 3]! += parts[from + 3]!;
  }
  const counts = new Uint32Array(size);
  const colors = new Uint32Array(size);
  for (let cell = 0; cell < size; cell++) {
    const count = sums[4 * cell]!;
    if (count === 0) continue;
    const [red, green, blue] = [sums[4 * cell + 1]!, sums[4 * cell + 2]!, sums[4 * cell + 3]!];
    counts[cell] = count;
    colors[cell] = packColor(red / count, green / count, blue / count);
  }
  return { counts, colors };
}

/** The counts of a frame of density, dense or sparse. */
export function densityGrid(frame: DecodedFrame, theme: Theme, hidden?: Hidden): Grid {
  const { width, height, layout } = frame.metadata;
  const counts = numbersOf(frame, 'count') as Uint32Array;
  const cells = layout === 'sparse' ? (numbersOf(frame, 'cell') as Uint32Array) : undefined;
  if (!hasColumn(frame, 'color')) {
    const grid = new Uint32Array(width * height);
    if (cells === undefined) grid.set(counts);
    else for (let i = 0; i < cells.length; i++) grid[cells[i]!] = counts[i]!;
    return { width, height, counts: grid };
  }
  const grid = createColorGrid(width, height);
  if (isCategorical(frame, 'color')) {
    const { series, codes } = seriesOf(frame, 'color', theme, hidden);
    const packed = series.map(({ color }) => packHex(color));
    const isHidden = Uint8Array.from(series, (each) => Number(each.isHidden));
    for (let i = 0; i < counts.length; i++) {
      if (isHidden[codes[i]!] === 1) continue;
      grid.add(cells === undefined ? i : cells[i]!, counts[i]!, packed[codes[i]!]!);
    }
  } else {
    const means = numbersWithGaps(frame, 'color');
    const { stepOf, palette } = rampOf(frame.metadata, theme);
    for (let i = 0; i < counts.length; i++) {
      if (counts[i]! > 0)
        grid.add(cells === undefined ? i : cells[i]!, counts[i]!, palette[stepOf(means[i]!)]!);
    }
  }
  return grid.grid();
}
