import type { Grid } from './grid.js';
import type { Raster, RasterStyle } from './raster.js';

/** The side of the trial picture: large enough to time, small enough for ten milliseconds on slow machines. */
const SIDE = 256;
const STYLE: RasterStyle = { radius: 1.5, opacity: 0.1, color: [0, 0, 0] };

/**
 * True where `gpu` draws the same picture sooner than `cpu`, each timed until the pixels can be read. What a device
 * calls itself says little: software rasters come under many names.
 */
export function isFaster(gpu: Raster, cpu: Raster, now = () => performance.now()): boolean {
  const grid = trialGrid();
  const canvas = document.createElement('canvas');
  canvas.width = SIDE;
  canvas.height = SIDE;
  const context = canvas.getContext('2d', { willReadFrequently: false })!;
  const time = (raster: Raster): number => {
    const startedAt = now();
    context.drawImage(raster.draw(grid, STYLE), 0, 0);
    context.getImageData(0, 0, 1, 1);
    return now() - startedAt;
  };
  // The first pictures pay for compiling, on either side.
  time(gpu);
  time(cpu);
  return time(gpu) < time(cpu);
}

function trialGrid(): Grid {
  const counts = new Uint32Array(SIDE * SIDE);
  for (let i = 0; i < counts.length; i++) counts[i] = ((i * 2_654_435_761) % 97) >> 4;
  return { width: SIDE, height: SIDE, counts };
}
