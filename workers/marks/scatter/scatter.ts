import type { ColorInfo } from '../../../protocol/frame.js';
import { axisWidth } from '../../scan/axis.js';
import { completed, writeFrame } from '../../scan/frame.js';
import type { Mark, MarkedFrame } from '../../scan/mark.js';
import { certificateOf } from '../../sample/certificate.js';
import { rowsOf } from '../../sample/sample.js';
import { densityColumns, pairColumns, sparseColumns } from './density.js';
import { openScatter } from './scan.js';
import { joinPoints, joinScatter, totalsOf } from './join.js';
import { replicatesOf } from './replicates.js';
import type { ScatterColor, ScatterPartial, ScatterPlan } from './plan.js';
import { pointColumns } from './points.js';
import { eachOf, scaledGrid, wholeOf } from './whole-grid.js';

/** Every matching row in the domain as a point where they fit the budget, else counted in cells. */
export const scatter: Mark<ScatterPlan, ScatterPartial, MarkedFrame> = {
  open: openScatter,

  reads: ({ budget }, partials) =>
    totalsOf(partials).drawn > budget
      ? []
      : partials.flatMap(({ points }) => (points === null ? [] : [points.rows])),

  join: joinScatter,

  merge(plan, partials, scope) {
    const { table, frame, sample, check } = scope;
    const totals = totalsOf(partials);
    const { drawn } = totals;
    const rows = rowsOf(scope, totals);

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
        completed(frame, {
          rows,
          exact: true,
          method: 'points',
          marks: drawn,
          ...(origin && { origin }),
          ...(color && { color }),
        }),
        drawn,
        columns,
      );
    }
    const size = axisWidth(plan.x) * axisWidth(plan.y);
    const grids = partials.map(({ grid }) => grid);
    // Of a sample each part is compared with all of them.
    const parts = sample === undefined ? [] : eachOf(grids, size, check);
    const grid = wholeOf(grids, size, check);
    const certificate = certificateOf(sample, () => ({
      drawn: partials.map((partial) => partial.drawn),
      counts: { each: 'cell', of: replicatesOf(grid, parts) },
      ...(grid.of === 'mean' && { caution: 'colors are means of the rows read' }),
    }));
    const scaled = sample === undefined ? grid : scaledGrid(grid, rows.drawn);
    const { color } = plan;
    const density =
      scaled.of === 'category'
        ? pairColumns(scaled.pairs, color as ScatterColor & { kind: 'category' })
        : scaled.of === 'cells'
          ? sparseColumns(scaled.cells)
          : densityColumns(scaled);
    const { layout, rows: cells, marks, columns, means } = density;
    const info: ColorInfo | undefined =
      color?.kind === 'category'
        ? color.info
        : color === null
          ? undefined
          : { kind: 'number', column: color.name, ...(means ?? { min: null, max: null }) };
    return writeFrame(
      completed(frame, {
        rows,
        ...certificate,
        method: 'density',
        marks,
        layout,
        ...(info && { color: info }),
      }),
      cells,
      columns,
    );
  },
};
