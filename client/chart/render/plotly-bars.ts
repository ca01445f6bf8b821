import type { BuildParts } from '../build-picture.js';
import { barsOf, boxOf } from '../marks/histogram.js';
import { positionAt, type Picture } from '../picture.js';
import type { PlotlyTrace } from '../plotly.js';
import { plotlyValue } from './plotly-value.js';

/** Without gaps of its own Plotly leaves the edges of bars as sharp as they are. */
export const BAR_LAYOUT = { barmode: 'overlay', bargap: 0, bargroupgap: 0 };

/** The bars of a histogram, in the whole pixels that they have on a canvas. */
export function barTraces(
  { axes, view }: Picture,
  { question, frame, theme, spec, ratio }: BuildParts,
): PlotlyTrace[] {
  const { width = 1, height = 1 } = question;
  const stage = { width, height, ratio, view };
  const isLogX = axes.x.scale === 'log';
  const isLogY = axes.y.scale === 'log';
  const bars = barsOf({ frame, axes, theme, hidden: new Set(spec.hidden) }).map((bar) => {
    const { x0, x1, y0, y1 } = boxOf(bar, isLogY ? view.y[0] : undefined, stage);
    const [from, to] = [positionAt(x0, y1, stage), positionAt(x1, y0, stage)];
    const base = isLogY ? 10 ** from.y : from.y;
    return {
      x: plotlyValue(from.x, axes.x),
      width: isLogX ? 10 ** to.x - 10 ** from.x : to.x - from.x,
      base,
      y: (isLogY ? 10 ** to.y : to.y) - base,
      color: bar.series.color,
    };
  });
  return [
    {
      type: 'bar',
      x: bars.map(({ x }) => x),
      width: bars.map((bar) => bar.width),
      offset: 0,
      base: bars.map(({ base }) => base),
      y: bars.map(({ y }) => y),
      marker: { color: bars.map(({ color }) => color), line: { width: 0 } },
      hoverinfo: 'skip',
      showlegend: false,
    },
  ];
}
