import { BLOCK_ROWS } from '../columns.js';
import { DROPPED } from '../kernels/kernels.js';
import { largeUint32 } from '../large-arrays.js';
import { axisWidth } from '../scan/axis.js';
import type { Scope } from '../scan/mark.js';
import { unplacedRows, type TiledBatch, type TiledRows, type TilePlan } from './count.js';
import { openLookup } from './lookup.js';
import { tilesIn } from './reach.js';
import { ENTRY_ROW_SHIFT, ENTRY_STRIP_BITS } from './tiles.js';

export interface FoundRows extends TiledRows {
  /** The rows in the domain, ascending, and the cells of the same rows, in no order. */
  rows: Uint32Array<ArrayBuffer>;
  cells: Uint32Array<ArrayBuffer>;
}

const STRIP = (1 << ENTRY_STRIP_BITS) - 1;

/**
 * Finds the rows that stand in a domain, `most` at most: see `rowsIn`. They are in no order where they are more than `budget`.
 * Entries are read where they lie, and rows of all batches are looked up and placed together: of a window of some hundred rows in ten batches
 * copies and calls of kernels for each row of tiles took as long as all else.
 */
export function findByTiles(
  plan: TilePlan,
  batches: Iterable<TiledBatch>,
  scope: Scope,
  check: () => void,
  { most, budget }: { most: number; budget: number },
): FoundRows {
  const { arena, kernels } = scope;
  const width = axisWidth(plan.x);
  const lookup = { x: openLookup(plan.x, scope), y: openLookup(plan.y, scope) };
  const rows = largeUint32(most);
  const cells = largeUint32(most);
  const touched = { rows: 0, bytes: 0 };
  let matched = 0;
  let dropped = 0;
  let drawn = 0;
  // A block of rows by their numbers in their batches; the values of the first ones are there, the numbers stand behind `drawn`.
  const block = arena.u32(BLOCK_ROWS);
  let listed = 0;
  let fetched = 0;

  for (const one of batches) {
    matched += one.matched;
    if (one.matched === 0) continue;
    dropped += unplacedRows(one, touched);
    const { x, y } = one.reach;
    if (x.low > x.high || y.low > y.high) continue;
    lookup.x.open(one.batch);
    lookup.y.open(one.batch);
    list(one);
    fetch();
  }
  place();
  if (drawn <= budget) rows.subarray(0, drawn).sort();
  return {
    matched,
    drawn,
    outside: matched - drawn - dropped,
    dropped,
    rows: rows.subarray(0, drawn),
    cells: cells.subarray(0, drawn),
    touched,
  };

  /** Lists the rows of the strips in reach. */
  function list({ tiles, reach, bits, firstRow }: TiledBatch): void {
    const { words, stripBits } = tiles;
    const across = tilesIn(reach.x, stripBits);
    const up = tilesIn(reach.y, stripBits);
    for (let row = up.first; row <= up.last; row++) {
      check();
      const bottom = reach.y.low - (row << stripBits);
      const top = reach.y.high - (row << stripBits);
      const starts = tiles.starts + row * tiles.tiles;
      for (let tile = across.first; tile <= across.last; tile++) {
        const left = reach.x.low - (tile << stripBits);
        const right = reach.x.high - (tile << stripBits);
        const end = tiles.entries + words[starts + tile + 1]!;
        for (let at = tiles.entries + words[starts + tile]!; at < end; at++) {
          const entry = words[at]!;
          const own = entry & STRIP;
          const other = (entry >>> ENTRY_STRIP_BITS) & STRIP;
          if (own < left || own > right || other < bottom || other > top) continue;
          const found = entry >>> ENTRY_ROW_SHIFT;
          if (bits !== null && ((bits[found >> 3]! >> (found & 7)) & 1) === 0) continue;
          block[listed] = found;
          rows[drawn + listed++] = firstRow + found;
          if (listed === BLOCK_ROWS) place();
        }
      }
      const length = words[starts + across.last + 1]! - words[starts + across.first]!;
      touched.rows += length;
      touched.bytes += 4 * (length + across.last - across.first + 1);
    }
  }

  /** Brings the values of those rows that were listed since: all of the batch at hand. */
  function fetch(): void {
    const count = listed - fetched;
    lookup.x.fetch(block, fetched, count, fetched);
    lookup.y.fetch(block, fetched, count, fetched);
    touched.bytes += count * (lookup.x.bytes() + lookup.y.bytes());
    fetched = listed;
  }

  /** Keeps those rows of the block that stand in the domain. */
  function place(): void {
    if (listed === 0) return;
    if (fetched < listed) fetch();
    const found = lookup.x.cells(listed);
    kernels.pictureCells(found, lookup.y.cells(listed), width, listed);
    const from = drawn;
    for (let i = 0; i < listed; i++) {
      const cell = found[i]!;
      if (cell >= 0) {
        cells[drawn] = cell;
        rows[drawn++] = rows[from + i]!;
      } else if (cell === DROPPED) dropped++;
    }
    listed = fetched = 0;
  }
}
