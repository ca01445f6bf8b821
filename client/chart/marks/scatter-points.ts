import {
  hasColumn,
  isCategorical,
  numbersOf,
  numbersWithGaps,
  type DecodedFrame,
} from '../../data/frame.js';
import type { Theme } from '../../theme.js';
import { positionsOf } from '../cells.js';
import { packHex, rampOf, seriesOf, type Hidden, type Series } from '../colors.js';
import { pointCells } from './point-cells.js';

/** The rows of a frame of points, made ready to be drawn and found. */
export interface Points {
  /** Positions along the axes; looked up in the frame, because nearly all are never asked for. */
  x: (point: number) => number;
  y: (point: number) => number;
  /** Where each point stands in the grid; -1 for none. */
  cells: Int32Array;
  rows: ArrayLike<number>;
  color: { series: Series[]; codes: ArrayLike<number> } | ArrayLike<number> | undefined;
  /** Absent where all points are alike. */
  shading: Shading | undefined;
  mark: string;
  /** Tells the points of hidden categories; absent where none is. */
  isHidden?: (point: number) => boolean;
}

/** What points are colored by. A shade is a category, or a step of a ramp. */
export interface Shading {
  /** The shade of each point. */
  shades: ArrayLike<number>;
  /** The packed color of each shade. */
  palette: Uint32Array;
  /** 1 for each shade that is not shown. */
  isHidden: Uint8Array;
}

/** Places the rows of a frame of points. */
export function pointsOf(frame: DecodedFrame, theme: Theme, hidden?: Hidden): Points {
  const { metadata } = frame;
  const xs = numbersWithGaps(frame, 'x');
  const ys = numbersWithGaps(frame, 'y');
  const positionX = positionsOf(metadata, 'x');
  const positionY = positionsOf(metadata, 'y');
  const { color, shading } = shadesOf(frame, theme, hidden);
  return {
    x: (point) => positionX(xs[point]!),
    y: (point) => positionY(ys[point]!),
    cells: pointCells(frame),
    rows: numbersOf(frame, 'row') as ArrayLike<number>,
    color,
    shading,
    mark: theme.mark,
    ...(shading?.isHidden.includes(1)
      ? { isHidden: (point: number) => shading.isHidden[shading.shades[point]!] === 1 }
      : {}),
  };
}

function shadesOf(
  frame: DecodedFrame,
  theme: Theme,
  hidden?: Hidden,
): Pick<Points, 'color' | 'shading'> {
  if (!hasColumn(frame, 'color')) return { color: undefined, shading: undefined };
  if (isCategorical(frame, 'color')) {
    const color = seriesOf(frame, 'color', theme, hidden);
    const { series, codes } = color;
    return {
      color,
      shading: {
        shades: codes,
        palette: Uint32Array.from(series, (each) => packHex(each.color)),
        isHidden: Uint8Array.from(series, (each) => Number(each.isHidden)),
      },
    };
  }
  const color = numbersWithGaps(frame, 'color');
  const { stepOf, palette } = rampOf(frame.metadata, theme);
  return {
    color,
    shading: {
      shades: stepsOf(frame, color, stepOf),
      palette,
      isHidden: new Uint8Array(palette.length),
    },
  };
}

// Another palette gives the same steps other colors: two bytes a point, for as long as the frame is held.
const stepped = new WeakMap<DecodedFrame, Uint16Array>();

function stepsOf(
  frame: DecodedFrame,
  color: ArrayLike<number>,
  stepOf: (value: number) => number,
): Uint16Array {
  const known = stepped.get(frame);
  if (known !== undefined) return known;
  const steps = new Uint16Array(color.length);
  for (let i = 0; i < steps.length; i++) steps[i] = stepOf(color[i]!);
  stepped.set(frame, steps);
  return steps;
}
