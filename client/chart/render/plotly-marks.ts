import type { Query } from '../../../protocol/query.js';
import type { BuildParts } from '../build-picture.js';
import { frameOf, plotArea } from '../frame-box.js';
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
    const images = [imageOf(picture, picture.pixels(), sizeOf(picture, parts))];
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

/** The plot area in device pixels: labels of categories have taken their room since the question was asked. */
function sizeOf(picture: Picture, parts: BuildParts): Pick<Query, 'width' | 'height'> {
  if (picture.categories === undefined) return parts.question;
  const { chartWidth, chartHeight, spec, ratio } = parts;
  const frame = frameOf(chartWidth, chartHeight, spec, { legend: false, ...picture });
  const { pixelWidth, pixelHeight } = plotArea(frame, ratio);
  return { width: pixelWidth, height: pixelHeight };
}
