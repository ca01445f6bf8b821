import type { Theme } from '../../theme.js';
import { hasColumn, numbersOf } from '../../data/frame.js';
import { shownAt, type Span } from '../axis.js';
import { columnPositions } from '../column-positions.js';
import { seriesOf, signedColor, type Series } from '../colors.js';
import {
  pixelX,
  pixelY,
  positionAt,
  type Picture,
  type PictureParts,
  type Stage,
} from '../picture.js';
import { fitSpan } from './fit.js';

export interface HistogramParts extends PictureParts {
  x: Span | undefined;
  y: Span | undefined;
  /** Whether x is widened to show the first and the last bin whole. */
  isWhole: boolean;
}

/** The rows of one series in one bin. */
export interface Bar {
  lo: number;
  hi: number;
  /** Rows below and at its upper end: series are stacked. */
  from: number;
  to: number;
  series: Series;
}

/** Bars between the ends of their bins, with series stacked. */
export function histogramPicture(parts: HistogramParts): Picture {
  const { frame, axes } = parts;
  const bars = barsOf(parts);
  const isLog = axes.y.scale === 'log';
  const height = (rows: number): number => heightOf(rows, isLog);
  const tallest = bars.reduce((most, { to }) => Math.max(most, to), 0);
  const deepest = bars.reduce((least, { to }) => Math.min(least, to), 0);
  const top =
    tallest === 0 ? (deepest < 0 ? 0 : 1) : isLog ? height(tallest) + 0.1 : tallest * 1.05;
  const low = columnPositions(frame, 'lo', 'x', axes.x);
  const high = columnPositions(frame, 'hi', 'x', axes.x);
  const x = parts.x ?? fitSpan(0, low, high);
  const view = {
    x: parts.isWhole ? wholeBins(x, low, high) : x,
    y: parts.y ?? ([isLog ? height(0) : deepest * 1.05, top] as const),
  };

  return {
    view,
    axes,
    layout: { yaxis: { separatethousands: true } },
    paint(context, stage) {
      for (const bar of bars) {
        const { x0, x1, y0, y1 } = boxOf(bar, isLog ? view.y[0] : undefined, stage);
        context.fillStyle = bar.series.color;
        context.fillRect(x0, y0, x1 - x0, y1 - y0);
      }
    },
    find(px, py, stage) {
      const { x, y } = positionAt(px, py, stage);
      const inBin = bars.filter(({ lo, hi }) => x >= lo && x < hi);
      const rows = isLog ? 10 ** y : y;
      const bar =
        inBin.find(({ from, to }) => rows >= Math.min(from, to) && rows < Math.max(from, to)) ??
        inBin.at(-1);
      if (bar === undefined) return undefined;
      const { lo, hi, from, to, series } = bar;
      const step = Math.min(
        (stage.view.x[1] - stage.view.x[0]) / (stage.width * 16),
        (hi - lo) / 100,
      );
      const [first, last] = [lo, hi].map((end) => shownAt(end, axes.x, step));
      return {
        kind: 'bin',
        label: `${first} to ${last}`,
        value: to - from,
        rows: to - from,
        ...(hasColumn(frame, 'series') ? { series: series.label } : {}),
      };
    },
  };
}

/** `span` with the bins whole that lie across its ends: `low` and `high` are where bins begin and end. */
export function wholeBins(span: Span, low: ArrayLike<number>, high: ArrayLike<number>): Span {
  let [from, to] = span;
  for (let i = 0; i < low.length; i++) {
    if (low[i]! < span[0] && high[i]! > span[0]) from = low[i]!;
    if (low[i]! < span[1] && high[i]! > span[1]) to = high[i]!;
  }
  // The lowest bin of a log axis may begin at zero, which has no place.
  return [Number.isFinite(from) ? from : span[0], to];
}

// A log axis has no zero: half a row is where its bars stand.
const heightOf = (rows: number, isLog: boolean): number =>
  isLog ? Math.log10(Math.max(rows, 0.5)) : rows;

/**
 * The whole device pixels of a bar, from the top left of the plot area; `logFloor` is where bars stand on a log axis,
 * which is absent on a linear one.
 */
export function boxOf(
  { lo, hi, from, to }: Bar,
  logFloor: number | undefined,
  stage: Stage,
): { x0: number; x1: number; y0: number; y1: number } {
  const isLog = logFloor !== undefined;
  const left = pixelX(lo, stage);
  const right = pixelX(hi, stage);
  // A hair of the surface between bars, as soon as they are wide enough to spare it.
  const gap = right - left > 5 * stage.ratio ? stage.ratio : 0;
  const upper = pixelY(heightOf(to, isLog), stage);
  const lower = pixelY(from === 0 ? (logFloor ?? 0) : heightOf(from, isLog), stage);
  const x0 = Math.round(left);
  const x1 = Math.max(Math.round(right) - gap, x0 + 1);
  // A bin with a row in it is never drawn as empty.
  const y0 = Math.min(Math.round(upper), Math.round(lower) - (to > from ? 1 : 0));
  const y1 = Math.max(Math.round(lower), to < from ? Math.round(upper) : y0);
  return { x0, x1, y0, y1: Math.max(y1, y0 + 1) };
}

const signedSeries = (isLess: boolean, theme: Theme): Series => ({
  label: null,
  color: signedColor(theme, isLess),
  isHidden: false,
});

/** The bars of a frame, stacked in the order of its series. */
export function barsOf({ frame, axes, theme, hidden }: Omit<PictureParts, 'ratio'>): Bar[] {
  const lo = columnPositions(frame, 'lo', 'x', axes.x);
  const hi = columnPositions(frame, 'hi', 'x', axes.x);
  const counts = numbersOf(frame, 'count') as ArrayLike<number>;
  const plain = { label: null, color: theme.mark, isHidden: false };
  const named = hasColumn(frame, 'series') ? seriesOf(frame, 'series', theme, hidden) : undefined;
  const heights = new Map<number, number>();
  const bars: Bar[] = [];
  for (let i = 0; i < lo.length; i++) {
    const series = named?.series[named.codes[i]!] ?? plain;
    if (series.isHidden) continue;
    const from = heights.get(lo[i]!) ?? 0;
    const to = from + Number(counts[i]);
    heights.set(lo[i]!, to);
    const signed = frame.metadata.against === undefined ? series : signedSeries(to < 0, theme);
    if (to !== from) bars.push({ lo: lo[i]!, hi: hi[i]!, from, to, series: signed });
  }
  return bars;
}
