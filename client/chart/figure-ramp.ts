import type { Figure, FigureParts } from './figure-parts.js';
import { escapeMarkup } from './label-text.js';
import { EMPTY_TRACE } from './plotly.js';
import { BESIDE, HALF, layBelow, layBeside, MIDDLE, NUMBERS, TITLE_GAP } from './ramp-layout.js';
import { rampColor } from '../theme.js';

/** A ramp below the axis has a color for so many CSS pixels. */
const PIECE = 4;

/** The ramp of a picture as Plotly draws it into a file. On the screen it is an element of ours, which takes a tenth of the time. */
export function figureOfRamp(parts: FigureParts): Figure {
  return rampBeside(parts) ?? { data: [], layout: rampBelow(parts) };
}

/** A trace without rows whose color bar goes from 0 to 1. */
function rampBeside(parts: FigureParts): Figure | undefined {
  const laid = layBeside(parts);
  if (laid === undefined) return undefined;
  const { tones, title, numbers } = laid;
  const { theme } = parts;
  const coloraxis = {
    cmin: 0,
    cmax: 1,
    colorscale: tones.map((tone, at) => [at / (tones.length - 1), tone]),
    colorbar: {
      title: { text: escapeMarkup(title ?? ''), side: 'right', font: { size: 12 } },
      thickness: 10,
      len: 1,
      // As high as the plot, and as far from it as on the screen.
      ypad: 0,
      x: 1,
      xpad: BESIDE,
      outlinewidth: 0,
      ticks: 'outside',
      ticklen: 4,
      tickcolor: theme.axis,
      tickfont: { size: 11, color: theme.muted },
      tickmode: 'array',
      tickvals: numbers.map(({ share }) => share),
      ticktext: numbers.map(({ text }) => text),
    },
  };
  const trace = { ...EMPTY_TRACE, marker: { color: [0], coloraxis: 'coloraxis' } };
  return { data: [trace], layout: { coloraxis } };
}

/** Shapes and words of the layout: Plotly's own color bar would turn its numbers and push the title of the axis away. */
function rampBelow(parts: FigureParts): Record<string, unknown> {
  const laid = layBelow(parts);
  if (laid === undefined) return {};
  const { length, tones, title, numbers } = laid;
  const { theme } = parts;
  const shapes: Record<string, unknown>[] = [];
  for (let at = 0; at < length; at += PIECE) {
    const [red, green, blue] = rampColor(tones, (at + PIECE / 2) / length);
    shapes.push({
      type: 'rect',
      xref: 'paper',
      yref: 'paper',
      xsizemode: 'pixel',
      ysizemode: 'pixel',
      xanchor: 1,
      yanchor: 0,
      x0: at - length,
      // Each lies over the rest of the one before: where screens have fractions of pixels no seam is seen.
      x1: 0,
      y0: -MIDDLE - HALF,
      y1: -MIDDLE + HALF,
      line: { width: 0 },
      fillcolor: `rgb(${red},${green},${blue})`,
      layer: 'above',
    });
  }
  const words = (text: string, xanchor: string, xshift: number, yshift: number) => ({
    text: escapeMarkup(text),
    xref: 'paper',
    yref: 'paper',
    x: 1,
    y: 0,
    xanchor,
    yanchor: 'middle',
    xshift,
    yshift,
    showarrow: false,
    font: { size: 11, color: theme.muted },
  });
  const named = title === undefined ? [] : [words(title, 'right', -length - TITLE_GAP, -MIDDLE)];
  const numbered = numbers.map(({ share, text }) =>
    words(text, 'center', (share - 1) * length, -NUMBERS),
  );
  return { shapes, annotations: [...named, ...numbered] };
}
