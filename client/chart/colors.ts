import type { ColorInfo, FrameMetadata } from '../../protocol/frame.js';
import { categoriesOf, type DecodedFrame } from '../data/frame.js';
import { categoryColor, rampColor, rgbOf, type Theme } from '../theme.js';
import { packColor } from './render/grid.js';

/** One series or category of a picture. */
export interface Series {
  /** Null is the category of rows without a value. */
  label: string | null;
  /** As `#rrggbb`. */
  color: string;
  /** The person has taken it out of the picture. */
  isHidden: boolean;
}

/** Categories that are not shown; null is that of rows without a value. */
export type Hidden = ReadonlySet<string | null>;

const NONE: Hidden = new Set();

/** The series of a dictionary column: each row's position among `series`. */
export interface SeriesColumn {
  series: Series[];
  codes: ArrayLike<number>;
}

/** The categories of a frame with their colors, or of the columns that a long form names in turn. */
export function seriesOf(
  frame: DecodedFrame,
  column: string,
  theme: Theme,
  hidden = NONE,
): SeriesColumn {
  const { codes, labels } = categoriesOf(frame, column);
  const info = frame.metadata.color;
  const series = labels.map((label, at) => ({
    label,
    color: colorOf(info, label, at, theme),
    isHidden: hidden.has(label),
  }));
  // A code of -1 is null: it takes the place behind the last label.
  const nulls = labels.length;
  let hasNulls = false;
  const places = new Int32Array(codes.length);
  for (let i = 0; i < places.length; i++) {
    const code = codes[i]!;
    places[i] = code < 0 ? nulls : code;
    if (code < 0) hasNulls = true;
  }
  if (hasNulls) series.push({ label: null, color: theme.null, isHidden: hidden.has(null) });
  return inLegendOrder({ series, codes: places }, info);
}

/** A dictionary lists its values as they come; stacks and groups stand in the order of the legend. */
function inLegendOrder({ series, codes }: SeriesColumn, info: ColorInfo | undefined): SeriesColumn {
  if (info?.kind !== 'category') return { series, codes };
  const ranks = new Map(
    info.categories.map(({ label, role }, rank) => [role === 'null' ? null : label, rank]),
  );
  const rankOf = (at: number): number => ranks.get(series[at]!.label) ?? ranks.size;
  const order = series.map((_, at) => at).toSorted((a, b) => rankOf(a) - rankOf(b));
  const places = new Int32Array(series.length);
  for (const [place, at] of order.entries()) places[at] = place;
  const ordered = new Int32Array(codes.length);
  for (let i = 0; i < ordered.length; i++) ordered[i] = places[codes[i]!]!;
  return { series: order.map((at) => series[at]!), codes: ordered };
}

function colorOf(
  info: ColorInfo | undefined,
  label: string | null,
  at: number,
  theme: Theme,
): string {
  if (info?.kind !== 'category') return categoryColor(theme, at, 'value');
  const index = info.categories.findIndex(
    (category) => category.label === label && category.role !== 'null',
  );
  return index < 0 ? theme.null : categoryColor(theme, index, info.categories[index]!.role);
}

/** The color of a bar of a difference: what became less, or more. */
export const signedColor = ({ diverging }: Theme, isLess: boolean): string =>
  diverging.at(isLess ? 1 : -2)!;

/** A color as it lies in an image. */
export const packHex = (hex: string): number => packColor(...rgbOf(hex));

/** The packed colors of numbers between the ends of the frame's color; what is no number is neutral. */
export function rampOf({ color }: FrameMetadata, theme: Theme): (value: number) => number {
  const steps = 255;
  const table = Uint32Array.from({ length: steps + 1 }, (_, at) =>
    packColor(...rampColor(theme.ramp, at / steps)),
  );
  const min = color?.kind === 'number' ? (color.min ?? 0) : 0;
  const max = color?.kind === 'number' ? (color.max ?? 1) : 1;
  const scale = max > min ? steps / (max - min) : 0;
  const neutral = packHex(theme.null);
  return (value) => {
    if (!(value >= -Infinity)) return neutral;
    return table[Math.round(Math.min(Math.max((value - min) * scale, 0), steps))]!;
  };
}
