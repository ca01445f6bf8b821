import { NUMBER_SIZE } from '../marks/paint-bars.js';
import type { Picture } from '../picture.js';
import type { PlotlyTrace } from '../plotly.js';

/** Lying bars, and the numbers behind them. */
export function lyingBarTraces({ bars, keys = [] }: Picture): PlotlyTrace[] {
  const { boxes = [], numbers } = bars ?? {};
  return [
    {
      type: 'bar',
      orientation: 'h',
      // The axis of Plotly counts keys from the top.
      y: boxes.map(({ high }) => keys.length - 1 - high),
      offset: 0,
      width: boxes.map(({ low, high }) => high - low),
      base: boxes.map(({ from }) => from),
      x: boxes.map(({ from, to }) => to - from),
      marker: { color: boxes.map(({ color }) => color), line: { width: 0 } },
      hoverinfo: 'skip',
      showlegend: false,
      ...(numbers === undefined
        ? {}
        : {
            text: boxes.map(({ row }) => numbers.textOf(row)),
            textposition: 'outside',
            textangle: 0,
            constraintext: 'none',
            textfont: { color: numbers.color, size: NUMBER_SIZE },
          }),
    },
  ];
}
