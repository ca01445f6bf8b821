import type { Grid } from './grid.js';

/** How the rows of a grid are drawn. */
export interface RasterStyle {
  /** Device pixels. */
  radius: number;
  /** Of one row, above 0, at most 1. */
  opacity: number;
  /** Of rows without a color of their own: red, green, blue, each 0 to 255. */
  color: readonly [number, number, number];
}

/**
 * Draws counts as the discs of all their rows: each pixel gets the opacity 1 - (1 - opacity)^(rows within radius)
 * and the mean color of those rows. Every back end gives the same picture.
 */
export interface Raster {
  /** A picture of one pixel a cell, top row first, on a canvas of its own: the caller's. */
  draw(grid: Grid, style: RasterStyle): HTMLCanvasElement;
  destroy(): void;
}
