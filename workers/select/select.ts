import type { Block } from '../scan/block.js';

/** One byte a row, 1 where it passes. */
export type Mask = Uint8Array<ArrayBuffer>;

/** Clears the bytes of the rows that do not pass. */
export type Select = (block: Block, mask: Mask) => void;

/** Clears the rows where the column is null. */
export function andValid(block: Block, column: number, mask: Mask): void {
  const valid = block.valid(column);
  if (valid === null) return;
  for (let i = 0; i < block.rows; i++) mask[i]! &= valid[i]!;
}
