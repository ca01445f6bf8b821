import { logEdges } from '../../protocol/cells.js';
import { BLOCK_ROWS } from '../columns.js';
import { DROPPED, type F64, type I64 } from '../kernels/kernels.js';
import { logTable } from '../kernels/log-table.js';
import { stepsOf } from '../kernels/steps.js';
import type { Block } from './block.js';
import type { Scope } from './mark.js';

/** An axis cut into cells, resolved against its column. Ends are in the column's values; times in its integers. */
export type AxisPlan =
  | { scale: 'linear'; column: number; low: number; high: number; width: number }
  | { scale: 'log'; column: number; low: number; high: number; width: number }
  | {
      /** Bins: a value is in the last one that begins at or below it; beyond `low` and `high` it is outside. */
      scale: 'edges';
      column: number;
      edges: Float64Array;
      low: number;
      high: number;
      /** Edges of a log axis, from `low` to `high`: only what is positive has a place. */
      positive: boolean;
    }
  | {
      scale: 'time';
      column: number;
      /** width + 1 integers in the column's unit: cell c holds edges[c] <= value < edges[c + 1], the last one closed. */
      edges: BigInt64Array;
      /** Where the ends of the domain are not those of the edges. */
      domain?: readonly [bigint, bigint];
    };

/** An axis whose cells are equal on its scale. */
export type CellAxisPlan = Exclude<AxisPlan, { scale: 'edges' }>;

/** The cells of a block: 0 to width - 1, OUTSIDE or DROPPED. Valid until the next block. */
export type Cells = (block: Block) => Int32Array<ArrayBuffer>;

/** The number of cells of an axis. */
export function axisWidth(axis: AxisPlan): number {
  return 'edges' in axis ? axis.edges.length - 1 : axis.width;
}

/** Makes an axis ready to place rows; the rules are those of protocol/cells.ts. */
export function openAxis(axis: AxisPlan, scope: Pick<Scope, 'arena' | 'kernels'>): Cells {
  const cells = scope.arena.i32(BLOCK_ROWS);
  const place = openCells(axis, scope);
  const { column } = axis;
  if (axis.scale !== 'time') {
    return (block) => {
      place(block.f64(column), cells, block.rows);
      return cells;
    };
  }
  return (block) => {
    place(block.i64(column), cells, block.rows);
    const valid = block.valid(column);
    if (valid !== null) {
      for (let i = 0; i < block.rows; i++) if (valid[i] === 0) cells[i] = DROPPED;
    }
    return cells;
  };
}

/** Writes the cells of values in the arena: doubles, or exact integers on a time axis. */
export type PlaceValues = (values: F64 | I64, cells: Int32Array<ArrayBuffer>, rows: number) => void;

/** Makes an axis ready to place values; none of them is null. */
export function openCells(
  axis: AxisPlan,
  { arena, kernels }: Pick<Scope, 'arena' | 'kernels'>,
): PlaceValues {
  if (axis.scale === 'linear') {
    const { low, high, width } = axis;
    return (values, cells, rows) =>
      kernels.linearCells(values as F64, low, high, width, cells, rows);
  }
  if (axis.scale === 'time') {
    const edges = arena.i64(axis.edges.length);
    edges.set(axis.edges);
    const [low, high] = axis.domain ?? [edges[0]!, edges.at(-1)!];
    return (values, cells, rows) => kernels.timeCells(values as I64, edges, low, high, cells, rows);
  }
  const edges = arena.f64(axisWidth(axis) + 1);
  if (axis.scale === 'edges' && !axis.positive) {
    edges.set(axis.edges);
    const steps = stepsOf(edges);
    const { low, high } = axis;
    return (values, cells, rows) =>
      kernels.stepCells(values as F64, steps, low, high, -Number.MAX_VALUE, cells, rows);
  }
  edges.set(axis.scale === 'log' ? logEdges(axis.low, axis.high, axis.width) : axis.edges);
  const table = logTable(edges, arena);
  return (values, cells, rows) => kernels.logCells(values as F64, edges, table, cells, rows);
}
