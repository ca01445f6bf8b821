/**
 * Bins of one width, aligned to 0: bin k begins at the double nearest to k times the width, and a value is in the
 * last bin that begins at or below it. So 0.3 is in the bin 0.3 of width 0.1, though 3 * 0.1 is above 0.3 in doubles.
 */
export interface WidthBins {
  width: number;
  /** The width is `numerator / denominator`, the shortest decimal that gives it. */
  numerator: number;
  denominator: number;
}

/** Prepares bins of `width`, a positive finite number. */
export function widthBins(width: number): WidthBins {
  const [digits = '', exponent = '0'] = width.toExponential().split('e');
  const decimals = (digits.split('.')[1] ?? '').length - Number(exponent);
  const numerator = Number(digits.replace('.', '')) * 10 ** Math.max(0, -decimals);
  const denominator = 10 ** Math.max(0, decimals);
  // Beyond 10^22 a power of ten is no exact double: the width itself is as good then.
  const exact = decimals <= 22 && Number.isSafeInteger(numerator);
  return exact ? { width, numerator, denominator } : { width, numerator: width, denominator: 1 };
}

/** Where bin `k` begins. */
export function binStart(k: number, { numerator, denominator }: WidthBins): number {
  return (k * numerator) / denominator;
}

/** The bin of a finite value. */
export function binOf(value: number, bins: WidthBins): number {
  const guess = Math.floor(value / bins.width);
  if (binStart(guess, bins) > value) return guess - 1;
  return binStart(guess + 1, bins) <= value ? guess + 1 : guess;
}
