import { discLines, linesOf, type LineOf } from './disc-sums.js';
import { discRows } from './disc.js';
import type { Grid } from './grid.js';

/** Gives the mean colors of the rows around the cells of a line, of which there are `rows`; without the opacity byte. */
export type ColorsOf = (y: number, rows: Uint32Array) => Uint32Array;

/** Mixes the colors of the rows of the disc around each cell, line by line as `discLines`. */
export function meanColors(
  { width, height, counts }: Grid,
  colors: Uint32Array,
  radius: number,
): ColorsOf {
  const weights = colorWeights(counts);
  const totalOf =
    weights === counts ? undefined : discLines(width, height, radius, linesOf(weights, width));
  const [redOf, greenOf, blueOf] = [0, 8, 16].map((shift) => {
    const weighted = kept(width, 2 * discRows(radius).length - 1, (y, line) => {
      weigh(line, weights, colors, y * width, shift);
    });
    return discLines(width, height, radius, weighted);
  }) as [LineOf, LineOf, LineOf];
  const mean = new Uint32Array(width);
  return (y, rows) => {
    mix(mean, totalOf?.(y) ?? rows, redOf(y), greenOf(y), blueOf(y));
    return mean;
  };
}

/** The lines that `fill` writes, of which the last `many` are kept. */
function kept(width: number, many: number, fill: (y: number, line: Uint32Array) => void): LineOf {
  const lines = Array.from({ length: many }, () => new Uint32Array(width));
  const filled = new Int32Array(many).fill(-1);
  return (y) => {
    const line = lines[y % many]!;
    if (filled[y % many] !== y) fill(y, line);
    filled[y % many] = y;
    return line;
  };
}

/** A channel of the colors of a line of cells, times their weights. */
function weigh(
  line: Uint32Array,
  weights: Uint32Array,
  colors: Uint32Array,
  start: number,
  shift: number,
): void {
  for (let x = 0; x < line.length; x++) {
    line[x] = Math.imul(weights[start + x]!, (colors[start + x]! >>> shift) & 255);
  }
}

function mix(
  mean: Uint32Array,
  total: Uint32Array,
  red: Uint32Array,
  green: Uint32Array,
  blue: Uint32Array,
): void {
  for (let x = 0; x < mean.length; x++) {
    const n = total[x]!;
    if (n === 0) continue;
    // Rounds as `Math.round` does, and is a few times faster.
    mean[x] =
      (red[x]! / n + 0.5) |
      0 |
      (((green[x]! / n + 0.5) | 0) << 8) |
      (((blue[x]! / n + 0.5) | 0) << 16);
  }
}

/** The counts, or shares of them where 255 times their sum could pass 2^32. */
function colorWeights(counts: Uint32Array): Uint32Array {
  let sum = 0;
  for (let i = 0; i < counts.length; i++) sum += counts[i]!;
  const divisor = sum / 2 ** 23;
  return divisor <= 1 ? counts : counts.map((count) => Math.ceil(count / divisor));
}
