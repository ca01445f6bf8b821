import type { Theme } from '../../theme.js';
import { at, type PlotlyTrace } from './figure.js';

/** The colors of a figure, to be put over a theme: `{ ...LIGHT, ...colors }`. */
export type FigureColors = Partial<Pick<Theme, 'mark' | 'ramp' | 'heat'>>;

/** So many colors at equal steps make a ramp. */
const STEPS = 10;

/** Plotly's own scales that people name most, at equal steps. */
const NAMED: Readonly<Record<string, readonly string[]>> = {
  viridis: ['#440154', '#414487', '#2a788e', '#22a884', '#7ad151', '#fde725'],
  cividis: ['#00224e', '#35456c', '#666970', '#948e77', '#c8b866', '#fee838'],
  plasma: ['#0d0887', '#6a00a8', '#b12a90', '#e16462', '#fca636', '#f0f921'],
  inferno: ['#000004', '#420a68', '#932667', '#dd513a', '#fca50a', '#fcffa4'],
  magma: ['#000004', '#3b0f70', '#8c2981', '#de4968', '#fe9f6d', '#fcfdbf'],
  blues: ['#f7fbff', '#d0e1f2', '#94c4df', '#4a98c9', '#1764ab', '#08306b'],
  reds: ['#fff5f0', '#fdcab5', '#fc8a6a', '#f24633', '#bc141a', '#67000d'],
  greys: ['#ffffff', '#e2e2e2', '#b5b5b5', '#7a7a7a', '#404040', '#000000'],
};

/** The color of all markers, and the scale of those that tell a number; what cannot be read is said. */
export function readColors(
  trace: PlotlyTrace,
  layout: Readonly<Record<string, unknown>>,
  say: (sentence: string) => void,
): FigureColors {
  const color = at(trace, 'marker', 'color') ?? at(trace, 'line', 'color');
  const mark = typeof color === 'string' ? hexOf(color) : undefined;
  if (typeof color === 'string' && mark === undefined) {
    say(`marker.color: "${color}" is not a color as #rrggbb or rgb(…).`);
  }
  const scale =
    at(trace, 'marker', 'colorscale') ??
    trace['colorscale'] ??
    at(layout, 'coloraxis', 'colorscale');
  const isReversed = (at(trace, 'marker', 'reversescale') ?? trace['reversescale']) === true;
  const ramp = scale === undefined ? undefined : rampOf(scale, isReversed);
  if (scale !== undefined && ramp === undefined) {
    say(`colorscale: ${JSON.stringify(scale).slice(0, 60)} is not a scale that is known here.`);
  }
  return { ...(mark !== undefined && { mark }), ...(ramp !== undefined && { ramp, heat: ramp }) };
}

function rampOf(scale: unknown, isReversed: boolean): string[] | undefined {
  const stops = stopsOf(scale);
  if (stops === undefined) return undefined;
  return Array.from({ length: STEPS }, (_, step) => {
    const share = step / (STEPS - 1);
    return colorAt(stops, isReversed ? 1 - share : share);
  });
}

type Stop = readonly [at: number, color: readonly [number, number, number]];

function stopsOf(scale: unknown): Stop[] | undefined {
  if (typeof scale === 'string') {
    const named = NAMED[scale.toLowerCase()];
    return named?.map((color, i) => [i / (named.length - 1), rgbOf(color)!]);
  }
  if (!Array.isArray(scale) || scale.length < 2) return undefined;
  const stops = scale.map((stop: unknown): Stop | undefined => {
    const [share, color] = Array.isArray(stop) ? (stop as unknown[]) : [];
    const rgb = typeof color === 'string' ? rgbOf(color) : undefined;
    return typeof share === 'number' && rgb !== undefined ? [share, rgb] : undefined;
  });
  return stops.every((stop) => stop !== undefined) ? stops : undefined;
}

function colorAt(stops: readonly Stop[], share: number): string {
  const above = Math.max(
    1,
    stops.findIndex(([end]) => end >= share),
  );
  const [from, a] = stops[above - 1]!;
  const [to, b] = stops[above]!;
  const part = to === from ? 0 : Math.min(1, Math.max(0, (share - from) / (to - from)));
  const mixed = a.map((channel, k) => Math.round(channel + (b[k]! - channel) * part));
  return `#${mixed.map((channel) => channel.toString(16).padStart(2, '0')).join('')}`;
}

function hexOf(color: string): string | undefined {
  const rgb = rgbOf(color);
  return rgb && `#${rgb.map((channel) => channel.toString(16).padStart(2, '0')).join('')}`;
}

/** `#rgb`, `#rrggbb` and `rgb(r, g, b)`; of `rgba` the opacity is left to the marks. */
function rgbOf(color: string): [number, number, number] | undefined {
  const hex = /^#([\da-f]{3}|[\da-f]{6})$/iu.exec(color.trim())?.[1];
  if (hex !== undefined) {
    const digits = (hex.length === 3 ? hex.replace(/./gu, '$&$&') : hex).match(/../gu)!;
    return digits.map((pair) => Number.parseInt(pair, 16)) as [number, number, number];
  }
  const rgb = /^rgba?\(\s*(\d+)\s*,\s*(\d+)\s*,\s*(\d+)\s*(?:,[^)]*)?\)$/iu.exec(color.trim());
  const channels = rgb?.slice(1, 4).map(Number);
  if (channels === undefined || channels.some((channel) => channel > 255)) return undefined;
  return channels as [number, number, number];
}
