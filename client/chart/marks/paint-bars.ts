import { pixelX, pixelY, type Stage } from '../picture.js';
import type { BarBox, BarNumbers } from './bar-boxes.js';

/** Of numbers, in CSS pixels; and between them and their bars. */
export const NUMBER_SIZE = 11;
export const NUMBER_GAP = 3;

/** Paints bars in whole pixels, and their numbers where there are any. */
export function paintBars(
  context: CanvasRenderingContext2D,
  stage: Stage,
  boxes: readonly BarBox[],
  numbers: BarNumbers | undefined,
): void {
  for (const box of boxes) {
    const { left, right, top, bottom } = pixelsOf(box, stage);
    context.fillStyle = box.color;
    context.fillRect(left, top, right - left, bottom - top);
  }
  if (numbers === undefined) return;
  context.font = `${NUMBER_SIZE * stage.ratio}px ${numbers.font}`;
  context.textBaseline = 'alphabetic';
  context.fillStyle = numbers.color;
  for (const box of boxes) {
    const { left, right, top, bottom } = pixelsOf(box, stage);
    const isLeft = box.to < 0;
    context.textAlign = isLeft ? 'right' : 'left';
    context.fillText(
      numbers.textOf(box.row),
      isLeft ? left - NUMBER_GAP * stage.ratio : right + NUMBER_GAP * stage.ratio,
      // Digits are some seven tenths of the size high.
      (top + bottom) / 2 + NUMBER_SIZE * 0.36 * stage.ratio,
    );
  }
}

/** The whole device pixels of a bar, from the top left of the plot area. */
export function pixelsOf(
  { from, to, low, high }: BarBox,
  stage: Stage,
): { left: number; right: number; top: number; bottom: number } {
  const [a, b] = [Math.round(pixelX(from, stage)), Math.round(pixelX(to, stage))];
  const top = Math.round(pixelY(high, stage));
  return {
    left: Math.min(a, b),
    right: Math.max(a, b),
    top,
    bottom: Math.max(Math.round(pixelY(low, stage)), top + 1),
  };
}
