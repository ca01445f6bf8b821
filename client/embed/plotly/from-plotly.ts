import { formatAddress } from '../../../protocol/address/address.js';
import type { View } from '../../../protocol/address/view.js';
import type { Mark } from '../../../protocol/query.js';
import { OPACITIES, SIZES, STROKES } from '../../../protocol/view/shading.js';
import { at, isList, textOr, titleAt, type PlotlyFigure, type PlotlyTrace } from './figure.js';
import { ignoredIn } from './ignored.js';
import { readColors, type FigureColors } from './read-colors.js';
import { readAxis } from './read-axis.js';

export interface FromPlotlyOptions {
  /** The dataset that holds the figure's columns. */
  dataset: string;
  /** The names of its columns, to find mistakes early. */
  columns?: readonly string[];
}

/** A figure of Plotly as a picture of Halftone. */
export interface FromPlotly {
  /** What is shown, in the words of the address. */
  view: View;
  /** The same as an address below the server: `explore/flights?mark=scatter&x=distance&y=delay`. */
  link: string;
  title: string | undefined;
  /** For `createChart`; the radius, and the width of lines, in CSS pixels. */
  style: { opacity?: number; radius?: number; stroke?: number };
  /** To be put over a theme: `{ ...LIGHT, ...colors }`. */
  colors: FigureColors;
  /** What of the figure is not honoured, a sentence each. */
  notHonoured: string[];
}

const MARKS: Readonly<Record<string, Mark>> = {
  scatter: 'scatter',
  scattergl: 'scatter',
  histogram: 'histogram',
  histogram2d: 'heatmap',
  heatmap: 'heatmap',
  bar: 'bar',
};

/**
 * Takes over a figure of Plotly: `scatter`, `scattergl`, `histogram`, `histogram2d`, `heatmap` and `bar`. Its rows stay where they are: a figure of Plotly
 * Express names its columns in the titles of its axes, of its legend and of its color bar, and those are looked for in the dataset; in figures
 * made by hand, `x`, `y`, `z` and `marker.color` may also be the name of a column. Throws where a figure has no trace, or none of these.
 */
export function fromPlotly(
  { data = [], layout = {} }: PlotlyFigure,
  { dataset, columns }: FromPlotlyOptions,
): FromPlotly {
  const [trace] = data;
  if (trace === undefined) throw new Error('The figure has no trace.');
  const type = textOr(trace['type'], 'scatter');
  const found = MARKS[type];
  if (found === undefined) {
    const known = Object.keys(MARKS).join(', ');
    throw new Error(`A trace of the type "${type}" is not taken over: it has to be ${known}.`);
  }
  const notHonoured: string[] = [];
  const say = (sentence: string): void => void notHonoured.push(sentence);
  const mark = found === 'scatter' && isLine(trace, say) ? 'line' : found;
  const isAcross = (mark === 'bar' || mark === 'histogram') && isLying(trace);
  const x = readAxis(trace, layout, 'x', say);
  const y = readAxis(trace, layout, 'y', say);
  // Bars of Halftone lie, and bins stand: what is counted is found whichever way Plotly draws it.
  const [key, value] = isAcross ? [y, x] : [x, y];
  if (isAcross && mark === 'histogram') say('orientation: bins stand on the x axis.');

  const column = (name: string | undefined, role: string): string | undefined => {
    if (name === undefined || columns === undefined || columns.includes(name)) return name;
    say(`${role}: the dataset has no column "${name}".`);
    return undefined;
  };
  const keyName = column(key.column, isAcross ? 'y' : 'x');
  if (keyName === undefined) say(`${isAcross ? 'y' : 'x'}: the figure names no column.`);
  const takesValue = mark !== 'histogram';
  const valueName = takesValue ? column(value.column, isAcross ? 'x' : 'y') : undefined;
  if (takesValue && valueName === undefined && mark !== 'bar') {
    say(`${isAcross ? 'x' : 'y'}: the figure names no column.`);
  }
  const color = column(colorOf(trace, layout, data.length), 'color');
  const of = mark === 'heatmap' ? column(measureOf(trace, layout), 'z') : undefined;
  const aggregate = aggregateOf(trace, mark, valueName ?? of);
  const bins = trace[isAcross ? 'nbinsy' : 'nbinsx'];
  const title = titleAt(layout, 'title');
  const markers = styleOf(trace, say);
  const style = mark === 'line' ? lineStyleOf(data, say) : markers;

  const view: View = {
    dataset,
    mark,
    ...(keyName !== undefined && { x: keyName }),
    ...(valueName !== undefined && { y: [valueName] }),
    ...(color !== undefined && mark !== 'heatmap' && { color }),
    ...(aggregate !== undefined && { agg: aggregate }),
    ...(of !== undefined && { of }),
    ...(mark === 'line' && { bin: 'none' as const }),
    ...(mark === 'histogram' && Number.isInteger(bins) && { bins: bins as number }),
    ...((mark === 'scatter' || mark === 'line') && shadingOf(style)),
    ...(mark !== 'bar' && key.isLog && { xScale: 'log' as const }),
    ...(mark !== 'bar' && value.isLog && { yScale: 'log' as const }),
    ...(mark !== 'bar' && key.domain !== undefined && { xDomain: key.domain }),
    ...(mark !== 'bar' && value.domain !== undefined && { yDomain: value.domain }),
  };
  for (const sentence of ignoredIn(data, layout, mark)) say(sentence);
  const colors = readColors(trace, layout, say);
  return { view, link: formatAddress(view), title, style, colors, notHonoured };
}

