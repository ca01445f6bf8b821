import type { Replicates } from '../../sample/margins.js';
import type { CountedKeys } from '../../scan/pair-counts.js';
import type { WholeGrid } from './whole-grid.js';

/** What each part of a sample counted in each cell, or each pair of a cell and a category, of `whole`. */
export function replicatesOf(whole: WholeGrid, grids: readonly WholeGrid[]): Replicates {
  const parts = grids.length;
  if (whole.of === 'category') {
    const { keys, counts } = whole.pairs;
    const own = grids.map((grid) => (grid as WholeGrid & { of: 'category' }).pairs);
    const of = (part: number, i: number): number => countOf(own[part]!, keys[i]!);
    return { parts, size: keys.length, magnitude: counts, of };
  }
  if (whole.of === 'cells') throw new Error('A list of cells is of no sample.');
  const own = grids.map((grid) => (grid as WholeGrid & { of: 'count' | 'mean' }).counts);
  const { counts } = whole;
  return { parts, size: counts.length, magnitude: counts, of: (part, i) => own[part]![i]! };
}

// The keys ascend.
function countOf({ keys, counts }: CountedKeys, key: number): number {
  let low = 0;
  let high = keys.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (keys[middle]! < key) low = middle + 1;
    else high = middle;
  }
  return keys[low] === key ? counts[low]! : 0;
}
