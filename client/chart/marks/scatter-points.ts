import {
  hasColumn,
  isCategorical,
  numbersOf,
  numbersWithGaps,
  type DecodedFrame,
} from '../../data/frame.js';
import type { Theme } from '../../theme.js';
import { cellsOf, positionsOf } from '../cells.js';
import { packHex, rampOf, seriesOf, type Hidden, type Series } from '../colors.js';

/** The rows of a frame of points, made ready to be drawn and found. */
export interface Points {
  /** Positions along the axes; looked up in the frame, because nearly all are never asked for. */
  x: (point: number) => number;
  y: (point: number) => number;
  /** Where each point stands in the grid; -1 for none. */
  cells: Int32Array;
  rows: ArrayLike<number>;
  /** The packed color of each point; absent where all are alike. */
  colors: Uint32Array | undefined;
  color: { series: Series[]; codes: ArrayLike<number> } | ArrayLike<number> | undefined;
  mark: string;
  /** Tells the points of hidden categories; absent where none is. */
  isHidden?: (point: number) => boolean;
}

/** Places the rows of a frame of points. */
export function pointsOf(frame: DecodedFrame, theme: Theme, hidden?: Hidden): Points {
  const { metadata, length } = frame;
  const { width, height } = metadata;
  const xs = numbersWithGaps(frame, 'x');
  const ys = numbersWithGaps(frame, 'y');
  const cellX = cellsOf(metadata, 'x', width);
  const cellY = cellsOf(metadata, 'y', height);
  const positionX = positionsOf(metadata, 'x');
  const positionY = positionsOf(metadata, 'y');
  const cells = new Int32Array(length);
  for (let i = 0; i < length; i++) {
    const column = cellX(xs[i]!);
    const line = cellY(ys[i]!);
    cells[i] = column < 0 || line < 0 ? -1 : line * width + column;
  }
  const rows = numbersOf(frame, 'row') as ArrayLike<number>;
  const colored = pointColors(frame, theme, hidden);
  const { isHidden } = colored;
  if (isHidden !== undefined) {
    for (let i = 0; i < length; i++) if (isHidden(i)) cells[i] = -1;
  }
  const x = (point: number): number => positionX(xs[point]!);
  const y = (point: number): number => positionY(ys[point]!);
  return { x, y, cells, rows, mark: theme.mark, ...colored };
}

function pointColors(
  frame: DecodedFrame,
  theme: Theme,
  hidden?: Hidden,
): Pick<Points, 'colors' | 'color' | 'isHidden'> {
  if (!hasColumn(frame, 'color')) return { colors: undefined, color: undefined };
  const colors = new Uint32Array(frame.length);
  if (isCategorical(frame, 'color')) {
    const color = seriesOf(frame, 'color', theme, hidden);
    const packed = color.series.map((series) => packHex(series.color));
    for (let i = 0; i < colors.length; i++) colors[i] = packed[color.codes[i]!]!;
    const { series, codes } = color;
    return {
      colors,
      color,
      ...(series.some((each) => each.isHidden)
        ? { isHidden: (point: number) => series[codes[point]!]!.isHidden }
        : {}),
    };
  }
  const color = numbersWithGaps(frame, 'color');
  const ramp = rampOf(frame.metadata, theme);
  for (let i = 0; i < colors.length; i++) colors[i] = ramp(color[i]!);
  return { colors, color };
}
