import type { ArrowType } from '../../../workers/arrow/types.js';
import type { Logical } from '../../../workers/storage.js';
import { axisUnit, endsInJson, resolveAxis, resolveEnds } from '../axis.js';
import { resolveBins } from '../bins.js';
import { resolveCategories } from '../color.js';
import { frameBase } from '../frame-base.js';
import type { MarkEngine } from '../mark-engine.js';
import { needColumn } from '../need-column.js';

/** How many matching rows stand in each bin of x; a color makes a series of each of its categories. */
export const histogram: MarkEngine = (query, scope) => {
  const x = resolveAxis(query, 'x', needColumn(query, scope, 'x', true));
  const color = query.color === undefined ? null : scope.use(query.color, 'color');
  const type = edgeType(x.ref.logical);

  return async (run) => {
    const base = { ...frameBase(query, scope), unit: { x: axisUnit(x) } };
    const ends = await resolveEnds([x], run);
    if (ends === null) {
      const fields = [
        { name: 'lo', type },
        { name: 'hi', type },
        { name: 'count', type: { type: 'int', bits: 32, signed: false } as const },
        ...(color === null
          ? []
          : [
              {
                name: 'series',
                type: { type: 'utf8' } as const,
                dictionary: { id: 0, bits: 8 as const },
              },
            ]),
      ];
      const { result } = await run.compute<'nothing'>(
        { kind: 'nothing', method: 'aggregate', fields },
        { frame: base },
      );
      return result;
    }
    const { plan, bin } = resolveBins(query, x, ends[0]!);
    const series = color && (await resolveCategories(query, color, scope, run));
    const { result } = await run.compute<'histogram'>(
      { kind: 'histogram', x: plan, type, series },
      {
        frame: {
          ...base,
          domain: { x: endsInJson(x, ends[0]!) },
          ...(bin !== undefined && { bin }),
        },
      },
    );
    return result;
  };
};

function edgeType(logical: Logical): ArrowType {
  if (logical.kind === 'clock') return { type: 'time', unit: logical.unit };
  if (logical.kind !== 'time') return { type: 'float', bits: 64 };
  if (logical.unit === 'day') return { type: 'date' };
  return { type: 'timestamp', unit: logical.unit, ...(logical.zoned && { timeZone: 'UTC' }) };
}
