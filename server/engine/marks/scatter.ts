import type { Query } from '../../../protocol/query.js';
import { axisPlan, axisUnit, endsInJson, resolveAxis, resolveEnds, type Axis } from '../axis.js';
import type { ColumnScope } from '../columns.js';
import { needColumn } from '../need-column.js';
import type { MarkEngine } from '../mark-engine.js';
import { frameBase } from '../frame-base.js';

/** The cells of a picture whose size the query does not say. */
const DEFAULT_WIDTH = 1000;
const DEFAULT_HEIGHT = 600;

/** Every matching row as a point, or counted in the pixel that it falls into. */
export const scatter: MarkEngine = (query, scope) => {
  const { width = DEFAULT_WIDTH, height = DEFAULT_HEIGHT } = query;
  const x = axisOf(query, scope, 'x');
  const y = axisOf(query, scope, 'y');
  return async (run) => {
    const ends = await resolveEnds([x, y], run);
    const base = {
      ...frameBase(query, scope),
      domain: ends && { x: endsInJson(x, ends[0]!), y: endsInJson(y, ends[1]!) },
      unit: { x: axisUnit(x), y: axisUnit(y) },
      width,
      height,
    };
    if (ends === null) throw new Error('not yet');
    const { result } = await run.compute<'density'>(
      { kind: 'density', x: axisPlan(x, ends[0]!, width), y: axisPlan(y, ends[1]!, height) },
      { frame: base },
    );
    return result;
  };
};

function axisOf(query: Query, scope: ColumnScope, field: 'x' | 'y'): Axis {
  return resolveAxis(query, field, needColumn(query, scope, field));
}
