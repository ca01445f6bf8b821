import { BLOCK_ROWS, type Span, type TableView } from '../columns.js';
import { kernelsFor } from '../kernels/load.js';
import { threadArena as arena } from '../kernels/thread-arena.js';
import { Block } from '../scan/block.js';
import { checkCancel, unlessWithdrawn, type CancelWord } from '../scan/cancel.js';
import type { Predicate } from '../scan/predicate.js';
import { spanBytes } from '../scan/values.js';
import { Verdict, verdictOfCount, type Verdicts } from '../scan/verdict.js';
import { openSelection } from './selection.js';

/** Runs one filter over some batches and keeps what passes. */
export interface FillBitsTask {
  table: TableView;
  predicate: Predicate;
  /** Where the bits of each batch go: `bitBytes` of its rows; and what is known of its blocks before. */
  into: readonly { batch: number; span: Span; known?: Verdicts }[];
  cancel?: CancelWord;
}

/** The verdicts on the blocks of each batch; the bits are whole then. Withdrawn: they mean nothing. */
export type FilledBits =
  { withdrawn: false; verdicts: Uint8Array<ArrayBuffer>[] } | { withdrawn: true };

/** Bytes of the bits of so many rows: whole words of 64 bits. */
export function bitBytes(rows: number): number {
  return Math.ceil(rows / 64) * 8;
}

/** See FillBitsTask. The memory belongs to the caller, who lets nobody read it before this has returned. */
export function fillBits({ table, predicate, into, cancel }: FillBitsTask): FilledBits {
  return unlessWithdrawn(() => {
    arena.reset();
    const kernels = kernelsFor(arena);
    const scope = { table, arena, kernels };
    const block = new Block(table, arena, kernels);
    const choose = openSelection({ predicate }, scope, () => checkCancel(cancel))!;
    const mask = arena.u8(BLOCK_ROWS);
    const words = arena.u8(BLOCK_ROWS / 8);
    const verdicts = into.map(({ batch, span, known }) => {
      const rows = table.batchRows[batch]!;
      const bits = spanBytes(table, span);
      const found = new Uint8Array(Math.ceil(rows / BLOCK_ROWS));
      for (let from = 0; from < rows; from += BLOCK_ROWS) {
        checkCancel(cancel);
        block.seek({ batch, from: 0, to: rows, firstRow: 0 }, from);
        const at = from / BLOCK_ROWS;
        const verdict = known?.[at] ?? Verdict.SOME;
        if (verdict === Verdict.SOME) {
          found[at] = verdictOfCount(choose(block, mask), block.rows);
        } else {
          found[at] = verdict;
          mask.fill(verdict === Verdict.ALL ? 1 : 0, 0, block.rows);
        }
        kernels.packBits(mask, block.rows, words);
        bits.set(words.subarray(0, bitBytes(block.rows)), from / 8);
      }
      return found;
    });
    return { withdrawn: false, verdicts };
  });
}
