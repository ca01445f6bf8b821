import { discRows } from './disc.js';
import type { Grid } from './grid.js';
import type { RasterStyle } from './raster.js';

/** Nanoseconds of a processor for a cell, and for each row of the disc around it, on 2 × AMD EPYC. */
const ONE_COLOR = { cell: 3, row: 2 };
const COLORED = { cell: 12, row: 7.5 };
/** Less than a frame of the browser, in milliseconds. By the worker a picture comes a frame later, or two. */
const AT_ONCE_MS = 14;

/** True where the processor draws `grid` so soon that the page's own thread may: the worker is for what would hold up the page. */
export const isQuick = (grid: Grid, { radius }: RasterStyle): boolean =>
  drawMs(grid, radius) <= AT_ONCE_MS;

/** Milliseconds that `shade` takes. */
export function drawMs({ width, height, colors }: Grid, radius: number): number {
  const { cell, row } = colors === undefined ? ONE_COLOR : COLORED;
  const rows = 2 * discRows(radius).length - 1;
  return (width * height * (cell + row * rows)) / 1e6;
}
