/** A picture as bytes red, green, blue and opacity. */
export interface Shown {
  width: number;
  height: number;
  pixels: Uint8Array;
}

/** Windows are so many pixels wide and high, and overlap by half. */
const WINDOW = 8;
// The constants of the paper for values up to 255: (0.01 · 255)² and (0.03 · 255)².
const C1 = 6.5025;
const C2 = 58.5225;

/**
 * How alike two pictures of one size look, 1 where they are the same: the mean structural similarity of the
 * luminances over windows of 8 by 8, after Wang, Bovik, Sheikh and Simoncelli (2004). What is clear shows `surface`.
 * Windows in which both pictures are one even color are left out: an empty surface would make any two alike.
 */
export function ssim(a: Shown, b: Shown, surface: readonly number[] = [255, 255, 255]): number {
  if (a.width !== b.width || a.height !== b.height) {
    throw new Error(
      `${a.width} × ${a.height} pixels cannot be compared with ${b.width} × ${b.height}.`,
    );
  }
  const [one, other] = [luminances(a, surface), luminances(b, surface)];
  let sum = 0;
  let windows = 0;
  for (let top = 0; top + WINDOW <= a.height; top += WINDOW / 2) {
    for (let left = 0; left + WINDOW <= a.width; left += WINDOW / 2) {
      const likeness = windowSsim(one, other, top * a.width + left, a.width);
      if (likeness === undefined) continue;
      sum += likeness;
      windows++;
    }
  }
  return windows === 0 ? 1 : sum / windows;
}

function luminances({ pixels }: Shown, surface: readonly number[]): Float64Array {
  const [red, green, blue] = surface as [number, number, number];
  return Float64Array.from({ length: pixels.length / 4 }, (_, i) => {
    const opacity = pixels[4 * i + 3]! / 255;
    const shown = (channel: number, below: number): number =>
      pixels[4 * i + channel]! * opacity + below * (1 - opacity);
    return 0.2126 * shown(0, red) + 0.7152 * shown(1, green) + 0.0722 * shown(2, blue);
  });
}

function windowSsim(
  a: Float64Array,
  b: Float64Array,
  start: number,
  stride: number,
): number | undefined {
  const count = WINDOW * WINDOW;
  let [sumA, sumB, squaresA, squaresB, products] = [0, 0, 0, 0, 0];
  for (let y = 0; y < WINDOW; y++) {
    for (let x = 0; x < WINDOW; x++) {
      const [p, q] = [a[start + y * stride + x]!, b[start + y * stride + x]!];
      sumA += p;
      sumB += q;
      squaresA += p * p;
      squaresB += q * q;
      products += p * q;
    }
  }
  const [meanA, meanB] = [sumA / count, sumB / count];
  const varianceA = squaresA / count - meanA * meanA;
  const varianceB = squaresB / count - meanB * meanB;
  if (varianceA < 1e-6 && varianceB < 1e-6 && Math.abs(meanA - meanB) < 1e-6) return undefined;
  const covariance = products / count - meanA * meanB;
  return (
    ((2 * meanA * meanB + C1) * (2 * covariance + C2)) /
    ((meanA ** 2 + meanB ** 2 + C1) * (varianceA + varianceB + C2))
  );
}
