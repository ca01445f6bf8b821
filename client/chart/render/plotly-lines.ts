import { rgbOf } from '../../theme.js';
import type { BuildParts } from '../build-picture.js';
import { lineRows, type Edges } from '../marks/line-rows.js';
import { dotSize, LINE_WIDTH } from '../mark-style.js';
import type { Picture } from '../picture.js';
import type { PlotlyTrace } from '../plotly.js';
import { plotlyValue } from './plotly-value.js';

type Values = (number | string | null)[];

const QUIET = { type: 'scatter', hoverinfo: 'skip', showlegend: false };
const BAND_OPACITY = 0.16;

/** The band, and for each stretch of a series its line and the dots of vertices that stand alone. */
export function lineTraces({ axes }: Picture, { frame, theme, spec }: BuildParts): PlotlyTrace[] {
  const rows = lineRows({ frame, axes, theme, hidden: new Set(spec.hidden) });
  const { x, y, series, runs, edges, withDots } = rows;
  const xAt = (i: number): number | string | null => plotlyValue(x[i]!, axes.x);
  const yAt = (i: number): number | string | null => plotlyValue(y[i]!, axes.y);
  const stroke = spec.style?.stroke ?? LINE_WIDTH;
  const traces: PlotlyTrace[] = [];
  if (edges !== undefined) traces.push(bandTrace(edges, axes, theme.mark));
  for (const { code, start, end } of runs) {
    const { color } = series[code]!;
    const at = Array.from({ length: end - start }, (_, i) => start + i);
    traces.push({
      ...QUIET,
      mode: 'lines',
      x: at.map(xAt),
      y: at.map(yAt),
      line: { color, width: stroke, simplify: false },
    });
    const isDrawn = (i: number): boolean => i >= start && i < end && Number.isFinite(y[i]!);
    const dots = at.filter((i) => isDrawn(i) && (withDots || (!isDrawn(i - 1) && !isDrawn(i + 1))));
    if (dots.length > 0) {
      traces.push({
        ...QUIET,
        mode: 'markers',
        x: dots.map(xAt),
        y: dots.map(yAt),
        marker: { color, size: dotSize(stroke), opacity: 1, line: { width: 0 } },
      });
    }
  }
  return traces;
}

/** One outline around each stretch. */
function bandTrace(
  { x, low, high, runs }: Edges,
  axes: Picture['axes'],
  color: string,
): PlotlyTrace {
  const [xs, ys]: [Values, Values] = [[], []];
  const put = (i: number, edge: ArrayLike<number>): void => {
    xs.push(plotlyValue(x[i]!, axes.x));
    ys.push(plotlyValue(edge[i]!, axes.y));
  };
  for (const { start, end } of runs) {
    for (let i = start; i < end; i++) put(i, high);
    for (let i = end - 1; i >= start; i--) put(i, low);
    xs.push(null);
    ys.push(null);
  }
  return {
    ...QUIET,
    mode: 'lines',
    x: xs,
    y: ys,
    fill: 'toself',
    fillcolor: `rgba(${rgbOf(color).join(', ')}, ${BAND_OPACITY})`,
    line: { width: 0 },
  };
}
