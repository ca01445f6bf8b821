/**
 * Reorders `values` from `from` to `to` (exclusive) so that the `k`-th of that stretch, in ascending order, stands at
 * position `k`, with nothing greater before and nothing less behind it. Hoare's quickselect; no NaN may be among them.
 */
export function selectNth(values: Float64Array, from: number, to: number, k: number): void {
  let low = from;
  let high = to - 1;
  while (low < high) {
    const pivot = medianOfThree(values[low]!, values[(low + high) >>> 1]!, values[high]!);
    let i = low;
    let j = high;
    while (i <= j) {
      while (values[i]! < pivot) i++;
      while (values[j]! > pivot) j--;
      if (i <= j) {
        const value = values[i]!;
        values[i++] = values[j]!;
        values[j--] = value;
      }
    }
    if (k <= j) high = j;
    else if (k >= i) low = i;
    else return;
  }
}

function medianOfThree(a: number, b: number, c: number): number {
  return Math.max(Math.min(a, b), Math.min(Math.max(a, b), c));
}

/**
 * The quantile `p` of the stretch, by linear interpolation between its neighbours; reorders the stretch.
 * The stretch must not be empty. No value of it before `parted` may be greater than one behind.
 */
export function quantileOf(
  values: Float64Array,
  from: number,
  to: number,
  p: number,
  parted = from,
): number {
  const position = p * (to - from - 1);
  const below = from + Math.floor(position);
  selectNth(values, parted, to, below);
  const low = values[below]!;
  const share = position - Math.floor(position);
  if (share === 0) return low;
  let high = Infinity;
  for (let i = below + 1; i < to; i++) if (values[i]! < high) high = values[i]!;
  return interpolate(low, high, share);
}

/** What lies at `share` between two neighbours in ascending order. */
export function interpolate(low: number, high: number, share: number): number {
  if (low === high) return low;
  // An infinite neighbour outweighs any other; the difference of two would be no number.
  return Number.isFinite(high - low)
    ? low + (high - low) * share
    : low * (1 - share) + high * share;
}
