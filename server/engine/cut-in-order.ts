import { dealOut, type Stretch } from '../../workers/scan/stretch.js';

/**
 * Parts of a scan whose partials hold floating-point sums over many stretches: a fixed number, so that the sums
 * do not depend on the number of threads.
 */
export const ORDERED_PARTS = 8;
/** The most stretches of one of them, four million rows: of a table that does not fit into memory, each has to. */
const ORDERED_STRETCHES = 16;

/**
 * Deals stretches out for what is added up in an order, by the rows alone. Each segment is cut by itself, that its parts stay what they
 * are when others come behind it. `segmentStarts` are the first batches of the segments, ascending.
 */
export function cutInOrder(
  stretches: readonly Stretch[],
  segmentStarts: readonly number[],
): Stretch[][] {
  const parts: Stretch[][] = [];
  for (let from = 0, segment = 0; from < stretches.length; segment++) {
    const end = segmentStarts[segment + 1] ?? Infinity;
    let to = from;
    while (to < stretches.length && stretches[to]!.batch < end) to++;
    if (to > from) parts.push(...cutOne(stretches.slice(from, to)));
    from = to;
  }
  return parts.length === 0 ? [[]] : parts;
}

function cutOne(stretches: readonly Stretch[]): Stretch[][] {
  return dealOut(
    stretches,
    Math.max(ORDERED_PARTS, Math.ceil(stretches.length / ORDERED_STRETCHES)),
  );
}
