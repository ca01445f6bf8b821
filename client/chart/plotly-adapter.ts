/* oxlint-disable no-underscore-dangle -- the one file that reads Plotly's private fields */
import { spanOfRange, type Span } from './axis.js';
import type { PlotlyElement } from './plotly.js';
import type { View } from './view.js';

/** What Plotly knows of an axis but gives no public way to: the only underscored fields we read are here. */
interface LiveAxis {
  range: readonly unknown[];
  _offset: number;
  _length: number;
}

interface PublicAxis {
  range?: readonly unknown[];
}

interface Live extends PlotlyElement {
  _fullLayout?: { xaxis?: LiveAxis; yaxis?: LiveAxis };
  /** When a button went down last, by the clock of the world. */
  _mouseDownTime?: number;
}

/** The view that the axes show at this moment; `gd.layout` is behind while a person drags. */
export function liveView(element: PlotlyElement): View | undefined {
  const { xaxis, yaxis } = (element as Live)._fullLayout ?? {};
  if (xaxis === undefined || yaxis === undefined) return undefined;
  return finite({ x: spanOfRange(xaxis.range), y: spanOfRange(yaxis.range) });
}

/** The view that Plotly's public layout tells: as good once a person has let go. */
export function settledView({ layout }: PlotlyElement): View | undefined {
  const { xaxis, yaxis } = layout as { xaxis?: PublicAxis; yaxis?: PublicAxis };
  if (xaxis?.range === undefined || yaxis?.range === undefined) return undefined;
  return finite({ x: spanOfRange(xaxis.range), y: spanOfRange(yaxis.range) });
}

/** True where the axes show `view`, to a thousandth of a pixel or so. */
export const isSameView = (live: View | undefined, view: View): boolean =>
  live !== undefined && isNear(live.x, view.x, 1e-6) && isNear(live.y, view.y, 1e-6);

/** True while a box is being drawn: Plotly then reports ranges that its axes do not have yet. */
export const isBoxing = (element: HTMLElement): boolean =>
  element.querySelector('.zoombox') !== null;

/** Has Plotly count from one again, which takes the next click for another one of a double click wherever it is. */
export function forgetClicks(element: PlotlyElement): void {
  (element as Live)._mouseDownTime = 0;
}

/** Where the canvas of the marks goes: above the grid lines, below the box of a zoom and the buttons. */
export const layerHost = (element: HTMLElement): HTMLElement | undefined =>
  element.querySelector<HTMLElement>('.gl-container') ?? undefined;

/** Lets the last label of an axis reach over the edge of the chart: the margin is for half of a usual one. */
export function showWholeLabels(element: HTMLElement): void {
  for (const svg of element.querySelectorAll<SVGElement>('.main-svg')) {
    svg.style.overflow = 'visible';
  }
}

/**
 * True where the fields above are what they were in the version that this was written for: they agree with the
 * public layout and with what is on the screen. Else the marks cannot be laid on the axes: Plotly is to draw them,
 * and its public events and layout tell what it shows.
 */
export function isAsExpected(element: PlotlyElement, plot: DOMRect): boolean {
  const view = liveView(element);
  const { xaxis } = (element as Live)._fullLayout ?? {};
  const layout = element.layout as { xaxis?: { range?: unknown[] } };
  if (view === undefined || xaxis === undefined || layerHost(element) === undefined) return false;
  const range = layout.xaxis?.range;
  const isSameRange = range === undefined || isNear(view.x, spanOfRange(range), 1e-3);
  const isSamePlace =
    Math.abs(xaxis._length - plot.width) <= 2 && Math.abs(xaxis._offset - plot.left) <= 2;
  return isSameRange && isSamePlace;
}

const finite = (view: View): View | undefined =>
  [...view.x, ...view.y].every(Number.isFinite) ? view : undefined;

/** True where the ends differ by no more than `share` of the span, whichever comes first: an axis of bars goes down. */
const isNear = (one: Span, other: Span, share: number): boolean => {
  const upward = ([low, high]: Span): Span => (low < high ? [low, high] : [high, low]);
  const [a, b] = [upward(one), upward(other)];
  const slack = Math.abs(b[1] - b[0]) * share;
  return Math.abs(a[0] - b[0]) <= slack && Math.abs(a[1] - b[1]) <= slack;
};
