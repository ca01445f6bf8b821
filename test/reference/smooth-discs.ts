import type { Canvas } from './stroke-area.js';

/** Slices of a pixel column. */
const SLICES = 32;

/**
 * The opacity of each pixel, 0 to 1, under a disc of `radius` with a smooth edge for every point at its true place, laid
 * over one another: 1 - ∏(1 - opacity · cover), where a disc covers of a pixel its area in it.
 */
export function smoothDiscs(
  x: ArrayLike<number>,
  y: ArrayLike<number>,
  { width, height }: Canvas,
  { radius, opacity }: { radius: number; opacity: number },
): Float64Array {
  const clear = new Float64Array(width * height).fill(1);
  for (let i = 0; i < x.length; i++) {
    const [px, py] = [x[i]!, y[i]!];
    for (let c = Math.floor(px - radius); c <= px + radius; c++) {
      if (c < 0 || c >= width) continue;
      for (let line = Math.floor(py - radius); line <= py + radius; line++) {
        if (line < 0 || line >= height) continue;
        let cover = 0;
        for (let s = 0; s < SLICES; s++) {
          const d = c + (s + 0.5) / SLICES - px;
          const half = Math.sqrt(Math.max(0, radius * radius - d * d));
          const part = Math.min(line + 1, py + half) - Math.max(line, py - half);
          cover += Math.max(0, part) / SLICES;
        }
        clear[line * width + c]! *= 1 - opacity * cover;
      }
    }
  }
  return clear.map((through) => 1 - through);
}
