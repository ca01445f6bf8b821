import type { FigureParts } from './figure-parts.js';
import { escapeMarkup } from './marks/bar.js';
import type { Theme } from '../theme.js';
import type { Frame } from './frame-box.js';
import type { Ramp, RampStop } from './picture.js';
import { EMPTY_TRACE, type PlotlyTrace } from './plotly.js';

const compact = new Intl.NumberFormat('en', { notation: 'compact', maximumFractionDigits: 1 });

/** A trace without rows whose color bar shows what the tones of the picture mean. */
export function rampTraces({
  picture,
  color,
  theme,
  withLegend,
  frame,
}: FigureParts): PlotlyTrace[] {
  const { ramp } = picture;
  if (ramp === undefined || (color !== undefined && !withLegend)) return [];
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
          ...(ramp.isInset ? insetLayout(titleOf(ramp), frame, theme) : {}),
        },
      },
    },
  ];
}

const SCALE_WORDS = { linear: '', log: ' (log)', equal: ' (equalised)' };

/** `rows (log)`: the ends of a ramp do not tell what is between them. */
const titleOf = ({ title, scale, isInset }: Ramp): string =>
  `${title}${isInset && scale === 'linear' ? ' (linear)' : SCALE_WORDS[scale]}`;

/** In the upper right corner of the plot area, lying. */
function insetLayout(
  title: string,
  { width, margin }: Frame,
  theme: Theme,
): Record<string, unknown> {
  const room = width - margin.l - margin.r;
  return {
    orientation: 'h',
    lenmode: 'pixels',
    len: Math.round(Math.min(230, room * 0.6)),
    x: 1,
    xanchor: 'right',
    xpad: 12,
    y: 1,
    yanchor: 'top',
    ypad: 4,
    title: { text: escapeMarkup(title), side: 'top', font: { size: 11, color: theme.muted } },
    bgcolor: `${theme.surface}d9`,
    thickness: 8,
    // The number at the end stands half beyond the ramp.
    ticklabeloverflow: 'allow',
  };
}

const ticksOf = (stops: readonly RampStop[]): { tickvals: number[]; ticktext: string[] } => ({
  tickvals: stops.map(({ share }) => share),
  ticktext: stops.map(({ value }) => compact.format(value)),
});

/** The whole numbers 1, 2 and 5 of every decade between the ends, or the decades alone where there are many. */
function logTicks({ min, max }: Ramp): { tickvals: number[]; ticktext: string[] } {
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
