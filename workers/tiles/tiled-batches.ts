import type { TableView } from '../columns.js';
import type { Mask } from '../kernels/kernels.js';
import type { Scope } from '../scan/mark.js';
import { bitBytes } from '../select/fill-bits.js';
import { bitsOf, type KeptBits } from '../select/selection.js';
import type { TiledBatch } from './count.js';
import type { TilesPart } from './parts.js';
import { placeTiles, type PlacedTiles } from './tiles.js';

/** Rows of which the bits are brought together at a time: so many bytes fit what kernels are handed things in. */
const PIECE = 2 ** 18;

/** Makes ready to look at the tiles of parts. */
export function openTiles(
  table: TableView,
): (part: Pick<TilesPart, 'batch' | 'slab' | 'offset'>) => PlacedTiles {
  const words: (Uint32Array | undefined)[] = [];
  return ({ batch, slab, offset }) => {
    const memory = table.slabs[slab];
    if (memory === undefined) throw new Error(`Slab ${slab} is not in the task.`);
    words[slab] ??= new Uint32Array(memory);
    return placeTiles(words[slab]!, offset, table.batchRows[batch]!);
  };
}

/** Goes through batches with the rows that pass all of some filters. The bits are good until the next batch. */
export function* tiledBatches(
  parts: readonly TilesPart[],
  kept: readonly KeptBits[],
  scope: Scope,
): Generator<TiledBatch> {
  const { table, arena, kernels } = scope;
  const most = Math.max(0, ...parts.map(({ batch }) => table.batchRows[batch]!));
  const together = kept.length === 0 ? null : arena.u8(bitBytes(most));
  const tilesOf = openTiles(table);
  for (const part of parts) {
    const { batch, firstRow, reach } = part;
    const rows = table.batchRows[batch]!;
    const matched = together === null ? rows : bringTogether(batch, rows, together);
    const isAll = matched === rows;
    yield {
      batch,
      firstRow,
      tiles: tilesOf(part),
      reach,
      bits: isAll ? null : together,
      matched,
    };
  }

  function bringTogether(batch: number, rows: number, into: Mask): number {
    into.fill(255, 0, bitBytes(rows));
    let left = rows;
    for (const one of kept) {
      const bits = bitsOf(scope, one, batch);
      left = 0;
      for (let from = 0; from < rows; from += PIECE) {
        const own = into.subarray(from / 8);
        left += kernels.andBits(bits, from, Math.min(PIECE, rows - from), own);
      }
    }
    return left;
  }
}
