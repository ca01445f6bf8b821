import { FLAG_SHIFT, Way, type Mask } from '../kernels/kernels.js';

/** What is known of the place of a strip on an axis where it is no cell: one flag, above all cells. */
export const Code = {
  /** A cell, or another one, or beyond the domain: each value has to be looked up. */
  DOUBT: 1 << FLAG_SHIFT,
  /** Beyond the domain. */
  OUTSIDE: 2 << FLAG_SHIFT,
  /** Some values have no place, and others do: of a strip around 0 on a log axis. */
  WILD: 4 << FLAG_SHIFT,
  /** Without a place. */
  DROPPED: 8 << FLAG_SHIFT,
} as const;

const [DOUBT, OUTSIDE, WILD, DROPPED] = [1, 2, 4, 8];

/**
 * What is done with a row by the flags of its strips, x * 16 + y. What is dropped on one axis is so wherever it stands on the
 * other.
 */
export function fillWays(ways: Mask): void {
  for (let x = 0; x < 16; x++) {
    for (let y = 0; y < 16; y++) ways[x * 16 + y] = wayOf(x, y);
  }
}

function wayOf(x: number, y: number): number {
  const either = x | y;
  if ((either & DROPPED!) !== 0) return Way.DROP;
  if ((either & WILD!) !== 0) return Way.BOTH;
  if ((either & OUTSIDE!) !== 0) return Way.SKIP;
  if ((x & y & DOUBT!) !== 0) return Way.BOTH;
  if (either === 0) return Way.COUNT;
  return x === DOUBT ? Way.X : Way.Y;
}
