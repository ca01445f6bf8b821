import type { Shade } from '../../../protocol/view/shading.js';
import type { Ramp, RampStop } from '../picture.js';

/** Where values stand on a ramp. */
export interface ColorScale {
  min: number;
  max: number;
  scale: Shade;
  /** From 0 to 1; everything is at the top where all values are alike. NaN for what is no number. */
  shareOf: (value: number) => number;
  /** Of an equalised scale: the values at equal steps of color. */
  stops?: readonly RampStop[];
}

/** What a ramp tells of a scale. */
export const rampEnds = ({
  min,
  max,
  scale,
  stops,
}: ColorScale): Pick<Ramp, 'min' | 'max' | 'scale' | 'stops'> => ({
  min,
  max,
  scale,
  ...(stops === undefined ? {} : { stops }),
});

/** An equalised ramp is told by so many values, its ends among them. */
const STOPS = 5;

/**
 * The scale of numbers. `linear` and `log` follow the value, `equal` its rank: as much of the picture is below a
 * color as the color is along the ramp. A logarithm needs values above zero; others are `linear` then.
 */
export function colorScale(values: ArrayLike<number>, wanted: Shade): ColorScale {
  let min = Infinity;
  let max = -Infinity;
  for (let i = 0; i < values.length; i++) {
    if (values[i]! < min) min = values[i]!;
    if (values[i]! > max) max = values[i]!;
  }
  if (min > max) [min, max] = [0, 1];
  const scale = wanted === 'log' && !(min > 0) ? 'linear' : wanted;
  if (!(max > min)) {
    const shareOf = (value: number): number => (Number.isNaN(value) ? value : 1);
    return { min, max, scale: 'linear', shareOf };
  }
  if (scale === 'equal') return { min, max, ...equalised(values) };
  if (scale === 'linear') {
    return { min, max, scale, shareOf: (value) => (value - min) / (max - min) };
  }
  const low = Math.log(min);
  const width = Math.log(max) - low;
  return { min, max, scale, shareOf: (value) => (Math.log(value) - low) / width };
}

function equalised(values: ArrayLike<number>): Pick<ColorScale, 'scale' | 'shareOf' | 'stops'> {
  const sorted = Float64Array.from(values).sort();
  // NaN is sorted to the end.
  let end = sorted.length;
  while (Number.isNaN(sorted[end - 1])) end--;
  // The values that occur, and how many are as great at most.
  const distinct: number[] = [];
  const below: number[] = [];
  for (let i = 0; i < end; i++) {
    if (i + 1 < end && sorted[i + 1] === sorted[i]) continue;
    distinct.push(sorted[i]!);
    below.push(i + 1);
  }
  const first = below[0]!;
  const rankOf = (value: number): number => {
    let low = 0;
    let high = distinct.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if (distinct[middle]! <= value) low = middle;
      else high = middle - 1;
    }
    return low;
  };
  const shareAt = (rank: number): number => (below[rank]! - first) / (end - first);
  const stops: RampStop[] = [];
  for (let stop = 0; stop < STOPS; stop++) {
    const share = stop / (STOPS - 1);
    let rank = 0;
    while (rank < distinct.length - 1 && shareAt(rank) < share) rank++;
    const at = { share: shareAt(rank), value: distinct[rank]! };
    if (stops.at(-1)?.value !== at.value) stops.push(at);
  }
  return {
    scale: 'equal',
    shareOf: (value) => (Number.isNaN(value) ? value : shareAt(rankOf(value))),
    stops,
  };
}
