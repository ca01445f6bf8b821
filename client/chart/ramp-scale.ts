import { roundStep } from './far-ticks.js';
import type { Ramp, RampStop } from './picture.js';

const format = new Intl.NumberFormat('en', { notation: 'compact', maximumFractionDigits: 1 });
// As the axes write a thousand.
export const compact = (value: number): string => format.format(value).replace('K', 'k');

/** The numbers of a ramp, of a linear one those of `linear`, and where along it they stand: between what `endsOf` tells. */
export function ticksAlong(ramp: Ramp, linear: (ramp: Ramp) => Ticks): Ticks {
  if (ramp.scale === 'log') return logTicks(ramp);
  return ramp.scale === 'equal' ? ticksOf(ramp.stops ?? []) : linear(ramp);
}

/** Where the ends of a ramp are on its own scale. */
export function endsOf({ scale, min, max }: Ramp): [low: number, high: number] {
  if (scale === 'log') return [Math.log10(min), Math.log10(max)];
  return scale === 'equal' ? [0, 1] : [min, max];
}

const SCALE_WORDS = { linear: '', log: ' (log)', equal: ' (equalised)' };

/** `rows (log)`: the ends of a ramp do not tell what is between them. */
export const titleOf = ({ title, scale, isBelow }: Ramp): string =>
  `${title}${isBelow && scale === 'linear' ? ' (linear)' : SCALE_WORDS[scale]}`;

export interface Ticks {
  tickvals: number[];
  ticktext: string[];
}

const ticksOf = (stops: readonly RampStop[]): Ticks => ({
  tickvals: stops.map(({ share }) => share),
  ticktext: stops.map(({ value }) => compact(value)),
});

/** Along a ramp there is room for so many numbers. */
const MOST_TICKS = 6;

/** Round numbers from `min` to `max`, each with the digits that tell it from the next. */
export function linearTicks({ min, max }: Pick<Ramp, 'min' | 'max'>): Ticks {
  if (!(max > min)) return { tickvals: [min], ticktext: [compact(min)] };
  const step = roundStep((max - min) / MOST_TICKS);
  const most = Math.max(Math.abs(min), Math.abs(max));
  // So near to one another that steps between them are none of doubles.
  if (most / step > 2 ** 50) {
    return {
      tickvals: [min, max],
      ticktext: [min, max].map((end) => String(end).replaceAll('-', '−')),
    };
  }
  const maximumSignificantDigits = Math.min(17, 1 + Math.ceil(Math.log10(most / step)));
  const notation = most < 1e-4 || most >= 1e15 ? 'scientific' : 'compact';
  const numbers = new Intl.NumberFormat('en', { notation, maximumSignificantDigits });
  const tickvals: number[] = [];
  for (let n = Math.ceil(min / step); n <= max / step; n++) {
    tickvals.push(Number((n * step).toPrecision(16)));
  }
  const textOf = (value: number): string =>
    numbers.format(value).replace('K', 'k').replaceAll('-', '−');
  return { tickvals, ticktext: tickvals.map(textOf) };
}

/** The whole numbers 1, 2 and 5 of every decade between the ends, or the decades alone where there are many. */
function logTicks({ min, max }: Ramp): Ticks {
  const decades = Math.log10(max / min);
  const steps = decades > 3 ? [1] : [1, 2, 5];
  const ticks: number[] = [];
  for (let power = Math.floor(Math.log10(min)); power <= Math.log10(max); power++) {
    for (const step of steps) {
      const value = step * 10 ** power;
      if (value >= min && value <= max) ticks.push(value);
    }
  }
  // A ramp of less than one step has its ends alone.
  const shown = ticks.length > 1 ? ticks : [min, max];
  return {
    tickvals: shown.map((value) => Math.log10(value)),
    ticktext: shown.map((value) => compact(value)),
  };
}
