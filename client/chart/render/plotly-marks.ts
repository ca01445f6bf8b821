import type { BuildParts } from '../build-picture.js';
import type { Picture } from '../picture.js';
import { BAR_LAYOUT, barTraces } from './plotly-bars.js';
import { discTraces } from './plotly-discs.js';
import { imageOf } from './plotly-image.js';
import { lyingBarTraces } from './plotly-lying-bars.js';
import { lineTraces } from './plotly-lines.js';
import { EMPTY_TRACE, type PlotlyTrace } from '../plotly.js';

/**
 * The picture with its marks as Plotly draws them: lines, bars and discs as traces, cells as an image on the axes. What
 * is under a pointer, and what is selected, the picture tells as before.
 */
export function plotlyMarks(picture: Picture, parts: BuildParts): Picture {
  const { traces, layout } = marksOf(picture, parts);
  return { ...picture, paint() {}, traces, layout: { ...picture.layout, ...layout } };
}

function marksOf(
  picture: Picture,
  parts: BuildParts,
): { traces: PlotlyTrace[]; layout?: Record<string, unknown> } {
  if (picture.pixels !== undefined) {
    const images = [imageOf(picture, picture.pixels(), parts.question)];
    return { traces: [EMPTY_TRACE], layout: { images } };
  }
  switch (parts.question.mark) {
    case 'line':
      return { traces: lineTraces(picture, parts) };
    case 'histogram':
      return { traces: barTraces(picture, parts), layout: BAR_LAYOUT };
    case 'bar':
      return { traces: lyingBarTraces(picture, parts), layout: BAR_LAYOUT };
    default:
      return { traces: discTraces(picture, parts) };
  }
}
