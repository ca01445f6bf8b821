import type { FigureParts } from './figure-parts.js';
import { escapeMarkup } from './marks/bar.js';
import type { Ramp, RampStop } from './picture.js';
import { EMPTY_TRACE, type PlotlyTrace } from './plotly.js';

const format = new Intl.NumberFormat('en', { notation: 'compact', maximumFractionDigits: 1 });
// As the axes write a thousand.
export const compact = (value: number): string => format.format(value).replace('K', 'k');

/** A trace without rows whose color bar shows what the tones of the picture mean. */
export function rampTraces({ picture, color, theme, withLegend }: FigureParts): PlotlyTrace[] {
  const { ramp } = picture;
  if (ramp === undefined || ramp.isBelow || (color !== undefined && !withLegend)) return [];
  const { tones, scale, stops = [] } = ramp;
  const last = tones.length - 1;
  const [low, high] =
    scale === 'log'
      ? [Math.log10(ramp.min), Math.log10(ramp.max)]
      : scale === 'equal'
        ? [0, 1]
        : [ramp.min, ramp.max];
  const ticks = { log: () => logTicks(ramp), equal: () => ticksOf(stops), linear: () => ({}) };
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
          title: { text: escapeMarkup(titleOf(ramp)), side: 'right', font: { size: 12 } },
          thickness: 10,
          len: 1,
          outlinewidth: 0,
          ticks: 'outside',
          ticklen: 4,
          tickcolor: theme.axis,
          tickfont: { size: 11, color: theme.muted },
          exponentformat: 'SI',
          ...ticks[scale](),
        },
      },
    },
  ];
}

const SCALE_WORDS = { linear: '', log: ' (log)', equal: ' (equalised)' };

/** `rows (log)`: the ends of a ramp do not tell what is between them. */
export const titleOf = ({ title, scale, isBelow }: Ramp): string =>
  `${title}${isBelow && scale === 'linear' ? ' (linear)' : SCALE_WORDS[scale]}`;

export interface Ticks {
  tickvals: number[];
  ticktext: string[];
}

export const ticksOf = (stops: readonly RampStop[]): Ticks => ({
  tickvals: stops.map(({ share }) => share),
  ticktext: stops.map(({ value }) => compact(value)),
});

/** The whole numbers 1, 2 and 5 of every decade between the ends, or the decades alone where there are many. */
export function logTicks({ min, max }: Ramp): Ticks {
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
    ticktext: shown.map((value) => compact(value)),
  };
}
