import { discLines, linesOf } from './disc-sums.js';
import type { Grid } from './grid.js';
import { canvasOf } from './image-canvas.js';
import { meanColors } from './mean-colors.js';
import { opacityTable } from './opacity.js';
import type { Raster, RasterStyle } from './raster.js';

/** Keeps a canvas in ordinary memory: what the CPU draws need not go to the graphics card and back. */
export const IN_MEMORY: CanvasRenderingContext2DSettings = { willReadFrequently: true };

/** The raster that needs nothing but a canvas; exact at every opacity. */
export function createCpuRaster(): Raster {
  return {
    draw: (grid, style) => canvasOf(shadedImage(grid, style), IN_MEMORY),
    destroy() {},
  };
}

/** The picture of a grid as an image, which needs no canvas. */
export function shadedImage(grid: Grid, style: RasterStyle): ImageData {
  const image = new ImageData(grid.width, grid.height);
  shade(grid, style, new Uint32Array(image.data.buffer));
  return image;
}

/** Writes the picture of a grid into `pixels`: bytes red, green, blue and opacity, top row first. */
export function shade(grid: Grid, style: RasterStyle, pixels: Uint32Array): void {
  const { width, height, counts, colors } = grid;
  const rowsOf = discLines(width, height, style.radius, linesOf(counts, width));
  const colorsOf = colors && meanColors(grid, colors, style.radius);
  const opacities = opacityTable(style.opacity);
  const [red, green, blue] = style.color;
  const plain = new Uint32Array(width).fill(red | (green << 8) | (blue << 16));
  for (let y = 0; y < height; y++) {
    const rows = rowsOf(y);
    const to = (height - 1 - y) * width;
    shadeLine(pixels, to, rows, colorsOf?.(y, rows) ?? plain, opacities);
  }
}

function shadeLine(
  pixels: Uint32Array,
  to: number,
  rows: Uint32Array,
  colors: Uint32Array,
  opacities: Uint8ClampedArray,
): void {
  const full = opacities.length - 1;
  for (let x = 0; x < rows.length; x++) {
    const n = rows[x]!;
    if (n === 0) continue;
    const opacity = n > full ? 255 : opacities[n]!;
    pixels[to + x] = colors[x]! | (opacity << 24);
  }
}
