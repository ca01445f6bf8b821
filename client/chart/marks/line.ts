import { hasColumn, numbersOf, numbersWithGaps, type DecodedFrame } from '../../data/frame.js';
import { valueAt, type Span } from '../axis.js';
import { columnPositions } from '../column-positions.js';
import { seriesOf, type Series } from '../colors.js';
import {
  pixelX,
  pixelY,
  type Found,
  type Picture,
  type PictureParts,
  type Stage,
} from '../picture.js';
import { fitSpan } from './fit.js';

export interface LineParts extends PictureParts {
  /** Where the query or the person says so; else all that the line reaches. */
  x: Span | undefined;
  y: Span | undefined;
  /** The same bins at their 10th and 90th percentile. */
  band?: { low: DecodedFrame; high: DecodedFrame } | undefined;
}

/** How far from the pointer a vertex is still meant, in CSS pixels. */
const REACH = 24;
const WIDTH = 1.5;

/** Lines through vertices, broken at gaps; for means also the band of percentiles behind them. */
export function linePicture(parts: LineParts): Picture {
  const { frame, axes, theme, band } = parts;
  const isBinned = hasColumn(frame, 'value');
  const x = columnPositions(frame, 'x', 'x', axes.x);
  const y = heights(frame, isBinned ? 'value' : 'y', axes.y.scale);
  const { series, codes } = hasColumn(frame, 'series')
    ? seriesOf(frame, 'series', theme)
    : { series: [{ label: null, color: theme.mark }], codes: new Uint8Array(x.length) };
  const runs = runsOf(codes, x.length);
  const edges = band && {
    x: columnPositions(band.low, 'x', 'x', axes.x),
    low: heights(band.low, 'value', axes.y.scale),
    high: heights(band.high, 'value', axes.y.scale),
  };
  const view = {
    x: parts.x ?? fitSpan(0, x),
    y: parts.y ?? fitSpan(0.05, y, ...(edges ? [edges.low, edges.high] : [])),
  };
  const rows = hasColumn(frame, 'row') ? (numbersOf(frame, 'row') as ArrayLike<number>) : undefined;
  const counts = hasColumn(frame, 'count')
    ? (numbersOf(frame, 'count') as ArrayLike<number>)
    : undefined;
  // One vertex a bin and room between them: dots show where the bins are.
  const withDots = x.length / Math.max(1, runs.length) <= 60 && rows === undefined;

  return {
    view,
    axes,
    paint(context, stage) {
      context.lineJoin = 'round';
      context.lineCap = 'round';
      context.lineWidth = WIDTH * stage.ratio;
      if (edges) paintBand(context, stage, edges, theme.mark);
      for (const run of runs) {
        context.strokeStyle = series[run.code]!.color;
        context.fillStyle = series[run.code]!.color;
        paintRun(context, stage, x, y, run, withDots);
      }
    },
    find(px, py, stage) {
      const nearest = nearestVertex(x, y, px, py, stage);
      if (nearest < 0) return undefined;
      return describe(nearest, { x, y, rows, counts, codes, series }, axes, stage);
    },
  };
}

/** A stretch of rows of one series. */
interface Run {
  code: number;
  start: number;
  end: number;
}

function runsOf(codes: ArrayLike<number>, length: number): Run[] {
  const runs: Run[] = [];
  let start = 0;
  for (let i = 1; i <= length; i++) {
    if (i < length && codes[i] === codes[start]) continue;
    runs.push({ code: codes[start]!, start, end: i });
    start = i;
  }
  return length === 0 ? [] : runs;
}

function heights(frame: DecodedFrame, name: string, scale: 'linear' | 'log'): ArrayLike<number> {
  const values = numbersWithGaps(frame, name);
  return scale === 'log' ? Float64Array.from(values, Math.log10) : values;
}

function paintRun(
  context: CanvasRenderingContext2D,
  stage: Stage,
  x: ArrayLike<number>,
  y: ArrayLike<number>,
  { start, end }: Run,
  withDots: boolean,
): void {
  const isDrawn = (i: number): boolean => i >= start && i < end && Number.isFinite(y[i]!);
  context.beginPath();
  let isDown = false;
  for (let i = start; i < end; i++) {
    if (!isDrawn(i)) {
      isDown = false;
      continue;
    }
    const px = pixelX(x[i]!, stage);
    const py = pixelY(y[i]!, stage);
    if (isDown) context.lineTo(px, py);
    else context.moveTo(px, py);
    isDown = true;
  }
  context.stroke();
  for (let i = start; i < end; i++) {
    const isAlone = isDrawn(i) && !isDrawn(i - 1) && !isDrawn(i + 1);
    if (!isAlone && !(withDots && isDrawn(i))) continue;
    context.beginPath();
    context.arc(pixelX(x[i]!, stage), pixelY(y[i]!, stage), 2 * stage.ratio, 0, 2 * Math.PI);
    context.fill();
  }
}

function paintBand(
  context: CanvasRenderingContext2D,
  stage: Stage,
  edges: { x: ArrayLike<number>; low: ArrayLike<number>; high: ArrayLike<number> },
  color: string,
): void {
  const { x, low, high } = edges;
  const length = Math.min(x.length, low.length, high.length);
  context.fillStyle = color;
  context.globalAlpha = 0.16;
  for (let start = 0; start < length;) {
    if (!Number.isFinite(low[start]! + high[start]!)) {
      start++;
      continue;
    }
    let end = start;
    while (end < length && Number.isFinite(low[end]! + high[end]!)) end++;
    context.beginPath();
    for (let i = start; i < end; i++) {
      context.lineTo(pixelX(x[i]!, stage), pixelY(high[i]!, stage));
    }
    for (let i = end - 1; i >= start; i--) {
      context.lineTo(pixelX(x[i]!, stage), pixelY(low[i]!, stage));
    }
    context.fill();
    start = end;
  }
  context.globalAlpha = 1;
}

// The vertex nearest along x, and among those at the same x the nearest along y.
function nearestVertex(
  x: ArrayLike<number>,
  y: ArrayLike<number>,
  px: number,
  py: number,
  stage: Stage,
): number {
  let found = -1;
  let best = Infinity;
  for (let i = 0; i < x.length; i++) {
    const height = y[i]!;
    if (!(height >= -Infinity)) continue;
    const dx = Math.abs(pixelX(x[i]!, stage) - px);
    if (dx > REACH * stage.ratio) continue;
    const distance = dx * 4 + Math.abs(pixelY(height, stage) - py);
    if (distance >= best) continue;
    best = distance;
    found = i;
  }
  return found;
}

function describe(
  i: number,
  line: {
    x: ArrayLike<number>;
    y: ArrayLike<number>;
    rows: ArrayLike<number> | undefined;
    counts: ArrayLike<number> | undefined;
    codes: ArrayLike<number>;
    series: Series[];
  },
  axes: Picture['axes'],
  stage: Stage,
): Found {
  const { view, width } = stage;
  const x = valueAt(line.x[i]!, axes.x, (view.x[1] - view.x[0]) / (width * 16));
  const y = axes.y.scale === 'log' ? 10 ** line.y[i]! : line.y[i]!;
  const { label } = line.series[line.codes[i]!]!;
  const isNamed = line.series.length > 1 || label !== null;
  if (line.rows !== undefined) {
    return { kind: 'row', row: line.rows[i]!, x, y, ...(isNamed ? { color: label } : {}) };
  }
  return {
    kind: 'bin',
    label: String(x),
    value: y,
    rows: line.counts?.[i] ?? 0,
    ...(isNamed ? { series: label } : {}),
  };
}
