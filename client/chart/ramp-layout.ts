import type { FigureParts } from './figure-parts.js';
import type { Ramp } from './picture.js';
import { compact, endsOf, linearTicks, ticksAlong, titleOf, type Ticks } from './ramp-scale.js';

// All in CSS pixels. A letter of a title, on average:
const LETTER = 6.5;
/** Between the title of the axis and what belongs to the ramp. */
const GAP = 16;
const MAX_LENGTH = 180;
/** A shorter ramp tells nothing. */
const MIN_LENGTH = 40;
/** From one number to the next at least. */
const NUMBER_STEP = 30;

/** Between a ramp below the axis and its title. */
export const TITLE_GAP = 8;
/** Between the plot area and a ramp beside it. */
export const BESIDE = 14;
/** Beneath the axis: the middle of the ramp, half its thickness, and the middle of its numbers. */
export const MIDDLE = 32;
export const HALF = 4;
export const NUMBERS = 46;

/** What a ramp shows. */
export interface LaidRamp {
  /** From low to high. */
  tones: readonly string[];
  /** Undefined where there is no room for it. */
  title: string | undefined;
  numbers: readonly PlacedNumber[];
}

interface PlacedNumber {
  /** From the low end of the ramp, 0, to the high one, 1. */
  share: number;
  text: string;
}

/** The ramp at the right of the plot area, from its foot to its top. */
export function layBeside({ picture, color, withLegend }: FigureParts): LaidRamp | undefined {
  const { ramp } = picture;
  if (ramp === undefined || ramp.isBelow || (color !== undefined && !withLegend)) return undefined;
  return { tones: ramp.tones, title: titleOf(ramp), numbers: placed(ramp, linearTicks, 0) };
}

/**
 * The ramp of a picture that has no margin for it, `length` pixels long: it lies below the plot area, at the right of the title of
 * the axis. There it covers no mark, and the plot area is the same with a ramp and without one. Where there is little room the
 * ramp goes without its title, and where there is none it is left out.
 */
export function layBelow({
  picture,
  spec,
  frame,
}: FigureParts): (LaidRamp & { length: number }) | undefined {
  const { ramp } = picture;
  if (ramp === undefined || !ramp.isBelow) return undefined;
  const title = titleOf(ramp);
  const plotWidth = frame.width - frame.margin.l - frame.margin.r;
  const room = (plotWidth - (spec.labels?.x ?? '').length * LETTER) / 2 - GAP;
  const besideTitle = room - title.length * LETTER - TITLE_GAP;
  const withTitle = besideTitle >= 2 * MIN_LENGTH;
  const length = Math.floor(Math.min(MAX_LENGTH, withTitle ? besideTitle : room));
  if (length < MIN_LENGTH) return undefined;
  return {
    tones: ramp.tones,
    title: withTitle ? title : undefined,
    numbers: placed(ramp, endTicks, NUMBER_STEP / length),
    length,
  };
}

/** As many of the numbers of a ramp as are `step` or more from one another. */
function placed(ramp: Ramp, linear: (ramp: Ramp) => Ticks, step: number): PlacedNumber[] {
  const { tickvals, ticktext } = ticksAlong(ramp, linear);
  const [low, high] = endsOf(ramp);
  const numbers: PlacedNumber[] = [];
  for (const [i, value] of tickvals.entries()) {
    const share = high > low ? (value - low) / (high - low) : 1;
    const before = numbers.at(-1);
    if (before === undefined || share - before.share >= step) {
      numbers.push({ share, text: ticktext[i]! });
    }
  }
  return numbers;
}

/** There is little room: a linear ramp has its ends alone. */
function endTicks({ min, max }: Ramp): Ticks {
  const ends = max > min ? [min, max] : [max];
  return { tickvals: ends, ticktext: ends.map(compact) };
}
