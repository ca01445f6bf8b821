import type { FigureParts } from './figure-parts.js';
import { escapeMarkup } from './marks/bar.js';
import type { Ramp } from './picture.js';
import { EMPTY_TRACE, type PlotlyTrace } from './plotly.js';

const compact = new Intl.NumberFormat('en', { notation: 'compact', maximumFractionDigits: 1 });

/** A trace without rows whose color bar shows what the tones of the picture mean. */
export function rampTraces({
  picture,
  color,
  theme,
  withLegend,
  spec,
}: FigureParts): PlotlyTrace[] {
  const { ramp } = picture;
  if (ramp === undefined || (color !== undefined && !withLegend)) return [];
  const plain = spec.query.mark === 'heatmap' ? theme.heat : theme.ramp;
  const tones = ramp.isSigned === true ? theme.diverging : plain;
  const last = tones.length - 1;
  const isLog = ramp.scale === 'log';
  const [low, high] = isLog ? [Math.log10(ramp.min), Math.log10(ramp.max)] : [ramp.min, ramp.max];
  return [
    {
      ...EMPTY_TRACE,
      marker: {
        color: [low],
        cmin: low,
        cmax: high > low ? high : low + 1,
        colorscale: tones.map((tone, at) => [at / last, tone]),
        showscale: true,
        colorbar: {
          title: { text: escapeMarkup(ramp.title), side: 'right', font: { size: 12 } },
          thickness: 10,
          len: 1,
          outlinewidth: 0,
          ticks: 'outside',
          ticklen: 4,
          tickcolor: theme.axis,
          tickfont: { size: 11, color: theme.muted },
          exponentformat: 'SI',
          ...(isLog ? rampTicks(ramp) : {}),
        },
      },
    },
  ];
}

/** The whole numbers 1, 2 and 5 of every decade between the ends, or the decades alone where there are many. */
function rampTicks({ min, max }: Ramp): { tickvals: number[]; ticktext: string[] } {
  const decades = Math.log10(max / min);
  const steps = decades > 3 ? [1] : [1, 2, 5];
  const ticks: number[] = [];
  for (let power = Math.floor(Math.log10(min)); power <= Math.log10(max); power++) {
    for (const step of steps) {
      const value = step * 10 ** power;
      if (value >= min && value <= max) ticks.push(value);
    }
  }
  // A ramp of less than one step has its ends alone.
  const shown = ticks.length > 1 ? ticks : [min, max];
  return {
    tickvals: shown.map((value) => Math.log10(value)),
    ticktext: shown.map((value) => compact.format(value)),
  };
}
