import type { Span } from './axis.js';

/** Marks at an axis that is far from zero for its length, told by how far they are from a round number near to them. */
export interface FarTicks {
  /** The name of the axis with that number: `id − 1,000,000,000,000,000`. */
  title: string;
  ticks: { position: number; text: string }[];
}

/** Digits of a double that are no noise. */
const DIGITS = 15;

/** About `most` ticks on the span and as many on either side, where they come into sight when the axis is moved. */
export function farTicks([low, high]: Span, most: number, label = ''): FarTicks {
  const step = roundStep((high - low) / Math.max(1, most));
  // So near that ticks have few digits, so far that it seldom changes when the axis is moved.
  const unit = 1000 * 10 ** Math.floor(Math.log10(step));
  const base = tidy(Math.floor(low / unit) * unit);
  const ticks: FarTicks['ticks'] = [];
  const last = Math.floor((2 * high - low - base) / step);
  for (let n = Math.ceil((2 * low - high - base) / step); n <= last; n++) {
    ticks.push({ position: tidy(base + n * step, 17), text: shown(tidy(n * step)) });
  }
  const sign = base < 0 ? '+' : '−';
  return { title: `${label} ${sign} ${shown(Math.abs(base))}`.trim(), ticks };
}

/** 1, 2 or 5 times a power of ten, at least `room`. */
export function roundStep(room: number): number {
  const power = 10 ** Math.floor(Math.log10(room));
  return power * ([1, 2, 5].find((times) => times * power >= room) ?? 10);
}

const tidy = (value: number, digits = DIGITS): number => Number(value.toPrecision(digits));

function shown(value: number): string {
  const isPlain = value === 0 || (Math.abs(value) >= 1e-6 && Math.abs(value) < 1e21);
  const text = isPlain
    ? value.toLocaleString('en', { maximumSignificantDigits: DIGITS })
    : String(value);
  return text.replace('-', '−');
}
