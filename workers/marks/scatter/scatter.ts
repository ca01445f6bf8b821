import type { ColorInfo } from '../../../protocol/frame.js';
import { largeUint32 } from '../../large-arrays.js';
import { axisWidth } from '../../scan/axis.js';
import { baseOf, writeFrame } from '../../scan/frame.js';
import type { Mark, MarkedFrame } from '../../scan/mark.js';
import { joinPairCounts } from '../../scan/pair-counts.js';
import { certificateOf } from '../../sample/certificate.js';
import { rowsOf } from '../../sample/sample.js';
import { scaleCounts } from '../../sample/scale-counts.js';
import { densityColumns, isSparse, pairColumns, sparseColumns } from './density.js';
import { openScatter } from './scan.js';
import { replicatesOf } from './replicates.js';
import type { Grid, ScatterColor, ScatterPartial, ScatterPlan } from './plan.js';
import { pointColumns } from './points.js';

/** Every matching row in the domain as a point where they fit the budget, else counted in cells. */
export const scatter: Mark<ScatterPlan, ScatterPartial, MarkedFrame> = {
  open: openScatter,

  reads: ({ budget }, partials) =>
    partials.reduce((sum, { drawn }) => sum + drawn, 0) > budget
      ? []
      : partials.flatMap(({ points }) => (points === null ? [] : [points.rows])),

  merge(plan, partials, scope) {
    const { table, frame, sample, check } = scope;
    const sum = (pick: (partial: ScatterPartial) => number): number =>
      partials.reduce((whole, partial) => whole + pick(partial), 0);
    const drawn = sum((partial) => partial.drawn);
    const rows = rowsOf(scope, {
      drawn,
      outside: sum(({ outside }) => outside),
      dropped: sum(({ dropped }) => dropped),
    });
    const base = { ...baseOf(frame), rows };

    // The rows of a sample are not the rows: they become density.
    const points =
      sample === undefined && drawn <= plan.budget ? joinPoints(partials, drawn) : null;
    if (points !== null) {
      const { columns, color } = pointColumns(plan, table, points.rows, points.slots);
      const { offsets } = plan;
      const origin = offsets && {
        x: String(offsets.x.origin),
        y: String(offsets.y.origin),
      };
      return writeFrame(
        {
          ...base,
          exact: true,
          method: 'points',
          marks: drawn,
          ...(origin && { origin }),
          ...(color && { color }),
        },
        drawn,
        columns,
      );
    }
    const size = axisWidth(plan.x) * axisWidth(plan.y);
    const grids = asCounts(
      partials.map((partial) => partial.grid),
      size,
    );
    const grid = joinGrids(grids, check, sample !== undefined);
    const certificate = certificateOf(sample, () => ({
      drawn: partials.map((partial) => partial.drawn),
      counts: { each: 'cell', of: replicatesOf(grid, grids) },
      ...(grid.of === 'mean' && { caution: 'colors are means of the rows read' }),
    }));
    if (sample !== undefined && grid.of !== 'cells') {
      scaleCounts(grid.of === 'category' ? grid.pairs.counts : grid.counts, rows.drawn);
    }
    const { color } = plan;
    const density =
      grid.of === 'category'
        ? pairColumns(grid.pairs, color as ScatterColor & { kind: 'category' })
        : grid.of === 'cells'
          ? sparseColumns(grid.cells)
          : densityColumns(grid);
    const { layout, rows: cells, marks, columns, means } = density;
    const info: ColorInfo | undefined =
      color?.kind === 'category'
        ? color.info
        : color === null
          ? undefined
          : { kind: 'number', column: color.name, ...(means ?? { min: null, max: null }) };
    return writeFrame(
      { ...base, ...certificate, method: 'density', marks, layout, ...(info && { color: info }) },
      cells,
      columns,
    );
  },
};

function joinPoints(
  partials: readonly ScatterPartial[],
  count: number,
): { rows: Uint32Array<ArrayBuffer>; slots: Uint16Array | null } | null {
  const rows = largeUint32(count);
  let slots: Uint16Array | null = null;
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

// Adds the grids into the first one, or into a copy, in row order: the sums are floating-point.
function joinGrids([first, ...others]: readonly Grid[], check: () => void, copies: boolean): Grid {
  const whole = copies ? copyOf(first!) : first!;
  for (const other of others) {
    check();
    if (whole.of === 'category') {
      whole.pairs = joinPairCounts(whole.pairs, (other as Grid & { of: 'category' }).pairs);
      continue;
    }
    if (whole.of === 'cells') throw new Error('A list of cells stands alone.');
    const { counts } = other as Grid & { of: 'count' | 'mean' };
    for (let i = 0; i < counts.length; i++) whole.counts[i]! += counts[i]!;
    if (whole.of === 'mean' && other.of === 'mean') {
      for (let i = 0; i < counts.length; i++) {
        whole.sums[i]! += other.sums[i]!;
        whole.colored[i]! += other.colored[i]!;
      }
    }
  }
  return whole;
}

// A list of cells stays one where it is all there is, and leaves most cells empty.
function asCounts(grids: readonly Grid[], size: number): Grid[] {
  const [first] = grids;
  if (grids.length === 1 && first!.of === 'cells' && isSparse(first!.cells.length, size)) {
    return [first!];
  }
  return grids.map((grid) => {
    if (grid.of !== 'cells') return grid;
    const counts = new Uint32Array(size);
    for (const cell of grid.cells) counts[cell]!++;
    return { of: 'count', counts };
  });
}

// Of a grid of pairs a new one is made anyway.
function copyOf(grid: Grid): Grid {
  return grid.of === 'category' || grid.of === 'cells'
    ? { ...grid }
    : { ...grid, counts: grid.counts.slice() };
}
