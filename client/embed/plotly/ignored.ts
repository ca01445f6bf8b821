import type { Mark } from '../../../protocol/query.js';
import { at, isList, textOr, type PlotlyTrace } from './figure.js';

/** Parts of a trace that have no counterpart, by their path. */
const TRACE_PARTS: readonly [path: readonly string[], why: string][] = [
  [['marker', 'symbol'], 'all markers are discs'],
  [['marker', 'line'], 'markers have no outline'],
  [['marker', 'cmin'], 'colors reach from the least number to the greatest'],
  [['marker', 'cmax'], 'colors reach from the least number to the greatest'],
  [['zmin'], 'colors reach from the least number to the greatest'],
  [['zmax'], 'colors reach from the least number to the greatest'],
  [['line', 'dash'], 'lines are solid'],
  [['line', 'shape'], 'rows are joined by straight lines'],
  [['fill'], 'nothing is filled'],
  [['error_x'], 'no error bars are drawn'],
  [['error_y'], 'no error bars are drawn'],
  [['text'], 'no text is drawn beside marks'],
  [['cumulative'], 'bins are not summed up'],
  [['xbins'], 'bins fit the data'],
  [['ybins'], 'bins fit the data'],
  [['histnorm'], 'bins are counts'],
  [['selectedpoints'], 'a selection is a filter'],
  [['stackgroup'], 'lines do not stand on each other'],
];

const AXIS_PARTS: readonly [path: readonly string[], why: string][] = [
  [['tickvals'], 'ticks follow from the range'],
  [['tickformat'], 'ticks follow from the range'],
  [['dtick'], 'ticks follow from the range'],
  [['rangebreaks'], 'an axis has no breaks'],
  [['rangeslider', 'visible'], 'the chart itself is moved'],
];

const LAYOUT_PARTS: readonly [path: readonly string[], why: string][] = [
  [['shapes'], 'no shapes are drawn'],
  [['annotations'], 'no annotations are drawn'],
  [['images'], 'no images are drawn'],
  [['updatemenus'], 'there are no buttons of the figure'],
  [['sliders'], 'there are no sliders of the figure'],
  [['yaxis2'], 'there is one y axis'],
  [['xaxis2'], 'there is one x axis'],
  [['coloraxis', 'cmin'], 'colors reach from the least number to the greatest'],
  [['coloraxis', 'cmax'], 'colors reach from the least number to the greatest'],
  ...['xaxis', 'yaxis'].flatMap((axis) =>
    AXIS_PARTS.map(([path, why]): [string[], string] => [[axis, ...path], why]),
  ),
];

/** What of a figure is not honoured, whatever its values, a sentence each. */
export function ignoredIn(
  data: readonly PlotlyTrace[],
  layout: Readonly<Record<string, unknown>>,
  mark: Mark,
): string[] {
  const found = new Set<string>();
  for (const trace of data) {
    for (const [path, why] of TRACE_PARTS) {
      const value = at(trace, ...path);
      if (isSaid(value)) found.add(`${path.join('.')}: ${why}.`);
    }
    if (typeof at(trace, 'marker', 'color') === 'string' && mark !== 'heatmap' && data.length > 1)
      found.add('marker.color: categories have the colors of the theme.');
  }
  // How many there are is kept of a histogram alone.
  for (const name of mark === 'heatmap' ? ['nbinsx', 'nbinsy'] : [])
    if (isSaid(data[0]![name])) found.add(`${name}: cells fit the picture.`);
  const isCounted = ['', 'count'].includes(textOr(data[0]!['histfunc'], ''));
  if (mark === 'histogram' && !isCounted) found.add('histfunc: bins are counts.');
  const mode = textOr(layout['barmode'], '');
  const isBars = mark === 'bar' || mark === 'histogram';
  if (isBars && data.length > 1 && (mode === 'group' || mode === 'overlay'))
    found.add('layout.barmode: bars of one key stand on each other.');
  for (const axis of ['xaxis', 'yaxis'] as const)
    if (textOr(at(layout, axis, 'autorange'), '').includes('reversed'))
      found.add(`${axis}.autorange: axes ascend.`);
  const types = new Set(data.map(({ type }) => textOr(type, 'scatter').replace(/gl$/u, '')));
  if (types.size > 1) found.add(`data: one kind of trace is drawn, of ${[...types].join(', ')}.`);
  for (const [path, why] of LAYOUT_PARTS) {
    if (isSaid(at(layout, ...path))) found.add(`layout.${path.join('.')}: ${why}.`);
  }
  return [...found];
}

/** Plotly Express writes many parts out that say nothing. */
function isSaid(value: unknown): boolean {
  if (value === undefined || value === null || value === '' || value === 'none') return false;
  if (value === 'circle' || value === 'solid' || value === 'linear' || value === false)
    return false;
  if (Array.isArray(value)) return value.length > 0;
  if (isList(value)) return true;
  return typeof value !== 'object' || Object.keys(value).length > 0;
}
