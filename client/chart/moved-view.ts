import type { Mark } from '../../protocol/query.js';
import { axisOf, domainOf, spanOf, type Span } from './axis.js';
import type { PlotArea } from './frame-box.js';
import type { Picture } from './picture.js';
import type { ChartDomain } from './types.js';
import type { View } from './view.js';

/** Which axes a query can be asked for another part of. */
const MOVABLE: Readonly<Record<Mark, { x: boolean; y: boolean }>> = {
  scatter: { x: true, y: true },
  heatmap: { x: true, y: true },
  line: { x: true, y: false },
  histogram: { x: true, y: false },
  bar: { x: false, y: false },
  value: { x: false, y: false },
  rows: { x: false, y: false },
};

/** Which axes a person may move. Of categories all are shown. */
export function movableOf(mark: Mark, { x, y }: Picture['axes']): { x: boolean; y: boolean } {
  const movable = MOVABLE[mark];
  return { x: movable.x && x.kind !== 'category', y: movable.y && y.kind !== 'category' };
}

/** The view that a person has moved to `moved`: axes that cannot be moved, or not so far, stay as in `view`. */
export function movedView(mark: Mark, view: View, moved: View, { axes }: Picture): View {
  const movable = movableOf(mark, axes);
  return {
    x: movable.x && isAllowed(moved.x, view.x) ? moved.x : view.x,
    y: movable.y && isAllowed(moved.y, view.y) ? moved.y : view.y,
  };
}

/** The domain that asks for a view: of the axes that may be moved, in values rounded to the pixels of the plot. */
export function domainOfView(
  mark: Mark,
  view: View,
  { axes }: Picture,
  area: PlotArea,
): ChartDomain {
  const movable = movableOf(mark, axes);
  return {
    ...(movable.x ? { x: domainOf(view.x, axes.x, area.pixelWidth) } : {}),
    ...(movable.y ? { y: domainOf(view.y, axes.y, area.pixelHeight) } : {}),
  };
}

/** Where a view is to be moved to for a domain: an axis that is left open stays until the answer is there. */
export function viewOf(domain: ChartDomain, picture: Picture, view: View): View {
  const span = (side: 'x' | 'y'): Span =>
    spanOf(domain[side], axisOfDomain(side, domain, picture)) ?? view[side];
  return { x: span('x'), y: span('y') };
}

function axisOfDomain(side: 'x' | 'y', domain: ChartDomain, picture: Picture) {
  const axis = picture.axes[side];
  return domain[side] === undefined || axis.kind === 'category'
    ? axis
    : { ...axisOf(side, undefined, domain[side], axis.scale), unit: axis.unit };
}

/** Doubles must still tell the pixels of a span apart. Where a link leads nearer than that, a person can move about and out of it. */
function isAllowed([low, high]: Span, [from, to]: Span): boolean {
  const nearest = Math.max(Math.abs(low), Math.abs(high)) * 1e-12;
  return Number.isFinite(high - low) && high - low > Math.min(nearest, 0.99 * (to - from));
}
