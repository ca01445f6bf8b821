import type { Span } from '../axis.js';

/** The extent of `values` between `low` and `high`, NaN left out, with `margin` of its length on both sides. */
export function fitSpan(margin: number, ...columns: readonly ArrayLike<number>[]): Span {
  let low = Infinity;
  let high = -Infinity;
  for (const values of columns) {
    for (let i = 0; i < values.length; i++) {
      const value = values[i]!;
      if (value < low && value > -Infinity) low = value;
      if (value > high && value < Infinity) high = value;
    }
  }
  if (low > high) return [0, 1];
  if (low === high) return [low - 0.5, high + 0.5];
  const by = (high - low) * margin;
  return [low - by, high + by];
}
