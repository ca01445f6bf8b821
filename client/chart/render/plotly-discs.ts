import type { BuildParts } from '../build-picture.js';
import { pointsOf } from '../marks/scatter-points.js';
import type { Picture } from '../picture.js';
import type { PlotlyTrace } from '../plotly.js';
import { plotlyValue } from './plotly-value.js';

/** A disc for each row, at its true place. */
export function discTraces(
  { axes, style }: Picture,
  { frame, theme, spec, ratio }: BuildParts,
): PlotlyTrace[] {
  const { x, y, rows, shading, isHidden } = pointsOf(frame, theme, new Set(spec.hidden));
  const shown = Array.from({ length: rows.length }, (_, i) => i).filter((i) => !isHidden?.(i));
  return [
    {
      type: 'scatter',
      mode: 'markers',
      x: shown.map((i) => plotlyValue(x(i), axes.x)),
      y: shown.map((i) => plotlyValue(y(i), axes.y)),
      marker: {
        size: (2 * (style!.radius + 0.25)) / ratio,
        opacity: style!.opacity,
        color:
          shading === undefined
            ? theme.mark
            : shown.map((i) => cssOf(shading.palette[shading.shades[i]!]!)),
        line: { width: 0 },
      },
      hoverinfo: 'skip',
      showlegend: false,
    },
  ];
}

const cssOf = (color: number): string =>
  `rgb(${color & 255}, ${(color >> 8) & 255}, ${(color >> 16) & 255})`;
