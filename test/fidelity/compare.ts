/** How far one picture is from another, in steps of 255. */
export interface Difference {
  most: number;
  mean: number;
  /** Pixels that differ by more than one step. */
  pixels: number;
  /** Pixels of the picture that are not empty in either. */
  inked: number;
}

/** Compares shares of pixels, 0 to 1. */
export function differenceOf(a: ArrayLike<number>, b: ArrayLike<number>): Difference {
  let most = 0;
  let sum = 0;
  let pixels = 0;
  let inked = 0;
  for (let i = 0; i < a.length; i++) {
    const off = 255 * Math.abs(a[i]! - b[i]!);
    most = Math.max(most, off);
    sum += off;
    if (off > 1) pixels++;
    if (a[i]! > 0 || b[i]! > 0) inked++;
  }
  return { most, mean: sum / a.length, pixels, inked };
}
