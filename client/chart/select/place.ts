import { positionAt } from '../picture.js';
import type { View } from '../view.js';
import type { SelectionGround } from './ground.js';
import type { Place } from './shape.js';

/** The position under a pointer; outside of the plot area undefined, or with `isHeld` the nearest within. */
export function placeOf(
  event: PointerEvent,
  element: HTMLElement,
  { area, view }: SelectionGround,
  isHeld = false,
): Place | undefined {
  const bounds = element.getBoundingClientRect();
  const left = event.clientX - bounds.left - area.left;
  const top = event.clientY - bounds.top - area.top;
  const isInside = left >= 0 && top >= 0 && left <= area.width && top <= area.height;
  if (!isInside && !isHeld) return undefined;
  const stage = { width: area.width, height: area.height, ratio: 1, view };
  const { x, y } = positionAt(
    Math.min(Math.max(left, 0), area.width),
    Math.min(Math.max(top, 0), area.height),
    stage,
  );
  return [x, y];
}

/** So many CSS pixels in positions of each axis. */
export const reachOf = ({ area, view }: SelectionGround, pixels: number): Place => [
  (pixels * (view.x[1] - view.x[0])) / area.width,
  (pixels * (view.y[1] - view.y[0])) / area.height,
];

export const middleOf = ({ x, y }: View): Place => [(x[0] + x[1]) / 2, (y[0] + y[1]) / 2];
