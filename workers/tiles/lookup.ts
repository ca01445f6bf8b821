import { BLOCK_ROWS } from '../columns.js';
import type { Cells, F64, I64, U32 } from '../kernels/kernels.js';
import { openCells, type CellAxisPlan } from '../scan/axis.js';
import type { Scope } from '../scan/mark.js';
import { openSource } from '../scan/source.js';
import { batchOf, columnOf } from '../scan/values.js';
import { openDoubles, openIntegers, type GatherValues } from './gather-values.js';

/** Tells the cells of rows of a batch by their values. */
export interface Lookup {
  open(batch: number): void;
  /** The cells of rows[from] and those after it, which have values; good until it is asked again. */
  cellsOf(rows: U32, from: number, count: number): Cells;
  /** Brings the values of these rows to place `at` of a block, to be placed together with those of other batches. */
  fetch(rows: U32, from: number, count: number, at: number): void;
  /** The cells of the first `count` values of the block. */
  cells(count: number): Cells;
  /** Bytes of a value. */
  bytes(): number;
}

export function openLookup(axis: CellAxisPlan, scope: Scope): Lookup {
  const { arena, kernels, table } = scope;
  const { column } = axis;
  const { batches } = table.columns[column]!;
  const { logical } = columnOf(table, column);
  const exact = axis.scale === 'time';
  const values: F64 | I64 = exact ? arena.i64(BLOCK_ROWS) : arena.f64(BLOCK_ROWS);
  const found = arena.i32(BLOCK_ROWS);
  const place = openCells(axis, scope);
  const scale = logical.kind === 'decimal' ? logical.scale : 0;
  let gather: GatherValues;
  let bytes = 0;
  return {
    open(batch) {
      const source = openSource(table, batchOf(table, column, batch));
      gather = exact ? openIntegers(source) : openDoubles(source, scale, kernels);
      bytes = (batches[batch]!.data?.length ?? 0) / Math.max(1, table.batchRows[batch]!);
    },
    cellsOf(rows, from, count) {
      gather(rows, from, count, values);
      place(values, found, count);
      return found;
    },
    fetch: (rows, from, count, at) => gather(rows, from, count, values.subarray(at)),
    cells(count) {
      place(values, found, count);
      return found;
    },
    bytes: () => bytes,
  };
}
