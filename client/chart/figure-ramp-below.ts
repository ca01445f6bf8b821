import { rampColor } from '../theme.js';
import type { FigureParts } from './figure-parts.js';
import { compact, endsOf, ticksAlong, titleOf, type Ticks } from './figure-ramp.js';
import { escapeMarkup } from './marks/bar.js';
import type { Ramp } from './picture.js';

// All in CSS pixels. A letter of a title, on average:
const LETTER = 6.5;
/** Between the title of the axis and what belongs to the ramp, and between the ramp and its own title. */
const GAP = 16;
const TITLE_GAP = 8;
const MAX_LENGTH = 180;
/** A shorter ramp tells nothing. */
const MIN_LENGTH = 40;
/** From one number to the next at least. */
const NUMBER_STEP = 30;
/** Beneath the axis: the middle of the ramp, half its thickness, and the middle of its numbers. */
const MIDDLE = 32;
const HALF = 4;
const NUMBERS = 46;
/** The ramp has a color for so many pixels. */
const PIECE = 4;

/**
 * The ramp of a picture that has no margin for it, as shapes and words of the layout: it lies below the plot area, at the
 * right of the title of the axis. There it covers no mark, and the plot area is the same with a ramp and without one.
 * Plotly's own color bar would turn its numbers and push the title of the axis away. Where there is little room the ramp
 * goes without its title, and where there is none it is left out.
 */
export function rampBelow({ picture, spec, theme, frame }: FigureParts): Record<string, unknown> {
  const { ramp } = picture;
  if (ramp === undefined || !ramp.isBelow) return {};
  const title = titleOf(ramp);
  const plotWidth = frame.width - frame.margin.l - frame.margin.r;
  const room = (plotWidth - (spec.labels?.x ?? '').length * LETTER) / 2 - GAP;
  const besideTitle = room - title.length * LETTER - TITLE_GAP;
  const withTitle = besideTitle >= 2 * MIN_LENGTH;
  const available = Math.min(MAX_LENGTH, withTitle ? besideTitle : room);
  if (available < MIN_LENGTH) return {};
  const length = Math.floor(available / PIECE) * PIECE;

  const shapes: Record<string, unknown>[] = [];
  for (let at = 0; at < length; at += PIECE) {
    const [red, green, blue] = rampColor(ramp.tones, (at + PIECE / 2) / length);
    shapes.push({
      type: 'rect',
      xref: 'paper',
      yref: 'paper',
      xsizemode: 'pixel',
      ysizemode: 'pixel',
      xanchor: 1,
      yanchor: 0,
      x0: at - length,
      // Each lies over the rest of the one before: where screens have fractions of pixels no seam is seen.
      x1: 0,
      y0: -MIDDLE - HALF,
      y1: -MIDDLE + HALF,
      line: { width: 0 },
      fillcolor: `rgb(${red},${green},${blue})`,
      layer: 'above',
    });
  }
  const words = (text: string, xanchor: string, xshift: number, yshift: number) => ({
    text: escapeMarkup(text),
    xref: 'paper',
    yref: 'paper',
    x: 1,
    y: 0,
    xanchor,
    yanchor: 'middle',
    xshift,
    yshift,
    showarrow: false,
    font: { size: 11, color: theme.muted },
  });
  const numbers = numbersOf(ramp, length).map(({ at, text }) =>
    words(text, 'center', at - length, -NUMBERS),
  );
  const named = withTitle ? [words(title, 'right', -length - TITLE_GAP, -MIDDLE)] : [];
  return { shapes, annotations: [...named, ...numbers] };
}

interface PlacedNumber {
  /** From the left end of the ramp. */
  at: number;
  text: string;
}

/** As many of the numbers of a ramp as stand beside one another. */
function numbersOf(ramp: Ramp, length: number): PlacedNumber[] {
  const { tickvals, ticktext } = ticksAlong(ramp, endTicks);
  const [low, high] = endsOf(ramp);
  const placed: PlacedNumber[] = [];
  for (const [i, value] of tickvals.entries()) {
    const at = high > low ? ((value - low) / (high - low)) * length : length;
    const before = placed.at(-1);
    if (before === undefined || at - before.at >= NUMBER_STEP)
      placed.push({ at, text: ticktext[i]! });
  }
  return placed;
}

/** There is little room: a linear ramp has its ends alone. */
function endTicks({ min, max }: Ramp): Ticks {
  const ends = max > min ? [min, max] : [max];
  return { tickvals: ends, ticktext: ends.map(compact) };
}
