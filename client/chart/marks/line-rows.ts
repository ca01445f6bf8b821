import { hasColumn, numbersOf, numbersWithGaps, type DecodedFrame } from '../../data/frame.js';
import { columnPositions } from '../column-positions.js';
import { seriesOf, type Series } from '../colors.js';
import type { PictureParts } from '../picture.js';
import { stretchesOf } from '../render/stroke.js';
import { brokenAtGaps } from './bin-gaps.js';
import { runsOf, type Run } from './runs.js';

export type LineRowsParts = Omit<PictureParts, 'ratio'>;

/** The two edges of a band, in positions of the axes. */
export interface Edges {
  x: ArrayLike<number>;
  low: ArrayLike<number>;
  high: ArrayLike<number>;
  /** The stretches where both edges are, between bins that are left out. */
  runs: Run[];
}

/** The vertices of a frame of lines, made ready to be drawn and found. */
export interface LineRows {
  /** Positions along the axes; y is not finite at gaps. */
  x: ArrayLike<number>;
  y: ArrayLike<number>;
  series: Series[];
  codes: ArrayLike<number>;
  /** The stretches of the series that are shown. */
  runs: Run[];
  edges: Edges | undefined;
  /** The row of each vertex, or how many rows it stands for; absent where the frame has none. */
  rows: ArrayLike<number> | undefined;
  counts: ArrayLike<number> | undefined;
  /** A dot stands at every vertex, not only at those that stand alone. */
  withDots: boolean;
}

/** Reads lines from a frame. */
export function lineRows({ frame, axes, theme, hidden }: LineRowsParts): LineRows {
  const isBinned = hasColumn(frame, 'value');
  const x = columnPositions(frame, 'x', 'x', axes.x);
  const y = heights(frame, isBinned ? 'value' : 'y', axes.y.scale);
  const { series, codes } = hasColumn(frame, 'series')
    ? seriesOf(frame, 'series', theme, hidden)
    : {
        series: [{ label: null, color: theme.mark, isHidden: false }],
        codes: new Uint8Array(x.length),
      };
  const shown = runsOf(codes, x.length).filter(({ code }) => !series[code]!.isHidden);
  const hasBins = isBinned && axes.x.scale === 'linear';
  const runs = hasBins ? brokenAtGaps(shown, x) : shown;
  const edges = hasColumn(frame, 'low') ? edgesOf(frame, x, axes.y.scale) : undefined;
  const rows = hasColumn(frame, 'row') ? (numbersOf(frame, 'row') as ArrayLike<number>) : undefined;
  const counts = hasColumn(frame, 'count')
    ? (numbersOf(frame, 'count') as ArrayLike<number>)
    : undefined;
  // One vertex a bin and room between them: dots show where the bins are.
  const withDots = x.length / Math.max(1, shown.length) <= 60 && rows === undefined;
  return { x, y, series, codes, runs, edges, rows, counts, withDots };
}

function edgesOf(frame: DecodedFrame, x: ArrayLike<number>, scale: 'linear' | 'log'): Edges {
  const low = heights(frame, 'low', scale);
  const high = heights(frame, 'high', scale);
  const both = Float64Array.from(low, (y, i) => y + high[i]!);
  const stretches = Array.from(stretchesOf(both), (each) => ({ code: 0, ...each }));
  return { x, low, high, runs: brokenAtGaps(stretches, x) };
}

function heights(frame: DecodedFrame, name: string, scale: 'linear' | 'log'): ArrayLike<number> {
  const values = numbersWithGaps(frame, name);
  return scale === 'log' ? Float64Array.from(values, Math.log10) : values;
}
