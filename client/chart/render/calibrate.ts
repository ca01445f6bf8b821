import type { Grid } from './grid.js';
import type { Raster, RasterStyle } from './raster.js';

const STYLE: RasterStyle = { radius: 1.5, opacity: 0.1, color: [0, 0, 0] };
/** A picture of so many pixels a side is large enough to compile everything that a large one needs. */
const WARM = 64;
const TRIALS = 2;

/**
 * True where `gpu` draws a picture of `width` by `height` sooner than `cpu`, each timed until the pixels can be read.
 * The size is that of the screen, because the way to the graphics card and back costs much the same for any. What
 * a device calls itself says little: software rasters come under many names.
 */
export function isFaster(
  gpu: Raster,
  cpu: Raster,
  { width, height }: { width: number; height: number },
  now = () => performance.now(),
): boolean {
  const grid = trialGrid(width, height);
  const time = (raster: Raster, picture: Grid): number => {
    const startedAt = now();
    raster.draw(picture, STYLE).getContext('2d')!.getImageData(0, 0, 1, 1);
    return now() - startedAt;
  };
  time(gpu, trialGrid(WARM, WARM));
  let cpuMs = Infinity;
  for (let i = 0; i <= TRIALS; i++) cpuMs = Math.min(cpuMs, time(cpu, grid));
  // One that is far behind is not asked twice: on a software raster each takes a tenth of a second.
  for (let i = 0; i < TRIALS; i++) {
    const gpuMs = time(gpu, grid);
    if (gpuMs < cpuMs) return true;
    if (gpuMs > 2 * cpuMs) return false;
  }
  return false;
}

function trialGrid(width: number, height: number): Grid {
  const counts = new Uint32Array(width * height);
  for (let i = 0; i < counts.length; i++) counts[i] = ((i * 2_654_435_761) % 97) >> 4;
  return { width, height, counts };
}
