import type { MarkStyle } from '../mark-style.js';
import { pixelX, pixelY, type Stage } from '../picture.js';
import type { Points } from './scatter-points.js';

/** Draws every point as a smooth disc at its true place: for few points. */
export function paintDiscs(
  context: CanvasRenderingContext2D,
  stage: Stage,
  { x, y, cells, shading, mark, isHidden }: Points,
  { radius, opacity }: MarkStyle,
): void {
  context.globalAlpha = opacity;
  context.fillStyle = mark;
  let last = -1;
  for (let i = 0; i < cells.length; i++) {
    if (isHidden?.(i)) continue;
    const color = shading?.palette[shading.shades[i]!];
    if (color !== undefined && color !== last) {
      context.fillStyle = `rgb(${color & 255} ${(color >> 8) & 255} ${(color >> 16) & 255})`;
      last = color;
    }
    context.beginPath();
    context.arc(pixelX(x(i), stage), pixelY(y(i), stage), radius + 0.25, 0, 2 * Math.PI);
    context.fill();
  }
  context.globalAlpha = 1;
}
