import type { Theme } from '../theme.js';
import type { Axis } from './axis.js';
import type { PlotArea } from './frame-box.js';
import type { ChartPart } from './late-part.js';
import type { View } from './view.js';

/** Where the line is: where the present is in a view. */
export interface NowPlace {
  view: View;
  axis: Axis;
  area: PlotArea;
  theme: Theme;
}

/** It is moved when it is a pixel further, within these. */
const LEAST_MS = 250;
const MOST_MS = 60_000;

/** The line at the present of a time axis, over `element`; it goes on by itself. `now` is in milliseconds since 1970. */
export function createNowLine(
  element: HTMLElement,
  now: () => number = Date.now,
): ChartPart<NowPlace> {
  const line = document.createElement('div');
  line.className = 'halftone-now';
  line.setAttribute('aria-hidden', 'true');
  Object.assign(line.style, { position: 'absolute', width: '0', pointerEvents: 'none' });
  const word = document.createElement('span');
  word.textContent = 'now';
  Object.assign(word.style, { position: 'absolute', top: '1px', font: '600 10px/1 system-ui' });
  line.append(word);
  let where: NowPlace | undefined;
  let timer: ReturnType<typeof setTimeout> | undefined;

  function put(): void {
    clearTimeout(timer);
    const share = where && shareOfNow(where.view, where.axis, now());
    if (where === undefined || share === undefined) {
      line.remove();
      return;
    }
    const { area, theme, view } = where;
    const color = theme.categories[1]!;
    const isLate = share > 0.5;
    Object.assign(line.style, {
      left: `${area.left + share * area.width}px`,
      top: `${area.top}px`,
      height: `${area.height}px`,
      borderLeft: `1px dashed ${color}`,
    });
    Object.assign(word.style, {
      color,
      left: isLate ? 'auto' : '4px',
      right: isLate ? '5px' : 'auto',
    });
    if (line.parentElement !== element) element.append(line);
    const perPixel = (view.x[1] - view.x[0]) / Math.max(1, area.width);
    timer = setTimeout(put, Math.min(Math.max(perPixel, LEAST_MS), MOST_MS));
  }

  return {
    place(next) {
      where = next;
      put();
    },
    destroy() {
      clearTimeout(timer);
      line.remove();
    },
  };
}

/**
 * Where the present is on the x axis, from 0 to 1; undefined off it, and where it shows no instants or days. Times without a zone
 * are taken to be those of the clock of who looks.
 */
export function shareOfNow({ x: [low, high] }: View, axis: Axis, now: number): number | undefined {
  if (axis.kind !== 'time') return undefined;
  const position = axis.zoned ? now : now - new Date(now).getTimezoneOffset() * 60_000;
  const share = (position - low) / (high - low);
  return share >= 0 && share <= 1 ? share : undefined;
}
