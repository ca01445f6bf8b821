import { BLOCK_ROWS, type Span } from '../columns.js';
import type { Block } from '../scan/block.js';
import type { Scope } from '../scan/mark.js';
import type { Predicate } from '../scan/predicate.js';
import { spanBytes } from '../scan/values.js';
import { openPredicate } from './open.js';
import type { Mask, Select } from './select.js';

/**
 * The rows of a filter that was run before: for each batch of the table one bit a row, least significant first, in whole
 * words of 64 bits with zeros beyond the last row. Absent where a scan does not come.
 */
export type KeptBits = readonly (Span | undefined)[];

/** Which rows a scan takes: those that pass a predicate and whose bits are set in all of `kept`. */
export interface Selection {
  predicate: Predicate | null;
  kept?: readonly KeptBits[];
}

/**
 * Counts the rows of a block that pass. Only where these are some and not all of them is the mask written: one byte a
 * row, 1 where it passes.
 */
export type Choose = (block: Block, mask: Mask) => number;

/** Makes a selection ready to be run over blocks; undefined where every row passes. */
export function openSelection(
  { predicate, kept = [] }: Selection,
  scope: Scope,
  check: () => void,
): Choose | undefined {
  const select = predicate === null ? undefined : openPredicate(predicate, scope, check);
  if (kept.length > 0) return chooseKept(kept, select, scope);
  if (select === undefined) return undefined;
  const { kernels } = scope;
  return (block, mask) => {
    mask.fill(1, 0, block.rows);
    select(block, mask);
    return kernels.count(mask, block.rows);
  };
}

/** The bits of one batch. */
export function bitsOf(scope: Pick<Scope, 'table'>, kept: KeptBits, batch: number): Uint8Array {
  const span = kept[batch];
  if (span === undefined) throw new Error(`Expected the bits of batch ${batch}.`);
  return spanBytes(scope.table, span);
}

function chooseKept(kept: readonly KeptBits[], select: Select | undefined, scope: Scope): Choose {
  const { arena, kernels } = scope;
  const words = arena.u8(BLOCK_ROWS / 8);
  let batch = -1;
  let bits: Uint8Array[] = [];
  return (block, mask) => {
    if (block.batch !== batch) {
      batch = block.batch;
      bits = kept.map((one) => bitsOf(scope, one, batch));
    }
    const { from, rows } = block;
    words.fill(255);
    let count = 0;
    for (const own of bits) {
      count = kernels.andBits(own, from, rows, words);
      if (count === 0) return 0;
    }
    if (count === rows) {
      if (select === undefined) return count;
      mask.fill(1, 0, rows);
    } else kernels.unpackBits(words, 0, rows, mask);
    if (select === undefined) return count;
    select(block, mask);
    return kernels.count(mask, rows);
  };
}
