import type { Kernels } from '../kernels/kernels.js';
import { widened, type CellCounts } from './byte-counts.js';

/** Counts in the narrower of two forms, and what is known of them. */
export interface JoinedCounts {
  counts: Uint8Array<ArrayBuffer> | Uint32Array<ArrayBuffer>;
  /** Cells that hold a row. */
  occupied: number;
  largest: number;
}

/** Adds up counts of the same cells, of which the first may be used up: in bytes as long as every sum fits one. */
export function joinCounts(
  parts: readonly CellCounts[],
  kernels: Kernels,
  check: () => void,
): JoinedCounts {
  const [first, ...others] = parts;
  const areBytes = parts.every(
    (part) => part.counts instanceof Uint8Array && part.spilled.length === 0,
  );
  if (!areBytes) return joinWide(widened(first!), others, 0, check);
  const counts = first!.counts as Uint8Array<ArrayBuffer>;
  for (const [i, other] of others.entries()) {
    check();
    const done = kernels.addBytes(counts, other.counts as Uint8Array<ArrayBuffer>);
    if (done < counts.length) {
      return joinWide(new Uint32Array(counts), others.slice(i), done, check);
    }
  }
  return { counts, ...kernels.tallyBytes(counts) };
}

/** The first of `others` is added from cell `done` on. */
function joinWide(
  counts: Uint32Array<ArrayBuffer>,
  others: readonly CellCounts[],
  done: number,
  check: () => void,
): JoinedCounts {
  let from = done;
  for (const other of others) {
    check();
    const more = other.spilled.length > 0 ? widened(other) : other.counts;
    if (more instanceof Uint8Array)
      for (let i = from; i < counts.length; i++) counts[i]! += more[i]!;
    else for (let i = from; i < counts.length; i++) counts[i]! += more[i]!;
    from = 0;
  }
  return { counts, ...tallyWide(counts) };
}

/** How many of some counts are not 0, and the largest. */
export function tallyWide(counts: Uint32Array): { occupied: number; largest: number } {
  let occupied = 0;
  let largest = 0;
  for (let i = 0; i < counts.length; i++) {
    const count = counts[i]!;
    occupied += count > 0 ? 1 : 0;
    largest = count > largest ? count : largest;
  }
  return { occupied, largest };
}
