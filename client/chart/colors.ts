import type { ColorInfo, FrameMetadata } from '../../protocol/frame.js';
import { categoriesOf, type DecodedFrame } from '../data/frame.js';
import { categoryColor, rampColor, rgbOf, type Theme } from '../theme.js';
import { endsAround } from './ends-around.js';
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
  const info = frame.metadata.color;
  const { labels, nullAt, codes } = placesOf(frame, column);
  const series = labels.map((label, at) => ({
    label,
    color: at === nullAt ? theme.null : colorOf(info, label, at, theme),
    isHidden: hidden.has(label),
  }));
  return { series, codes };
}

/** The series of a frame without their looks. */
interface Places {
  labels: (string | null)[];
  /** Where the series of rows without a value is; -1 where there is none. */
  nullAt: number;
  codes: ArrayLike<number>;
}

// Palettes, themes and legends change looks alone: a byte a row for as long as the frame is held, two for many series.
const kept = new WeakMap<DecodedFrame, Places>();

/** A dictionary lists its values as they come; stacks and groups stand in the order of the legend. */
function placesOf(frame: DecodedFrame, column: string): Places {
  const known = kept.get(frame);
  if (known !== undefined) return known;
  const { codes, labels } = categoriesOf(frame, column);
  // A code of -1 is null: it takes the place behind the last label.
  const nulls = labels.length;
  const all = codes.includes(-1) ? [...labels, null] : labels;
  const order = legendOrder(all, nulls, frame.metadata.color);
  const made = {
    labels: order.map((at) => all[at]!),
    nullAt: order.indexOf(nulls),
    codes: inOrder(codes, order, nulls),
  };
  kept.set(frame, made);
  return made;
}

/** The place in `order` of each code. Where the dictionary has that order the codes are the frame's own. */
function inOrder(
  codes: ArrayLike<number>,
  order: readonly number[],
  nulls: number,
): ArrayLike<number> {
  if (!order.includes(nulls) && order.every((at, place) => at === place)) return codes;
  const placeOf = new Int32Array(order.length);
  for (const [place, at] of order.entries()) placeOf[at] = place;
  const places = new (order.length <= 256 ? Uint8Array : Int32Array)(codes.length);
  for (let i = 0; i < places.length; i++) {
    const code = codes[i]!;
    places[i] = placeOf[code < 0 ? nulls : code]!;
  }
  return places;
}

function legendOrder(
  labels: readonly (string | null)[],
  nulls: number,
  info: ColorInfo | undefined,
): number[] {
  const order = labels.map((_, at) => at);
  if (info?.kind !== 'category') return order;
  const ranks = new Map(
    info.categories.map(({ label, role }, rank) => [role === 'null' ? null : label, rank]),
  );
  const rankOf = (at: number): number => ranks.get(at === nulls ? null : labels[at]!) ?? ranks.size;
  return order.toSorted((a, b) => rankOf(a) - rankOf(b));
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

/** The ends of the ramp of numbers from `min` to `max`: one with a middle reaches as far to both sides of it. */
export const rampOver = ({ middle }: Theme, min: number, max: number): [number, number] =>
  middle === undefined ? [min, max] : endsAround(min, max, middle);

/** Where on the ramp a number stands that is `share` of the way from `min` to `max`. */
function rampShare(theme: Theme, min: number, max: number): (share: number) => number {
  const [low, high] = rampOver(theme, min, max);
  if (theme.middle === undefined) return (share) => share;
  return (share) => (high > low ? (min + share * (max - min) - low) / (high - low) : 0.5);
}

/** A color as it lies in an image. */
export const packHex = (hex: string): number => packColor(...rgbOf(hex));

/** The steps of a ramp between the ends of the frame's color, and their packed colors; what is no number is the last, neutral one. */
export function rampOf(
  { color }: FrameMetadata,
  theme: Theme,
): { stepOf: (value: number) => number; palette: Uint32Array } {
  const steps = 255;
  const neutral = steps + 1;
  const min = color?.kind === 'number' ? (color.min ?? 0) : 0;
  const max = color?.kind === 'number' ? (color.max ?? 1) : 1;
  const shareOf = rampShare(theme, min, max);
  const palette = Uint32Array.from({ length: neutral + 1 }, (_, at) =>
    at === neutral ? packHex(theme.null) : packColor(...rampColor(theme.ramp, shareOf(at / steps))),
  );
  const scale = max > min ? steps / (max - min) : 0;
  const stepOf = (value: number): number =>
    value >= -Infinity ? Math.round(Math.min(Math.max((value - min) * scale, 0), steps)) : neutral;
  return { stepOf, palette };
}
