import {
  hasColumn,
  isCategorical,
  numbersOf,
  numbersWithGaps,
  type DecodedFrame,
} from '../../data/frame.js';
import type { Theme } from '../../theme.js';
import { packHex, rampOf, seriesOf, type Hidden } from '../colors.js';
import { createColorGrid, type Grid } from '../render/grid.js';
import { mixCells } from './mix-cells.js';
import type { Points, Shading } from './scatter-points.js';
import { mixSorted, sortShades, type SortedShades } from './sorted-shades.js';

/** Counts the points of each cell. */
export function pointGrid(
  { metadata: { width, height } }: Pick<DecodedFrame, 'metadata'>,
  { cells, shading }: Pick<Points, 'cells' | 'shading'>,
): Grid {
  if (shading !== undefined) return { width, height, ...mixed(cells, width * height, shading) };
  const counts = new Uint32Array(width * height);
  for (let i = 0; i < cells.length; i++) if (cells[i]! >= 0) counts[cells[i]!]!++;
  return { width, height, counts };
}

// A legend, a palette and a theme mix the points of a frame anew, often one after another. Most frames are mixed once.
const seen = new WeakSet<Int32Array>();
const sorted = new WeakMap<Int32Array, SortedShades>();

/** From the second time on in the order of cells: a byte a point, two for many shades, for as long as the frame is held. */
function mixed(
  cells: Int32Array,
  size: number,
  shading: Shading,
): Pick<Required<Grid>, 'counts' | 'colors'> {
  if (!seen.has(cells)) {
    seen.add(cells);
    return mixCells(cells, size, shading);
  }
  const { shades, palette } = shading;
  const inOrder = sorted.get(cells) ?? sortShades(cells, size, shades, palette.length);
  sorted.set(cells, inOrder);
  return mixSorted(inOrder, shading);
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
