import { logEdges } from '../../protocol/cells.js';
import { BLOCK_ROWS } from '../columns.js';
import { DROPPED } from '../kernels/kernels.js';
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

/** The cells of a block: 0 to width - 1, OUTSIDE or DROPPED. Valid until the next block. */
export type Cells = (block: Block) => Int32Array<ArrayBuffer>;

/** The number of cells of an axis. */
export function axisWidth(axis: AxisPlan): number {
  return 'edges' in axis ? axis.edges.length - 1 : axis.width;
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
  if (axis.scale === 'time') {
    const edges = arena.i64(axis.edges.length);
    edges.set(axis.edges);
    const [low, high] = axis.domain ?? [edges[0]!, edges.at(-1)!];
    return (block) => {
      block.kernels.timeCells(block.i64(column), edges, low, high, cells, block.rows);
      const valid = block.valid(column);
      if (valid !== null) {
        for (let i = 0; i < block.rows; i++) if (valid[i] === 0) cells[i] = DROPPED;
      }
      return cells;
    };
  }
  const edges = arena.f64(axisWidth(axis) + 1);
  if (axis.scale === 'edges' && !axis.positive) {
    edges.set(axis.edges);
    const steps = stepsOf(edges);
    const { low, high } = axis;
    return (block) => {
      block.kernels.stepCells(
        block.f64(column),
        steps,
        low,
        high,
        -Number.MAX_VALUE,
        cells,
        block.rows,
      );
      return cells;
    };
  }
  edges.set(axis.scale === 'log' ? logEdges(axis.low, axis.high, axis.width) : axis.edges);
  const table = logTable(edges, arena);
  return (block) => {
    block.kernels.logCells(block.f64(column), edges, table, cells, block.rows);
    return cells;
  };
}
