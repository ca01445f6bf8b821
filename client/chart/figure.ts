import type { Theme } from '../theme.js';
import { plotlyEnd, type Axis, type Span } from './axis.js';
import type { farTicks } from './far-ticks.js';
import { legendLayout, legendTraces } from './figure-legend.js';
import type { Figure, FigureParts } from './figure-parts.js';
import { cutAt, escapeMarkup } from './label-text.js';
import { movableOf } from './moved-view.js';
import { EMPTY_TRACE, type PlotlyTrace } from './plotly.js';
import type { Picture } from './picture.js';
import type { zoneTicks } from './zone-ticks.js';

/** Plotly's names for the tools. It never selects itself: the chart takes those drags before it. */
export const DRAG_MODES = { move: 'pan', zoom: 'zoom', box: 'select', lasso: 'lasso' } as const;

/** What tells the ticks of a time zone, or far from zero: few charts need them. */
let ticksOf: typeof zoneTicks | undefined;
let farOf: typeof farTicks | undefined;

/** Where an end is so many times as large as the span is long, Plotly's labels differ in their last digits only, or get them wrong. */
const FAR = 1e5;
const isFar = ({ kind, scale }: Axis, [low, high]: Span): boolean =>
  kind === 'number' &&
  scale === 'linear' &&
  Math.max(Math.abs(low), Math.abs(high)) > FAR * (high - low);

/** Loads what the figure of a picture needs of that; undefined where it is there. */
export function loadFor({ axes, view }: Picture): Promise<unknown> | undefined {
  const loading: Promise<unknown>[] = [];
  const isZoned = axes.x.timeZone !== undefined || axes.y.timeZone !== undefined;
  if (isZoned && ticksOf === undefined) {
    loading.push(import('./zone-ticks.js').then((made) => (ticksOf = made.zoneTicks)));
  }
  if (farOf === undefined && (isFar(axes.x, view.x) || isFar(axes.y, view.y))) {
    loading.push(import('./far-ticks.js').then((made) => (farOf = made.farTicks)));
  }
  return loading.length === 0 ? undefined : Promise.all(loading);
}

/** Axes and legend as Plotly takes them. No row is in it: the marks stand on a canvas of ours. */
export function figureOf(parts: FigureParts): Figure {
  const { spec, picture, view, theme, frame } = parts;
  const movable = movableOf(spec.query.mark, picture.axes);
  // Bars lie: what is measured stands along the bottom.
  const isBar = spec.query.mark === 'bar';
  const width = frame.width - frame.margin.l - frame.margin.r;
  const { xaxis, yaxis, ...rest } = (picture.layout ?? {}) as Record<
    string,
    Record<string, unknown> | undefined
  >;
  const layout = {
    width: frame.width,
    height: frame.height,
    margin: { ...frame.margin, pad: 0, autoexpand: false },
    paper_bgcolor: 'rgba(0,0,0,0)',
    plot_bgcolor: 'rgba(0,0,0,0)',
    font: { family: theme.font, size: 12, color: theme.muted },
    dragmode: movable.x || movable.y ? DRAG_MODES[parts.tool ?? 'move'] : false,
    hovermode: false,
    showlegend: false,
    modebar: {
      bgcolor: 'rgba(0,0,0,0)',
      color: theme.axis,
      activecolor: theme.text,
      orientation: 'h',
    },
    xaxis: {
      ...axisLayout(picture.axes.x, view.x, theme, isBar ? spec.labels?.y : spec.labels?.x, width),
      ...thinned(picture.axes.x, view.x, width),
      // Labels of times are so wide that the last one may reach over the edge of the card: then it is left out.
      ...(isOfTime(picture.axes.x) ? { ticklabeloverflow: 'hide past div' } : {}),
      fixedrange: !movable.x,
      showgrid: spec.query.mark !== 'histogram',
      ...xaxis,
    },
    yaxis: {
      ...axisLayout(
        picture.axes.y,
        view.y,
        theme,
        isBar ? undefined : spec.labels?.y,
        frame.height - frame.margin.t - frame.margin.b,
      ),
      fixedrange: !movable.y,
      ...yaxis,
    },
    ...rest,
    ...(parts.withLegend ? legendLayout(parts) : {}),
  };
  const data: PlotlyTrace[] = [
    ...(picture.traces ?? [EMPTY_TRACE]),
    ...(parts.withLegend ? legendTraces(parts) : []),
  ];
  return { data, layout };
}

