import { grown } from '../large-arrays.js';
import type { Cells } from '../kernels/kernels.js';
import { openCounts } from '../scan/counts.js';
import type { Scope } from '../scan/mark.js';

/** So few groups are counted by kernels, which know their number beforehand. */
const FEW_GROUPS = 2 ** 13;

/** Counts the rows of groups, of which there are never more than `mostGroups`. */
export function openRowCounts(mostGroups: number, scope: Scope) {
  if (mostGroups <= FEW_GROUPS) {
    const counts = openCounts(mostGroups, scope);
    return {
      add: (groups: Cells, length: number) => counts.add(groups, length),
      counts: (size: number) => counts.result().counts.subarray(0, size),
    };
  }
  let counts = new Uint32Array(64);
  const reserve = (size: number): void => {
    if (size > counts.length) counts = grown(counts, Math.max(size, counts.length * 2));
  };
  return {
    add(groups: Cells, length: number, size: number): void {
      reserve(size);
      for (let i = 0; i < length; i++) if (groups[i]! >= 0) counts[groups[i]!]!++;
    },
    counts(size: number): Uint32Array<ArrayBuffer> {
      reserve(size);
      return counts.subarray(0, size);
    },
  };
}
