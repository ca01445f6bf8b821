import type { TableView } from '../../columns.js';
import { axisWidth } from '../../scan/axis.js';
import { kernelsFor } from '../../kernels/load.js';
import { threadArena as arena } from '../../kernels/thread-arena.js';
import { checkCancel, unlessWithdrawn, type CancelWord } from '../../scan/cancel.js';
import type { FrameBase, MarkedFrame, Scope } from '../../scan/mark.js';
import type { KeptBits } from '../../select/selection.js';
import { countByTiles, type TilePlan } from '../../tiles/count.js';
import { findByTiles } from '../../tiles/find.js';
import { unpackParts, type PackedParts } from '../../tiles/parts.js';
import { tiledBatches } from '../../tiles/tiled-batches.js';
import type { ScatterPartial, ScatterPlan } from './plan.js';
import { scatter } from './scatter.js';

/** Rows in the tiles of a picture, by its cells, below which they are listed: most of them are beyond it. */
const FEW_A_CELL = 1 / 16;

/** A scatter without a color of the rows of some batches, by their tiles. */
export interface ScatterByTilesTask {
  table: TableView;
  plan: TiledScatterPlan;
  /** Their parts of the index, and which strips of them the domain reaches into. */
  parts: PackedParts;
  /** Rows that the tiles of those strips hold. */
  most: number;
  /** Filters of which a row has to pass all. */
  kept: readonly KeptBits[];
  /** Whether the numbers of the rows are wanted: those that stand in the domain are known to be within the budget. */
  find: boolean;
  /** Present where these are all batches: the task makes the frame. */
  finish?: { frame: FrameBase };
  cancel?: CancelWord;
}

/** A scatter that tiles may answer. */
export type TiledScatterPlan = Omit<ScatterPlan, 'color' | 'x' | 'y'> & TilePlan & { color: null };

export type ScatterByTiles =
  | {
      withdrawn: false;
      matched: number;
      partial?: ScatterPartial;
      result?: MarkedFrame;
      touched: { rows: number; bytes: number };
    }
  | { withdrawn: true };

/** Finds what a scan of the batches finds, from what their tiles tell and the values of some rows. */
export function scatterByTiles(task: ScatterByTilesTask): ScatterByTiles {
  return unlessWithdrawn(() => {
    const { table, plan, most, finish, find, cancel } = task;
    const check = (): void => checkCancel(cancel);
    arena.reset();
    const scope: Scope = { table, arena, kernels: kernelsFor(arena) };
    const parts = unpackParts(task.parts);
    // So few rows are sooner listed than all cells are gone through.
    const cells = axisWidth(plan.x) * axisWidth(plan.y);
    const isFew = most < cells * FEW_A_CELL;
    let made = answer(find || isFew || most <= plan.budget);
    const { matched, partial, touched } = made;
    if (finish === undefined) return { withdrawn: false, matched, partial, touched };
    // Only now it is known that they are within the budget.
    if (plan.budget > 0 && partial.points === null && partial.drawn <= plan.budget)
      made = answer(true);
    const result = scatter.merge(plan, [made.partial], {
      table,
      total: table.rows,
      matched,
      frame: finish.frame,
      check,
    });
    return { withdrawn: false, matched, result, touched: made.touched };

    function answer(finds: boolean) {
      arena.reset();
      const batches = tiledBatches(parts, task.kept, scope);
      if (finds) {
        const found = findByTiles(plan, batches, scope, check, { most, budget: plan.budget });
        const { rows, cells } = found;
        const isWithin = plan.budget > 0 && rows.length <= plan.budget;
        const points = isWithin ? { rows, slots: null } : null;
        return asPartial(found, { of: 'cells', cells }, points);
      }
      const found = countByTiles(plan, batches, scope, check);
      const { counts, spilled } = found;
      // They stay where they are until the frame is made here.
      const own = finish === undefined ? counts.slice() : counts;
      return asPartial(found, { of: 'count', counts: own, spilled }, null);
    }
  });
}

function asPartial(
  found: {
    matched: number;
    drawn: number;
    outside: number;
    dropped: number;
    touched: { rows: number; bytes: number };
  },
  grid: ScatterPartial['grid'],
  points: ScatterPartial['points'],
) {
  const { matched, touched, drawn, outside, dropped } = found;
  return { matched, touched, partial: { drawn, outside, dropped, points, grid } };
}
