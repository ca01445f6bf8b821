import { largeUint32 } from '../../large-arrays.js';
import { axisWidth } from '../../scan/axis.js';
import type { Grid, ScatterPartial, ScatterPlan } from './plan.js';
import { wholeOf, type WholeGrid } from './whole-grid.js';

const NO_CELLS = new Uint32Array();

/** One partial for neighbours in row order: each has a grid, however few rows were in it. Their buffers are used up. */
export function joinScatter(
  plan: ScatterPlan,
  partials: ScatterPartial[],
  check: () => void,
): ScatterPartial {
  const totals = totalsOf(partials);
  const { drawn } = totals;
  const size = axisWidth(plan.x) * axisWidth(plan.y);
  const grids = partials.map(({ grid }) => grid);
  return {
    ...totals,
    points: drawn <= plan.budget ? joinPoints(partials, drawn) : null,
    grid: asGrid(wholeOf(grids, size, check)),
  };
}

/** Rows of all parts by what becomes of them. */
export function totalsOf(
  partials: readonly ScatterPartial[],
): Pick<ScatterPartial, 'drawn' | 'outside' | 'dropped'> {
  let [drawn, outside, dropped] = [0, 0, 0];
  for (const partial of partials) {
    drawn += partial.drawn;
    outside += partial.outside;
    dropped += partial.dropped;
  }
  return { drawn, outside, dropped };
}

/** The rows of parts that have `count` in all, with their colors; null where a part has more than the budget. */
export function joinPoints(
  partials: readonly ScatterPartial[],
  count: number,
): { rows: Uint32Array<ArrayBuffer>; slots: Uint16Array<ArrayBuffer> | null } | null {
  const rows = largeUint32(count);
  let slots: Uint16Array<ArrayBuffer> | null = null;
  let at = 0;
  for (const { points } of partials) {
    if (points === null) return null;
    rows.set(points.rows, at);
    if (points.slots !== null) {
      slots ??= new Uint16Array(count);
      slots.set(points.slots, at);
    }
    at += points.rows.length;
  }
  return { rows, slots };
}

function asGrid(whole: WholeGrid): Grid {
  return whole.of === 'count' ? { of: 'count', counts: whole.counts, spilled: NO_CELLS } : whole;
}
