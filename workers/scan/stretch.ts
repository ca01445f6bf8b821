import { BLOCK_ROWS } from '../columns.js';

/**
 * Rows of a stretch: a multiple of BLOCK_ROWS and a divisor of BATCH_ROWS. Fixed, because floating-point sums are
 * made a stretch at a time: they then do not depend on the number of threads.
 */
export const STRETCH_ROWS = 2 ** 18;

/** Rows `from` (inclusive) to `to` (exclusive) of one batch: what a scan does in one go. */
export interface Stretch {
  batch: number;
  from: number;
  to: number;
  /** The number in the snapshot of the row `from`. */
  firstRow: number;
  /** What is known of its blocks before any row is looked at; a scan gives the same with it and without. */
  blocks?: KnownBlocks;
}

/** One bit a block of a stretch, the lowest its first. */
export interface KnownBlocks {
  /** 0 where no row of the block passes the filters. */
  may: number;
  /** 1 where every row of the block passes them. */
  sure: number;
}

/** Whether the block that begins at row `from` of the batch is known to hold no row that passes. */
export function isLeftOut({ from: start, blocks }: Stretch, from: number): boolean {
  return blocks !== undefined && ((blocks.may >>> ((from - start) / BLOCK_ROWS)) & 1) === 0;
}

/** Whether every row of the block that begins at row `from` of the batch is known to pass. */
export function passesWhole({ from: start, blocks }: Stretch, from: number): boolean {
  return blocks !== undefined && ((blocks.sure >>> ((from - start) / BLOCK_ROWS)) & 1) === 1;
}

// By the batches of a snapshot: of a small window of ten batches to make them anew took a tenth of the time before its task is sent.
const all = new WeakMap<readonly number[], readonly Stretch[]>();

/** The stretches of all rows, which are the same objects for the same list of batches. */
export function allStretches(batchRows: readonly number[]): readonly Stretch[] {
  let stretches = all.get(batchRows);
  if (stretches === undefined) all.set(batchRows, (stretches = stretchesOf(batchRows)));
  return stretches;
}

/** Cuts the batches that `keep` wants into stretches, in row order. */
export function stretchesOf(
  batchRows: readonly number[],
  keep: (batch: number) => boolean = () => true,
): Stretch[] {
  const stretches: Stretch[] = [];
  let batchStart = 0;
  for (const [batch, rows] of batchRows.entries()) {
    const end = keep(batch) ? rows : 0;
    for (let from = 0; from < end; from += STRETCH_ROWS) {
      const to = Math.min(rows, from + STRETCH_ROWS);
      stretches.push({ batch, from, to, firstRow: batchStart + from });
    }
    batchStart += rows;
  }
  return stretches;
}

/** Deals stretches, or what lies in their order, out as at most `parts` runs of neighbours of about equal length, in order. */
export function dealOut<T>(items: readonly T[], parts: number): T[][] {
  const count = Math.max(1, Math.min(parts, items.length));
  return Array.from({ length: count }, (_, part) =>
    items.slice(
      Math.floor((part * items.length) / count),
      Math.floor(((part + 1) * items.length) / count),
    ),
  );
}

/** Fewer blocks are not worth a second thread, and a merge. */
const LEAST_BLOCKS = STRETCH_ROWS / BLOCK_ROWS;

/**
 * The same for stretches of which blocks are known: those with nothing left to look at go to nobody, and everyone gets
 * about as many blocks as the others. Not for what is added up in an order.
 */
export function dealOutBlocks(stretches: readonly Stretch[], parts: number): Stretch[][] {
  const left = stretches.filter((stretch) => blocksLeft(stretch) > 0);
  const total = left.reduce((sum, stretch) => sum + blocksLeft(stretch), 0);
  const count = Math.max(1, Math.min(parts, Math.ceil(total / LEAST_BLOCKS)));
  const dealt = Array.from({ length: count }, (): Stretch[] => []);
  let before = 0;
  for (const stretch of left) {
    dealt[Math.floor((before * count) / total)]!.push(stretch);
    before += blocksLeft(stretch);
  }
  const some = dealt.filter((part) => part.length > 0);
  return some.length === 0 ? [[]] : some;
}

/** How many blocks of a stretch have to be looked at. */
export function blocksLeft({ from, to, blocks }: Stretch): number {
  if (blocks === undefined) return Math.ceil((to - from) / BLOCK_ROWS);
  let left = 0;
  for (let may = blocks.may; may !== 0; may &= may - 1) left++;
  return left;
}
