import type { Grid } from './render/grid.js';

/** The last point of each cell that is shown: the one that is on top. */
export function indexOf(
  { cells, isHidden }: { cells: Int32Array; isHidden?: (point: number) => boolean },
  size: number,
): Int32Array {
  const index = new Int32Array(size).fill(-1);
  for (let i = 0; i < cells.length; i++) {
    if (cells[i]! >= 0 && !isHidden?.(i)) index[cells[i]!] = i;
  }
  return index;
}

/** The entry of `index` nearest to the cell `at`, at most `reach` cells away; -1 without one. */
export function nearestIn(
  index: Int32Array,
  width: number,
  height: number,
  at: { x: number; y: number },
  reach: number,
): number {
  let found = -1;
  let best = reach * reach;
  const whole = Math.floor(reach);
  for (let y = Math.max(0, at.y - whole); y <= Math.min(height - 1, at.y + whole); y++) {
    for (let x = Math.max(0, at.x - whole); x <= Math.min(width - 1, at.x + whole); x++) {
      const entry = index[y * width + x]!;
      if (entry < 0) continue;
      const distance = (x - at.x) ** 2 + (y - at.y) ** 2;
      if (distance > best || (distance === best && entry < found)) continue;
      best = distance;
      found = entry;
    }
  }
  return found;
}

/** The rows that stand at most `radius` cells away from the cell `at`. */
export function rowsWithin(
  { counts, width, height }: Grid,
  at: { x: number; y: number },
  radius: number,
): number {
  const whole = Math.floor(radius);
  let rows = 0;
  for (let y = Math.max(0, at.y - whole); y <= Math.min(height - 1, at.y + whole); y++) {
    for (let x = Math.max(0, at.x - whole); x <= Math.min(width - 1, at.x + whole); x++) {
      if ((x - at.x) ** 2 + (y - at.y) ** 2 <= radius * radius) rows += counts[y * width + x]!;
    }
  }
  return rows;
}
