import type { JsonValue } from '../../../protocol/column.js';
import { columnOf, hasColumn, numbersOf, numbersWithGaps } from '../../data/frame.js';
import { seriesOf, signedColor } from '../colors.js';
import { positionAt, type Picture, type PictureParts } from '../picture.js';
import type { PlotlyTrace } from '../plotly.js';
import { binLabel, keyLabel, keyValue } from './key-label.js';

export interface BarParts extends PictureParts {
  /** In whose days and hours instants are binned; UTC where absent. */
  timeZone?: string | undefined;
  /** Series stand on one another where their values add up, else side by side. */
  isSum: boolean;
  /** Pixels for the labels at the left, in CSS pixels; longer ones are cut. */
  labelWidth: number;
  /** So many labels stand below one another; of more bars every second has one, or every third, and none its number. */
  mostLabels: number;
  measure: (text: string) => number;
}

/** The share of a key's height that is left empty. */
const GAP = 0.28;

const compact = new Intl.NumberFormat('en', { notation: 'compact', maximumFractionDigits: 1 });
const small = new Intl.NumberFormat('en', { maximumSignificantDigits: 4 });
const shortNumber = (value: number): string =>
  Math.abs(value) < 10_000 ? small.format(value) : compact.format(value).replace('K', 'k');

/** Horizontal bars, the greatest on top: Plotly draws them, there are few. */
export function barPicture({
  frame,
  axes,
  theme,
  hidden,
  timeZone,
  isSum,
  labelWidth,
  mostLabels,
  measure,
}: BarParts): Picture {
  const keys = columnOf(frame, 'key');
  const values = numbersWithGaps(frame, 'value');
  const counts = numbersOf(frame, 'count') as ArrayLike<number>;
  const named = hasColumn(frame, 'series') ? seriesOf(frame, 'series', theme, hidden) : undefined;
  // Keys in order of appearance: the server has sorted them.
  const places = new Map<string, number>();
  const labels: string[] = [];
  const keysAt: JsonValue[] = [];
  const { bin } = frame.metadata;
  const rowsAt: number[] = [];
  for (let i = 0; i < frame.length; i++) {
    const label = typeof bin === 'string' ? binLabel(keys, i, bin, timeZone) : keyLabel(keys, i);
    let place = places.get(label);
    if (place === undefined) {
      place = labels.length;
      places.set(label, place);
      labels.push(label);
      keysAt.push(keyValue(keys, i));
    }
    rowsAt.push(place);
  }
  const step = Math.ceil(labels.length / mostLabels);
  const told = labels.flatMap((_, at) => (at % step > 0 ? [] : [at]));
  const groups = named?.series ?? [{ label: null, color: theme.mark, isHidden: false }];
  const shownGroups = groups.flatMap(({ isHidden }, group) => (isHidden ? [] : [group]));
  const isShown = (i: number): boolean => !(groups[named?.codes[i] ?? 0]?.isHidden ?? false);
  const traces: PlotlyTrace[] = shownGroups.map((group) => {
    const { label, color } = groups[group]!;
    const members = rowsAt.flatMap((_, i) => ((named?.codes[i] ?? 0) === group ? [i] : []));
    return {
      type: 'bar',
      orientation: 'h',
      name: label ?? '(null)',
      y: members.map((i) => rowsAt[i]!),
      x: members.map((i) => (Number.isFinite(values[i]!) ? values[i]! : null)),
      marker: {
        color:
          frame.metadata.against === undefined
            ? color
            : members.map((i) => signedColor(theme, values[i]! < 0)),
      },
      hoverinfo: 'skip',
      showlegend: false,
      cliponaxis: false,
      ...(named === undefined && step < 2
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
    if (!isShown(i)) continue;
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
    keys: keysAt,
    labelWidth: shown.reduce((most, label) => Math.max(most, measure(label)), 0),
    traces,
    layout: {
      barmode: isSum ? 'relative' : 'group',
      bargap: GAP,
      yaxis: {
        tickmode: 'array',
        tickvals: told,
        ticktext: told.map((at) => escapeMarkup(shown[at]!)),
        range: [labels.length - 0.5, -0.5],
        showgrid: false,
        ticks: '',
        type: 'linear',
      },
      // As the numbers behind the bars are written.
      xaxis: { type: 'linear', zeroline: low < 0, separatethousands: true },
    },
    paint() {},
    find(px, py, stage) {
      const { x, y } = positionAt(px, py, stage);
      const down = labels.length - 1 - y;
      const place = Math.round(down);
      const at = rowsAt.flatMap((each, i) => (each === place && isShown(i) ? [i] : []));
      if (at.length === 0) return undefined;
      const label = labels[place]!;
      const valueOf = (i: number): number | null =>
        Number.isFinite(values[i]!) ? values[i]! : null;
      if (named === undefined) {
        return { kind: 'bin', label, value: valueOf(at[0]!), rows: Number(counts[at[0]!]) };
      }
      const group = (i: number): number => named.codes[i]!;
      const member = isSum
        ? memberOfStack(
            at.toSorted((a, b) => group(a) - group(b)),
            (i) => valueOf(i) ?? 0,
            x,
          )
        : at.find((i) => group(i) === shownGroups[groupAt(down - place, shownGroups.length)]);
      if (member === undefined) {
        const sum = at.reduce((all, i) => all + (valueOf(i) ?? 0), 0);
        const rows = at.reduce((all, i) => all + Number(counts[i]), 0);
        return { kind: 'bin', label, value: isSum ? sum : null, rows };
      }
      const series = groups[group(member)]!.label;
      return { kind: 'bin', label, value: valueOf(member), rows: Number(counts[member]), series };
    },
  };
}

/** Which of the bars that stand side by side is `offset` keys below the middle of theirs. */
function groupAt(offset: number, groups: number): number {
  const share = (offset + (1 - GAP) / 2) / (1 - GAP);
  return Math.min(Math.max(Math.floor(share * groups), 0), groups - 1);
}

/** Which part of a stack is at `x`; undefined beyond its end. Negative parts stand to the left of zero. */
function memberOfStack(
  members: readonly number[],
  valueOf: (member: number) => number,
  x: number,
): number | undefined {
  let end = 0;
  return members.find((member) => {
    const value = valueOf(member);
    if (value < 0 !== x < 0) return false;
    end += value;
    return Math.abs(end) > Math.abs(x);
  });
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
