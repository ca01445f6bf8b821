import type { Grid } from '../render/grid.js';
import type { Shading } from './scatter-points.js';

/** So many rows of a cell fit into its two words, whatever their colors: 256 times 255 is below 2^16. */
export const MOST_ROWS = 256;

/** How many rows, and the sums of their reds, greens and blues. */
type Sums = [count: number, red: number, green: number, blue: number];

/** Counts the points of each cell that are shown, and mixes their colors. */
export function mixCells(
  cells: Int32Array,
  size: number,
  { shades, palette, isHidden }: Shading,
): Pick<Required<Grid>, 'counts' | 'colors'> {
  // While points are added up these hold the sums of a cell, half a word each: points come in no order, and what takes the time
  // is how much memory they go to.
  //  colors: red above green
  //  counts: how many above blue
  const colors = new Uint32Array(size);
  const counts = new Uint32Array(size);
  const parts = partsOf({ palette, isHidden });
  const full = new Map<number, Sums>();
  for (let i = 0; i < cells.length; i++) {
    const cell = cells[i]!;
    if (cell < 0) continue;
    const from = 2 * shades[i]!;
    colors[cell] = (colors[cell]! + parts[from]!) | 0;
    const last = (counts[cell]! + parts[from + 1]!) | 0;
    counts[cell] = last;
    if (last >= MOST_ROWS << 16) full.set(cell, takeSums(counts, colors, cell, full.get(cell)));
  }
  for (const [cell, before] of full) full.set(cell, takeSums(counts, colors, cell, before));
  for (let cell = 0; cell < size; cell++) {
    const last = counts[cell]!;
    if (last === 0) continue;
    const first = colors[cell]!;
    const count = last >>> 16;
    counts[cell] = count;
    colors[cell] = meanColor(count, first >>> 16, first & 0xffff, last & 0xffff);
  }
  for (const [cell, sums] of full) {
    counts[cell] = sums[0];
    colors[cell] = meanColor(...sums);
  }
  return { counts, colors };
}

/** What a point of each shade adds to the two words of its cell; nothing where it is hidden. */
export function partsOf({ palette, isHidden }: Omit<Shading, 'shades'>): Int32Array {
  const parts = new Int32Array(2 * palette.length);
  for (const [shade, color] of palette.entries()) {
    if (isHidden[shade] === 1) continue;
    parts[2 * shade] = ((color & 255) << 16) | ((color >> 8) & 255);
    parts[2 * shade + 1] = (1 << 16) | ((color >> 16) & 255);
  }
  return parts;
}

/** Takes what the words of a cell hold, and adds it to the sums from before. */
function takeSums(
  counts: Uint32Array,
  colors: Uint32Array,
  cell: number,
  [count, red, green, blue]: Sums = [0, 0, 0, 0],
): Sums {
  const [first, last] = [colors[cell]!, counts[cell]!];
  colors[cell] = 0;
  counts[cell] = 0;
  return [
    count + (last >>> 16),
    red + (first >>> 16),
    green + (first & 0xffff),
    blue + (last & 0xffff),
  ];
}

/** As `packColor` of the means rounds, and a few times faster than `Math.round`. */
export const meanColor = (count: number, red: number, green: number, blue: number): number =>
  ((red / count + 0.5) |
    0 |
    (((green / count + 0.5) | 0) << 8) |
    (((blue / count + 0.5) | 0) << 16) |
    (255 << 24)) >>>
  0;
