import { randomNumbers } from '../fixtures/tiny-tables.js';

/** A kind of series: makes `rows` values of y; NaN is a gap. */
export type Shape = (rows: number, random: () => number) => Float64Array;

const series = (rows: number, valueAt: (i: number) => number): Float64Array =>
  Float64Array.from({ length: rows }, (_, i) => valueAt(i));

/** What lines look like. They have as many spikes, steps and gaps in all, however many rows they have. */
export const SHAPES = {
  noisy: (rows, random) => series(rows, () => random() + random() + random()),
  wandering(rows, random) {
    let level = 0;
    return series(rows, () => (level += random() - 0.5));
  },
  smooth: (rows) =>
    series(rows, (i) => Math.sin((i / rows) * 40) + 0.3 * Math.sin((i / rows) * 173)),
  steps(rows, random) {
    let level = 0;
    return series(rows, () => (random() < 60 / rows ? (level = random()) : level));
  },
  spikes: (rows, random) =>
    series(rows, () => (random() < 80 / rows ? random() * 10 : random() * 0.3)),
  gaps(rows, random) {
    let left = 0;
    return series(rows, (i) => {
      if (left === 0 && random() < 10 / rows) left = Math.ceil(rows / 40);
      if (left > 0) {
        left--;
        return NaN;
      }
      return Math.sin((i / rows) * 25) + random() * 0.3;
    });
  },
  outlier: (rows, random) => series(rows, (i) => (i === Math.floor(rows / 3) ? 500 : random())),
  // A wave as long as a pixel is wide, in a picture of 200.
  waves: (rows) => series(rows, (i) => Math.sin((i / rows) * 200 * 2 * Math.PI)),
  constant: (rows) => series(rows, () => 7),
} as const satisfies Record<string, Shape>;

export type ShapeName = keyof typeof SHAPES;

export const shapeOf = (name: ShapeName, rows: number): Float64Array =>
  SHAPES[name](rows, randomNumbers(rows + name.length));
