import { largeBytes, largeFloat64, largeUint32 } from '../large-arrays.js';
import type { Aggregated, ValuesPartial } from './plan.js';
import { quantileOf } from './select-nth.js';

/**
 * The quantiles at `shares`, which ascend, of the values of each group. `maps` has for each partial the number that each of
 * its groups has among all `size`.
 */
export function quantilesOf(
  shares: readonly number[],
  partials: readonly ValuesPartial[],
  maps: readonly Uint32Array[],
  size: number,
  check: () => void,
): Aggregated[] {
  // The values of each group side by side: a counting sort by group.
  const starts = largeUint32(size + 1);
  for (const [k, { groups }] of partials.entries()) {
    const map = maps[k]!;
    for (let i = 0; i < groups.length; i++) starts[map[groups[i]!]! + 1]!++;
  }
  for (let group = 0; group < size; group++) starts[group + 1]! += starts[group]!;
  check();
  const all = largeFloat64(starts[size]!);
  const next = largeUint32(size);
  next.set(starts.subarray(0, size));
  for (const [k, { groups, values }] of partials.entries()) {
    check();
    const map = maps[k]!;
    for (let i = 0; i < groups.length; i++) all[next[map[groups[i]!]!]!++] = values[i]!;
  }
  const valid = largeBytes(size);
  const found = shares.map(() => largeFloat64(size));
  for (let group = 0; group < size; group++) {
    const [from, to] = [starts[group]!, starts[group + 1]!];
    if (from === to) continue;
    if (to - from > 100_000) check();
    valid[group] = 1;
    // What lies before a quantile is not looked at for the next.
    let parted = from;
    for (const [s, share] of shares.entries()) {
      found[s]![group] = quantileOf(all, from, to, share, parted) + 0;
      parted = from + Math.floor(share * (to - from - 1));
    }
  }
  return found.map((values) => ({ values, valid }));
}
