import { discSums } from './disc.js';
import type { Grid } from './grid.js';
import { canvasOf } from './image-canvas.js';
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
  const { width, height, counts } = grid;
  const rows = discSums(counts, width, height, style.radius);
  const opacities = opacityTable(style.opacity);
  const full = opacities.length - 1;
  const [red, green, blue] = style.color;
  const plain = red | (green << 8) | (blue << 16);
  const colors = grid.colors && meanColors(grid, rows, style.radius);
  for (let y = 0; y < height; y++) {
    let from = y * width;
    let to = (height - 1 - y) * width;
    for (let x = 0; x < width; x++, from++, to++) {
      const n = rows[from]!;
      if (n === 0) continue;
      const opacity = n > full ? 255 : opacities[n]!;
      pixels[to] = ((colors === undefined ? plain : colors[from]!) | (opacity << 24)) >>> 0;
    }
  }
}

// For each cell the mean color of the rows of the disc around it, without the opacity byte.
function meanColors(grid: Grid, rows: Uint32Array, radius: number): Uint32Array {
  const { width, height, counts } = grid;
  const colors = grid.colors!;
  const weights = colorWeights(counts);
  const total = weights === counts ? rows : discSums(weights, width, height, radius);
  const weighted = new Uint32Array(counts.length);
  const [red, green, blue] = [0, 8, 16].map((shift) => {
    for (let i = 0; i < weighted.length; i++) {
      weighted[i] = Math.imul(weights[i]!, (colors[i]! >>> shift) & 255);
    }
    return discSums(weighted, width, height, radius);
  }) as [Uint32Array, Uint32Array, Uint32Array];
  const mean = weighted;
  for (let i = 0; i < mean.length; i++) {
    const n = total[i]!;
    if (n === 0) continue;
    // Rounds as `Math.round` does, and is a few times faster.
    mean[i] =
      (red[i]! / n + 0.5) |
      0 |
      (((green[i]! / n + 0.5) | 0) << 8) |
      (((blue[i]! / n + 0.5) | 0) << 16);
  }
  return mean;
}

// The counts, or shares of them where 255 times their sum could pass 2^32.
function colorWeights(counts: Uint32Array): Uint32Array {
  let sum = 0;
  for (let i = 0; i < counts.length; i++) sum += counts[i]!;
  const divisor = sum / 2 ** 23;
  return divisor <= 1 ? counts : counts.map((count) => Math.ceil(count / divisor));
}
