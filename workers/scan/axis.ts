import { logEdges } from '../../protocol/cells.js';
import { BLOCK_ROWS } from '../columns.js';
import { DROPPED, OUTSIDE } from '../kernels/kernels.js';
import type { Block } from './block.js';
import type { Scope } from './mark.js';

/** An axis cut into cells, resolved against its column. Ends are in the column's values; times in its integers. */
export type AxisPlan =
  | { scale: 'linear'; column: number; low: number; high: number; width: number }
  | { scale: 'log'; column: number; low: number; high: number; width: number }
  | {
      scale: 'time';
      column: number;
      /** width + 1 integers in the column's unit: cell c holds edges[c] <= value < edges[c + 1], the last one closed. */
      edges: BigInt64Array;
    };

/** The cells of a block: 0 to width - 1, OUTSIDE or DROPPED. Valid until the next block. */
export type Cells = (block: Block) => Int32Array<ArrayBuffer>;

/** The number of cells of an axis. */
export function axisWidth(axis: AxisPlan): number {
  return axis.scale === 'time' ? axis.edges.length - 1 : axis.width;
}

/** Makes an axis ready to place rows; the rules are those of protocol/cells.ts. */
export function openAxis(axis: AxisPlan, { arena }: Scope): Cells {
  const cells = arena.i32(BLOCK_ROWS);
  const { column } = axis;
  if (axis.scale === 'linear') {
    const { low, high, width } = axis;
    return (block) => {
      block.kernels.linearCells(block.f64(column), low, high, width, cells, block.rows);
      return cells;
    };
  }
  if (axis.scale === 'log') {
    const edges = logEdges(axis.low, axis.high, axis.width);
    return (block) => {
      edgeCells(block.f64(column), edges, cells, block.rows);
      return cells;
    };
  }
  const { edges } = axis;
  return (block) => {
    timeCells(block.i64(column), edges, cells, block.rows);
    const valid = block.valid(column);
    if (valid !== null) for (let i = 0; i < block.rows; i++) if (valid[i] === 0) cells[i] = DROPPED;
    return cells;
  };
}

function edgeCells(
  values: Float64Array,
  edges: Float64Array,
  cells: Int32Array,
  rows: number,
): void {
  const width = edges.length - 1;
  const first = edges[0]!;
  const last = edges[width]!;
  for (let i = 0; i < rows; i++) {
    const value = values[i]!;
    if (value >= first && value <= last) {
      let low = 0;
      let high = width - 1;
      while (low < high) {
        const middle = (low + high + 1) >>> 1;
        if (edges[middle]! <= value) low = middle;
        else high = middle - 1;
      }
      cells[i] = low;
    } else cells[i] = value > 0 && value < Infinity ? OUTSIDE : DROPPED;
  }
}

function timeCells(
  values: BigInt64Array,
  edges: BigInt64Array,
  cells: Int32Array,
  rows: number,
): void {
  const width = edges.length - 1;
  const first = edges[0]!;
  const last = edges[width]!;
  for (let i = 0; i < rows; i++) {
    const value = values[i]!;
    if (value >= first && value <= last) {
      let low = 0;
      let high = width - 1;
      while (low < high) {
        const middle = (low + high + 1) >>> 1;
        if (edges[middle]! <= value) low = middle;
        else high = middle - 1;
      }
      cells[i] = low;
    } else cells[i] = OUTSIDE;
  }
}
