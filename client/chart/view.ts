import type { Span } from './axis.js';

/** The part of the data plane that a picture shows, in positions of its axes. */
export interface View {
  x: Span;
  y: Span;
}

/** Where pixels of one picture stand in another: `x * scaleX + offsetX`, y alike, downward. */
export interface Placement {
  scaleX: number;
  scaleY: number;
  offsetX: number;
  offsetY: number;
}

/** Where a picture of `from` stands on a canvas of `width` by `height` pixels that shows `to`. */
export function placementOf(from: View, to: View, width: number, height: number): Placement {
  const spanX = to.x[1] - to.x[0];
  const spanY = to.y[1] - to.y[0];
  return {
    scaleX: (from.x[1] - from.x[0]) / spanX,
    scaleY: (from.y[1] - from.y[0]) / spanY,
    offsetX: ((from.x[0] - to.x[0]) / spanX) * width,
    offsetY: ((to.y[1] - from.y[1]) / spanY) * height,
  };
}

/** True where both show the same to a hundredth of a pixel of `pixels`. */
export function sameView(a: View, b: View, pixels = 4096): boolean {
  return sameSpan(a.x, b.x, pixels) && sameSpan(a.y, b.y, pixels);
}

export function sameSpan(a: Span, b: Span, pixels = 4096): boolean {
  const slack = Math.abs(b[1] - b[0]) / (pixels * 100);
  return Math.abs(a[0] - b[0]) <= slack && Math.abs(a[1] - b[1]) <= slack;
}

/** The span moved by `share` of its length. */
export const panned = ([low, high]: Span, share: number): Span => {
  const by = (high - low) * share;
  return [low + by, high + by];
};

/** The span `factor` times as long, around its middle. */
export const zoomed = ([low, high]: Span, factor: number): Span => {
  const middle = (low + high) / 2;
  const half = ((high - low) / 2) * factor;
  return [middle - half, middle + half];
};