/** Pixels for a tick with its label: times have words, numbers are short, and decades shorter. */
const TICK_ROOM = 90;
const NUMBER_ROOM = 64;
const DECADE_ROOM = 36;
/** A letter of a title on average, and how far a title may reach over the ends of its axis. */
const TITLE_LETTER = 7;
const TITLE_OVER = 24;

/** Plotly's own ticks are in UTC: those of another zone are told one by one. */
function zoneLayout(
  span: Span,
  axis: Axis,
  timeZone: string,
  pixels: number,
): Record<string, unknown> {
  const ticks = ticksOf?.(span, timeZone, Math.floor(pixels / TICK_ROOM));
  return ticks === undefined ? {} : toldOneByOne(ticks, axis);
}

const toldOneByOne = (
  ticks: readonly { position: number; text: string }[],
  axis: Axis,
): Record<string, unknown> => ({
  tickmode: 'array',
  tickvals: ticks.map(({ position }) => plotlyEnd(position, axis)),
  ticktext: ticks.map(({ text }) => text),
});

/** The title of an axis may reach over its ends, into the margins; what is longer is cut where Plotly would lose it. */
function fitted(title: string, pixels: number): string {
  const letters = Math.floor((pixels + TITLE_OVER) / TITLE_LETTER);
  return title.length > letters ? `${cutAt(title, Math.max(1, letters - 1))}…` : title;
}

const isOfTime = ({ kind }: Axis): boolean => kind === 'time' || kind === 'clock';

function axisLayout(
  axis: Axis,
  span: readonly [number, number],
  theme: Theme,
  label: string | undefined,
  pixels: number,
): Record<string, unknown> {
  const isTime = isOfTime(axis);
  const far = isFar(axis, span) ? farOf?.(span, Math.floor(pixels / TICK_ROOM), label) : undefined;
  return {
    type: isTime ? 'date' : axis.scale,
    range: span.map((end) => plotlyEnd(end, axis)),
    autorange: false,
    automargin: false,
    title: {
      text: escapeMarkup(fitted(far?.title ?? label ?? '', pixels)),
      // Names of categories are as long as they are, or turned.
      ...(axis.kind === 'category' ? { standoff: 10 } : {}),
      font: { size: 12, color: theme.muted },
    },
    gridcolor: theme.grid,
    linecolor: theme.axis,
    showline: true,
    zeroline: false,
    ticks: 'outside',
    ticklen: 4,
    tickcolor: theme.axis,
    tickfont: { size: 11, color: theme.muted },
    // What Plotly would lay out every label to find out: whether to turn them, whether they reach over the edge, and, with a
    // distance of the title, how far it is. Steps between ticks have room for their labels, and margins for half of one.
    tickangle: 0,
    ticklabeloverflow: 'allow',
    exponentformat: 'SI',
    ...(far === undefined ? {} : toldOneByOne(far.ticks, axis)),
    ...(axis.timeZone === undefined ? {} : zoneLayout(span, axis, axis.timeZone, pixels)),
    ...(axis.kind === 'clock' ? { tickformat: '%H:%M' } : {}),
    // Of every decade 1, 2 and 5 are named as long as there is room for them.
    ...(axis.scale === 'log' ? { dtick: span[1] - span[0] <= 4 ? 'D2' : 1 } : {}),
  };
}

/** Plotly has five ticks along the shortest x axis, and ten decades in a row: labels would lie over one another. */
function thinned(axis: Axis, [low, high]: Span, pixels: number): Record<string, unknown> {
  if (axis.scale === 'log') {
    const decades = Math.ceil(((high - low) * DECADE_ROOM) / pixels);
    return high - low > 4 && decades > 1 ? { dtick: decades } : {};
  }
  const room = axis.kind === 'number' ? NUMBER_ROOM : TICK_ROOM;
  return pixels < 5 * room ? { nticks: Math.max(2, Math.floor(pixels / room)) } : {};
}
