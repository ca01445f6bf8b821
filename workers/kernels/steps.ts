import type { F64, Steps } from './kernels.js';

/** A value within so many widths of an edge is compared with that edge alone, so the next one must be far. */
export const MAX_DOUBT = 0.25;

/**
 * How well the mean width tells the bin of a value: by the operations of the kernel, whose results never reverse the
 * order of two values, so that all values of a bin lie between those of its edges.
 */
export function stepsOf(edges: F64): Steps {
  const width = edges.length - 1;
  const first = edges[0]!;
  const scale = width / (edges[width]! - first);
  let doubt = 0;
  for (let k = 0; k <= width; k++) {
    const off = Math.abs((edges[k]! - first) * scale - k);
    // Not a number where the span is infinite.
    if (!(off <= doubt)) doubt = off <= MAX_DOUBT ? off : Infinity;
  }
  return { edges, doubt };
}