/** Whether bars or bins lie along x. Plotly has them lie as well where only y is given. */
const isLying = ({ orientation, x, y }: PlotlyTrace): boolean =>
  orientation === 'h' || (orientation === undefined && x === undefined && y !== undefined);

/** Lines, with or without markers; text is no mark of ours. */
function isLine(trace: PlotlyTrace, say: (sentence: string) => void): boolean {
  // Plotly joins the points of a scatter trace of many rows, and marks those of a few; a mode says which.
  const mode = textOr(trace['mode'], 'markers');
  const isJoined = mode.includes('lines');
  if (mode.includes('text')) say('mode: text is not drawn.');
  if (isJoined && mode.includes('markers')) say('mode: lines have no markers.');
  return isJoined;
}

/** The column of color: several traces are the values of one, which the legend names; a color bar names its own. */
function colorOf(
  trace: PlotlyTrace,
  layout: Readonly<Record<string, unknown>>,
  traces: number,
): string | undefined {
  const color = at(trace, 'marker', 'color');
  if (isList(color)) {
    const axis = at(trace, 'marker', 'coloraxis');
    return (
      titleAt(trace, 'marker', 'colorbar', 'title') ??
      titleAt(layout, typeof axis === 'string' ? axis : 'coloraxis', 'colorbar', 'title')
    );
  }
  return traces > 1 ? titleAt(layout, 'legend', 'title') : undefined;
}

/** The column that a heatmap's color is computed from. */
function measureOf(
  trace: PlotlyTrace,
  layout: Readonly<Record<string, unknown>>,
): string | undefined {
  if (typeof trace['z'] === 'string') return trace['z'];
  if (trace['z'] === undefined) return undefined;
  const title =
    titleAt(trace, 'colorbar', 'title') ?? titleAt(layout, 'coloraxis', 'colorbar', 'title');
  // Plotly Express writes "avg of delay".
  return title?.replace(/^(?:avg|sum|min|max|count) of /u, '');
}

function aggregateOf(
  trace: PlotlyTrace,
  mark: Mark,
  measured: string | undefined,
): string | undefined {
  const how = { count: 'count', sum: 'sum', avg: 'mean', min: 'min', max: 'max' }[
    textOr(trace['histfunc'], '')
  ];
  if (measured === undefined || (mark !== 'heatmap' && mark !== 'bar')) return undefined;
  // Bars of one key stand on each other: together they are as long as their sum.
  if (mark === 'bar') return how ?? 'sum';
  return trace['type'] === 'heatmap' ? 'mean' : how;
}

function styleOf(trace: PlotlyTrace, say: (sentence: string) => void): FromPlotly['style'] {
  const size = at(trace, 'marker', 'size');
  const opacity = at(trace, 'marker', 'opacity') ?? trace['opacity'];
  if (isList(size)) say('marker.size: all markers have one size.');
  if (isList(opacity)) say('marker.opacity: all markers have one opacity.');
  return {
    ...(typeof size === 'number' && size > 0 && { radius: size / 2 }),
    ...(typeof opacity === 'number' && opacity >= 0 && opacity <= 1 && { opacity }),
  };
}

/** Of lines one width is kept, the first one's. */
function lineStyleOf(
  data: readonly PlotlyTrace[],
  say: (sentence: string) => void,
): FromPlotly['style'] {
  const widths = data.map((trace) => at(trace, 'line', 'width'));
  const [stroke] = widths;
  if (widths.some((width) => width !== stroke)) say('line.width: all lines have one width.');
  return typeof stroke === 'number' && stroke > 0 ? { stroke } : {};
}

/** The style as a link holds it: what is smaller or larger than an address takes is its nearest. */
function shadingOf({
  radius,
  opacity,
  stroke,
}: FromPlotly['style']): Pick<View, 'size' | 'opacity' | 'stroke'> {
  const within = (value: number, [least, most]: readonly [number, number]): number =>
    Math.min(Math.max(value, least), most);
  return {
    ...(radius !== undefined && { size: within(radius, SIZES) }),
    ...(opacity !== undefined && { opacity: within(opacity, OPACITIES) }),
    ...(stroke !== undefined && { stroke: within(stroke, STROKES) }),
  };
}
