import { BLOCK_ROWS, type TableView } from '../columns.js';
import { kernelsFor } from '../kernels/load.js';
import { threadArena as arena } from '../kernels/thread-arena.js';
import { Block } from './block.js';
import { checkCancel, unlessWithdrawn, type CancelWord } from './cancel.js';

/** What the blocks of one column in one batch hold, block by block. */
export interface BlockZones {
  /**
   * The least and the greatest value as it is stored, infinities among them, as doubles: of 64-bit integers the nearest
   * ones. Infinity and -Infinity where a block holds none.
   */
  min: Float64Array<ArrayBuffer>;
  max: Float64Array<ArrayBuffer>;
  nulls: Uint16Array<ArrayBuffer>;
  nans: Uint16Array<ArrayBuffer>;
}

export interface BlockZonesTask {
  table: TableView;
  column: number;
  batches: readonly number[];
  cancel?: CancelWord;
}

/** The zones of each batch that was asked for. Not for columns of text or of integers wider than 64 bits. */
export function blockZones({
  table,
  column,
  batches,
  cancel,
}: BlockZonesTask): { withdrawn: false; zones: BlockZones[] } | { withdrawn: true } {
  return unlessWithdrawn(() => {
    arena.reset();
    const kernels = kernelsFor(arena);
    const block = new Block(table, arena, kernels);
    const found = arena.f64(3);
    const zones = batches.map((batch) => {
      const rows = table.batchRows[batch]!;
      const own = emptyZones(Math.ceil(rows / BLOCK_ROWS));
      for (let at = 0; at < own.min.length; at++) {
        checkCancel(cancel);
        block.seek({ batch, from: 0, to: rows, firstRow: 0 }, at * BLOCK_ROWS);
        const valid = block.valid(column);
        const nulls = valid === null ? 0 : block.rows - kernels.count(valid, block.rows);
        // A null is NaN there.
        kernels.zone(block.raw(column), block.rows, found);
        own.min[at] = found[0]!;
        own.max[at] = found[1]!;
        own.nulls[at] = nulls;
        own.nans[at] = found[2]! - nulls;
      }
      return own;
    });
    return { withdrawn: false, zones };
  });
}

function emptyZones(blocks: number): BlockZones {
  return {
    min: new Float64Array(blocks),
    max: new Float64Array(blocks),
    nulls: new Uint16Array(blocks),
    nans: new Uint16Array(blocks),
  };
}
