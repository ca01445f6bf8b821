import type { ActiveView, CubeAxes } from '../../../protocol/cube.js';
import { DEFAULT_CELLS, DEFAULT_WIDTH } from '../../../protocol/limits.js';
import type { Query } from '../../../protocol/query.js';
import type { CubePlan } from '../../../workers/marks/cube/plan.js';
import { HalftoneError } from '../../errors.js';
import { axisPlan, axisUnit, endsInJson, resolveAxis, resolveEnds, type Axis } from '../axis.js';
import type { ColumnScope } from '../columns.js';
import type { Run } from '../run.js';

/** The active view, and how many cells it has on each axis; `height` is 0 without a y. */
export interface Active {
  x: Axis;
  y: Axis | null;
  width: number;
  height: number;
}

/** Checks the active view against the columns, and names those it reads. */
export function resolveActive(active: ActiveView, scope: ColumnScope): Active {
  const { x, y, domain, scale, width, cells } = active;
  const strange = y === undefined ? cells && 'cells' : width && 'width';
  if (strange !== undefined) {
    throw new HalftoneError(
      'QUERY_INVALID',
      y === undefined
        ? 'A brush along "x" alone has a "width" and no "cells".'
        : 'A brush along "x" and "y" has "cells" and no "width".',
      { field: `active.${strange}`, hint: 'Give "cells": { "x": 80, "y": 80 } for two axes.' },
    );
  }
  const query: Pick<Query, 'domain' | 'scale'> = {
    ...(domain && { domain }),
    ...(scale && { scale }),
  };
  const axisOf = (field: 'x' | 'y', column: string): Axis =>
    resolveAxis(query as Query, field, scope.use(column, `active.${field}`));
  const { x: across = DEFAULT_CELLS, y: up = DEFAULT_CELLS } = cells ?? {};
  return y === undefined
    ? { x: axisOf('x', x), y: null, width: width ?? DEFAULT_WIDTH, height: 0 }
    : { x: axisOf('x', x), y: axisOf('y', y), width: across, height: up };
}

/** Cuts the axes of the active view: over the extent of the rows of `run` where no domain is given. */
export async function cutActive(
  { x, y, width, height }: Active,
  run: Run,
): Promise<{ plan: CubePlan['active']; axes: CubeAxes }> {
  const ends = await resolveEnds(y === null ? [x] : [x, y], run);
  const axes: CubeAxes = {
    x: x.ref.name,
    ...(y && { y: y.ref.name }),
    domain: null,
    scale: { x: x.scale, ...(y && { y: y.scale }) },
    unit: { x: axisUnit(x), ...(y && { y: axisUnit(y) }) },
    width,
    ...(y && { height }),
  };
  if (ends === null) return { plan: null, axes: { ...axes, width: 0, ...(y && { height: 0 }) } };
  const domain = {
    x: endsInJson(x, ends[0]!),
    ...(y && { y: endsInJson(y, ends[1]!) }),
  };
  return {
    plan: {
      x: axisPlan(x, ends[0]!, width),
      y: y === null ? null : axisPlan(y, ends[1]!, height),
    },
    axes: { ...axes, domain },
  };
}
