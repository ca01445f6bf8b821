import { escapeMarkup, shorten } from '../label-text.js';
import type { JsonValue } from '../../../protocol/column.js';
import { columnOf, hasColumn, numbersOf, numbersWithGaps } from '../../data/frame.js';
import { seriesOf, signedColor } from '../colors.js';
import { barPlotWidth, maxBarLabel } from '../frame-box.js';
import { positionAt, type Picture, type PictureParts } from '../picture.js';
import { barNumber } from './bar-number.js';
import { barBoxes, reaches, seriesAt, type BarNumbers } from './bar-boxes.js';
import { binLabel, keyLabel, keyValue } from './key-label.js';
import { NUMBER_GAP, paintBars } from './paint-bars.js';

export interface BarParts extends PictureParts {
  /** In whose days and hours instants are binned; UTC where absent. */
  timeZone?: string | undefined;
  /** Series stand on one another where their values add up, else side by side. */
  isSum: boolean;
  /** The width of the chart, in CSS pixels: labels at the left get a part of it, longer ones are cut. */
  chartWidth: number;
  /** So many labels stand below one another; of more bars every second has one, or every third, and none its number. */
  mostLabels: number;
  measure: (text: string) => number;
}

/** The least share of the bars' span that is left for the numbers behind them. */
const LEAST_ROOM = 0.1;

/** Lying bars, the greatest on top. */
export function barPicture({
  frame,
  axes,
  theme,
  hidden,
  timeZone,
  isSum,
  chartWidth,
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
  const series = named?.series ?? [{ label: null, color: theme.mark, isHidden: false }];
  const groupOf = (row: number): number => named?.codes[row] ?? 0;
  const isSigned = frame.metadata.against !== undefined;
  const boxes = barBoxes({
    places: rowsAt,
    keys: labels.length,
    values,
    groupOf,
    series,
    colorOf: (row) =>
      isSigned ? signedColor(theme, values[row]! < 0) : series[groupOf(row)]!.color,
    isSum,
  });
  const shownGroups = series.flatMap(({ isHidden }, group) => (isHidden ? [] : [group]));
  const isShown = (row: number): boolean => !series[groupOf(row)]!.isHidden;
  const write = named === undefined && step === 1 ? barNumber(Array.from(values)) : undefined;
  const numbers: BarNumbers | undefined = write && {
    textOf: (row) => (Number.isFinite(values[row]!) ? write(values[row]!) : '–'),
    font: theme.font,
    color: theme.muted,
  };
  const low = boxes.reduce((least, { to }) => Math.min(least, to), 0);
  const high = boxes.reduce((most, { to }) => Math.max(most, to), 0);
  const most = maxBarLabel(chartWidth);
  const shown = labels.map((label) => shorten(label, most, measure));
  const labelWidth = shown.reduce((widest, label) => Math.max(widest, measure(label)), 0);
  const span = high - low || 1;
  const numberWidth = numbers
    ? boxes.reduce((wide, { row }) => Math.max(wide, measure(numbers.textOf(row))), 0)
    : 0;
  const room = span * roomShare(numberWidth + 2 * NUMBER_GAP, barPlotWidth(chartWidth, labelWidth));
  // Behind a bar of nothing its number stands at the right of zero.
  const isBehindZero = numbers !== undefined && boxes.some(({ to }) => to === 0);
  return {
    view: {
      x: [
        low < 0 ? low - room : 0,
        high > 0 || (low < 0 && isBehindZero) ? high + room : low < 0 ? 0 : 1,
      ],
      y: [-0.5, Math.max(labels.length, 1) - 0.5],
    },
    axes,
    keys: keysAt,
    labelWidth,
    bars: { boxes, numbers },
    layout: {
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
    paint: (context, stage) => paintBars(context, stage, boxes, numbers),
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
      const member = isSum
        ? boxes.find((box) => box.place === place && reaches(box, x))?.row
        : at.find((i) => groupOf(i) === shownGroups[seriesAt(down - place, shownGroups.length)]);
      if (member === undefined) {
        const sum = at.reduce((all, i) => all + (valueOf(i) ?? 0), 0);
        const rows = at.reduce((all, i) => all + Number(counts[i]), 0);
        return { kind: 'bin', label, value: isSum ? sum : null, rows };
      }
      const { label: name } = series[groupOf(member)]!;
      const rows = Number(counts[member]);
      return { kind: 'bin', label, value: valueOf(member), rows, series: name };
    },
  };
}

/** What the numbers behind the longest bars take of `plotWidth`, as a share of what is left to the bars. */
const roomShare = (numberWidth: number, plotWidth: number): number =>
  Math.max(LEAST_ROOM, numberWidth / Math.max(plotWidth - 2 * numberWidth, plotWidth / 4));
