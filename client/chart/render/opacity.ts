/**
 * The opacity of n overlapping marks of opacity `one`, 0 to 255, for n from 0 to the length of the table;
 * beyond it, marks hide what is below them: 255.
 */
export function opacityTable(one: number): Uint8ClampedArray {
  // From here on 1 - (1 - one)^n is nearer to 1 than half a step of 255.
  const full = one >= 1 ? 1 : Math.ceil(Math.log(0.5 / 255) / Math.log1p(-one));
  const table = new Uint8ClampedArray(full + 1);
  for (let n = 0; n < table.length; n++) table[n] = Math.round(255 * opacityOf(n, one));
  return table;
}

/** 1 - (1 - one)^n, without the loss of digits that the plain formula has at a small `one`. */
export const opacityOf = (n: number, one: number): number =>
  one >= 1 ? Math.min(n, 1) : -Math.expm1(n * Math.log1p(-one));
