import { rgbOf } from '../../theme.js';
import { pixelX, pixelY, type Stage } from '../picture.js';
import { IN_MEMORY } from '../render/cpu.js';
import { createInk } from '../render/ink.js';
import { strokeLine, type Line } from '../render/stroke.js';
import type { Edges } from './line-rows.js';
import type { Run } from './runs.js';

/**
 * Strokes runs in their colors, one over the other, broken where y is not finite. `radius` is half the width, in
 * device pixels.
 */
export function paintStrokes(
  context: CanvasRenderingContext2D,
  stage: Stage,
  { x, y, runs }: { x: ArrayLike<number>; y: ArrayLike<number>; runs: readonly Run[] },
  colorOf: (run: Run) => string,
  radius: number,
): void {
  const { width, height } = stage;
  const ink = createInk(new ImageData(width, height));
  for (const run of runs) {
    const [red, green, blue] = rgbOf(colorOf(run));
    const line = pixelsOf(x, y, run, stage);
    strokeLine(line, { width, height, radius }, (pixel, cover) =>
      ink.lay(pixel, cover, red, green, blue),
    );
  }
  const canvas = document.createElement('canvas');
  canvas.width = width;
  canvas.height = height;
  canvas.getContext('2d', IN_MEMORY)!.putImageData(ink.image, 0, 0);
  context.drawImage(canvas, 0, 0);
}

function pixelsOf(
  x: ArrayLike<number>,
  y: ArrayLike<number>,
  { start, end }: Run,
  stage: Stage,
): Line {
  const line = { x: new Float64Array(end - start), y: new Float64Array(end - start) };
  for (let i = start; i < end; i++) {
    line.x[i - start] = pixelX(x[i]!, stage);
    line.y[i - start] = pixelY(y[i]!, stage);
  }
  return line;
}

/** Draws a dot at each vertex that stands alone, with `withDots` at every one. `radius` is in CSS pixels. */
export function paintDots(
  context: CanvasRenderingContext2D,
  stage: Stage,
  { x, y }: { x: ArrayLike<number>; y: ArrayLike<number> },
  { start, end }: Run,
  { withDots, radius }: { withDots: boolean; radius: number },
): void {
  const isDrawn = (i: number): boolean => i >= start && i < end && Number.isFinite(y[i]!);
  for (let i = start; i < end; i++) {
    const isAlone = isDrawn(i) && !isDrawn(i - 1) && !isDrawn(i + 1);
    if (!isAlone && !(withDots && isDrawn(i))) continue;
    context.beginPath();
    context.arc(pixelX(x[i]!, stage), pixelY(y[i]!, stage), radius * stage.ratio, 0, 2 * Math.PI);
    context.fill();
  }
}

/** Fills what lies between the edges. */
export function paintBand(
  context: CanvasRenderingContext2D,
  stage: Stage,
  { x, low, high, runs }: Edges,
  color: string,
): void {
  context.fillStyle = color;
  context.globalAlpha = 0.16;
  for (const { start, end } of runs) {
    context.beginPath();
    for (let i = start; i < end; i++) {
      context.lineTo(pixelX(x[i]!, stage), pixelY(high[i]!, stage));
    }
    for (let i = end - 1; i >= start; i--) {
      context.lineTo(pixelX(x[i]!, stage), pixelY(low[i]!, stage));
    }
    context.fill();
  }
  context.globalAlpha = 1;
}
