import { shownAt, type Span } from '../axis.js';
import { dotSize, LINE_WIDTH } from '../mark-style.js';
import type { Series } from '../colors.js';
import {
  pixelX,
  pixelY,
  type Found,
  type Picture,
  type PictureParts,
  type Stage,
} from '../picture.js';
import { fitSpan } from './fit.js';
import { lineRows, type LineRowsParts } from './line-rows.js';
import { paintBand, paintDots, paintStrokes } from './paint-line.js';
import { paintOnce } from './paint-once.js';
import type { Run } from './runs.js';

export interface LineParts extends PictureParts, LineRowsParts {
  /** Where the query or the person says so; else all that the line reaches. */
  x: Span | undefined;
  y: Span | undefined;
  /** How wide lines are, in CSS pixels. */
  stroke: number | undefined;
}

/** How far from the pointer a vertex is still meant, in CSS pixels. */
const REACH = 24;

/** Lines through vertices, broken at gaps; for means also the band of percentiles behind them. */
export function linePicture(parts: LineParts): Picture {
  const { axes, theme, stroke = LINE_WIDTH } = parts;
  const { x, y, series, codes, runs, edges, rows, counts, withDots } = lineRows(parts);
  const view = {
    x: parts.x ?? fitSpan(0, x),
    y: parts.y ?? fitSpan(0.05, y, ...(edges ? [edges.low, edges.high] : [])),
  };

  return {
    view,
    axes,
    paint: paintOnce(view, (context, stage) => {
      if (edges) paintBand(context, stage, edges, theme.mark);
      const colorOf = ({ code }: Run): string => series[code]!.color;
      paintStrokes(context, stage, { x, y, runs }, colorOf, (stroke / 2) * stage.ratio);
      for (const run of runs) {
        context.fillStyle = colorOf(run);
        paintDots(context, stage, { x, y }, run, { withDots, radius: dotSize(stroke) / 2 });
      }
    }),
    find(px, py, stage) {
      const nearest = nearestVertex(x, y, runs, px, py, stage);
      if (nearest < 0) return undefined;
      return describe(nearest, { x, y, rows, counts, codes, series }, axes, stage);
    },
  };
}

// The vertex nearest along x, and among those at the same x the nearest along y.
function nearestVertex(
  x: ArrayLike<number>,
  y: ArrayLike<number>,
  runs: readonly Run[],
  px: number,
  py: number,
  stage: Stage,
): number {
  const reach = REACH * stage.ratio;
  let found = -1;
  let best = Infinity;
  for (const { start, end } of runs) {
    // x ascends within a run.
    let i = firstFrom(x, start, end, (at) => pixelX(at, stage) >= px - reach);
    for (; i < end; i++) {
      const dx = Math.abs(pixelX(x[i]!, stage) - px);
      if (dx > reach) break;
      const height = y[i]!;
      if (!(height >= -Infinity)) continue;
      const distance = dx * 4 + Math.abs(pixelY(height, stage) - py);
      if (distance >= best) continue;
      best = distance;
      found = i;
    }
  }
  return found;
}

/** The first of the ascending `values` from `start` that passes; `end` without one. */
function firstFrom(
  values: ArrayLike<number>,
  start: number,
  end: number,
  passes: (value: number) => boolean,
): number {
  let [low, high] = [start, end];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (passes(values[middle]!)) high = middle;
    else low = middle + 1;
  }
  return low;
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
  const x = shownAt(line.x[i]!, axes.x, (view.x[1] - view.x[0]) / (width * 16));
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
