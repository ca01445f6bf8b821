import type { BuildParts } from '../build-picture.js';
import { barPlotWidth } from '../frame-box.js';
import { NUMBER_SIZE, pixelsOf } from '../marks/paint-bars.js';
import { positionAt, type Picture } from '../picture.js';
import type { PlotlyTrace } from '../plotly.js';

/** Lying bars in the whole pixels that they have on a canvas, and the numbers behind them. */
export function lyingBarTraces(
  { view, bars, keys = [], labelWidth = 0 }: Picture,
  { chartWidth, plotHeight, ratio }: BuildParts,
): PlotlyTrace[] {
  const { boxes = [], numbers } = bars ?? {};
  const width = Math.round(barPlotWidth(chartWidth, labelWidth) * ratio);
  const stage = { width, height: Math.round(plotHeight * ratio), ratio, view };
  const ends = boxes.map((box) => {
    const { left, right, top, bottom } = pixelsOf(box, stage);
    return { from: positionAt(left, top, stage), to: positionAt(right, bottom, stage) };
  });
  const isLess = (i: number): boolean => boxes[i]!.to < boxes[i]!.from;
  return [
    {
      type: 'bar',
      orientation: 'h',
      // The axis of Plotly counts keys from the top.
      y: ends.map(({ from }) => keys.length - 1 - from.y),
      offset: 0,
      width: ends.map(({ from, to }) => from.y - to.y),
      // Its number stands where a bar ends.
      base: ends.map(({ from, to }, i) => (isLess(i) ? to.x : from.x)),
      x: ends.map(({ from, to }, i) => (isLess(i) ? from.x - to.x : to.x - from.x)),
      marker: { color: boxes.map(({ color }) => color), line: { width: 0 } },
      hoverinfo: 'skip',
      showlegend: false,
      cliponaxis: false,
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
