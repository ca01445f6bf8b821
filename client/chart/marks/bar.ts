import { hasColumn, numbersOf, numbersWithGaps, vectorOf } from '../../data/frame.js';
import { seriesOf } from '../colors.js';
import { positionAt, type Picture, type PictureParts } from '../picture.js';
import type { PlotlyTrace } from '../plotly.js';
import { keyLabel } from './key-label.js';

export interface BarParts extends PictureParts {
  /** Series stand on one another where their values add up, else side by side. */
  isSum: boolean;
  /** Pixels for the labels at the left, in CSS pixels; longer ones are cut. */
  labelWidth: number;
  measure: (text: string) => number;
}

const compact = new Intl.NumberFormat('en', { notation: 'compact', maximumFractionDigits: 1 });
const small = new Intl.NumberFormat('en', { maximumSignificantDigits: 4 });
const shortNumber = (value: number): string =>
  Math.abs(value) < 10_000 ? small.format(value) : compact.format(value).toLowerCase();

/** Horizontal bars, the greatest on top: Plotly draws them, there are few. */
export function barPicture({ frame, axes, theme, isSum, labelWidth, measure }: BarParts): Picture {
  const keys = vectorOf(frame, 'key');
  const values = numbersWithGaps(frame, 'value');
  const counts = numbersOf(frame, 'count') as ArrayLike<number>;
  const named = hasColumn(frame, 'series') ? seriesOf(frame, 'series', theme) : undefined;
  // Keys in order of appearance: the server has sorted them.
  const places = new Map<string, number>();
  const labels: string[] = [];
  const rowsAt: number[] = [];
  for (let i = 0; i < frame.length; i++) {
    const label = keyLabel(keys, i);
    let place = places.get(label);
    if (place === undefined) {
      place = labels.length;
      places.set(label, place);
      labels.push(label);
    }
    rowsAt.push(place);
  }
  const groups = named?.series ?? [{ label: null, color: theme.mark }];
  const traces: PlotlyTrace[] = groups.map(({ label, color }, group) => {
    const members = rowsAt.flatMap((_, i) => ((named?.codes[i] ?? 0) === group ? [i] : []));
    return {
      type: 'bar',
      orientation: 'h',
      name: label ?? '(null)',
      y: members.map((i) => rowsAt[i]!),
      x: members.map((i) => (Number.isFinite(values[i]!) ? values[i]! : null)),
      marker: { color },
      hoverinfo: 'skip',
      showlegend: false,
      cliponaxis: false,
      ...(named === undefined
        ? {
            text: members.map((i) => (Number.isFinite(values[i]!) ? shortNumber(values[i]!) : '–')),
            textposition: 'outside',
            textangle: 0,
            constraintext: 'none',
            textfont: { color: theme.muted, size: 11 },
          }
        : {}),
    };
  });
  let low = 0;
  let high = 0;
  const ends = new Map<number, [number, number]>();
  for (let i = 0; i < frame.length; i++) {
    const value = Number.isFinite(values[i]!) ? values[i]! : 0;
    const end = ends.get(rowsAt[i]!) ?? [0, 0];
    const stacked = isSum && named !== undefined;
    if (stacked) end[value < 0 ? 0 : 1] += value;
    else ends.set(rowsAt[i]!, [Math.min(end[0], value), Math.max(end[1], value)]);
    if (stacked) ends.set(rowsAt[i]!, end);
  }
  for (const [least, most] of ends.values()) {
    low = Math.min(low, least);
    high = Math.max(high, most);
  }
  // Room for the numbers behind the longest bars.
  const room = (high - low || 1) * 0.1;
  const shown = labels.map((label) => shorten(label, labelWidth, measure));
  return {
    view: {
      x: [low < 0 ? low - room : 0, high > 0 ? high + room : low < 0 ? 0 : 1],
      y: [-0.5, Math.max(labels.length, 1) - 0.5],
    },
    axes,
    labelWidth: shown.reduce((most, label) => Math.max(most, measure(label)), 0),
    traces,
    layout: {
      barmode: isSum ? 'relative' : 'group',
      bargap: 0.28,
      yaxis: {
        tickmode: 'array',
        tickvals: labels.map((_, at) => at),
        ticktext: shown.map(escapeMarkup),
        range: [labels.length - 0.5, -0.5],
        showgrid: false,
        ticks: '',
        type: 'linear',
      },
      xaxis: { type: 'linear', zeroline: low < 0 },
    },
    paint() {},
    find(px, py, stage) {
      const { y } = positionAt(px, py, stage);
      const place = Math.round(labels.length - 1 - y);
      const at = rowsAt.flatMap((each, i) => (each === place ? [i] : []));
      if (at.length === 0) return undefined;
      const only = at.length === 1 ? at[0]! : undefined;
      const rows = at.reduce((sum, i) => sum + Number(counts[i]), 0);
      const value = only === undefined ? undefined : values[only]!;
      return {
        kind: 'bin',
        label: labels[place]!,
        value: value === undefined ? rows : Number.isFinite(value) ? value : null,
        rows,
      };
    },
  };
}

/** Plotly reads markup in labels: what is data stays text. */
export const escapeMarkup = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');

function shorten(label: string, width: number, measure: (text: string) => number): string {
  if (measure(label) <= width) return label;
  let length = label.length;
  while (length > 1 && measure(`${label.slice(0, length)}…`) > width) length--;
  return `${label.slice(0, length).trimEnd()}…`;
}
