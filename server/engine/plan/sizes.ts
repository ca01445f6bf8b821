import type { Snapshot } from '../../snapshots/manifest.js';
import type { SortedLine } from './sorted-line.js';

/** The position in the snapshot of a column. */
export function positionOf({ manifest }: Snapshot, name: string): number {
  return manifest.columns.findIndex(({ info }) => info.name === name);
}

/** Bytes of a column in all batches. */
export function bytesOf(batches: SortedLine['ys'][number]['batches']): number {
  return batches.reduce(
    (sum, { data, validity }) => sum + (data?.length ?? 0) + (validity?.length ?? 0),
    0,
  );
}

export function sumOf(numbers: readonly number[]): number {
  return numbers.reduce((sum, number) => sum + number, 0);
}
