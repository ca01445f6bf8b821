import type { Query } from '../../../protocol/query.js';
import type { Field } from '../../../workers/arrow/types.js';
import type { BinnedLinePlan } from '../../../workers/marks/binned-line.js';
import type { LineSeries } from '../../../workers/marks/line/plan.js';
import { HalftoneError } from '../../errors.js';
import { resolveLayers } from '../aggregate.js';
import { axisUnit, endsInJson, resolveAxis, resolveEnds } from '../axis.js';
import { resolveCategories } from '../color.js';
import { frameBase } from '../frame-base.js';
import { askedBin, binnedKey } from '../group-key.js';
import type { MarkEngine } from '../mark-engine.js';
import { needColumn } from '../need-column.js';
import { seriesColumn, valueColumns } from './series.js';

/** A line of an aggregate over the bins of x. */
export const binnedLine: MarkEngine = (query, scope) => {
  const x = resolveAxis(query, 'x', needColumn(query, scope, 'x', true));
  if (x.scale === 'log') {
    throw new HalftoneError('QUERY_INVALID', 'Bins of one width do not go with a log scale of x.', {
      field: 'scale.x',
      hint: 'Leave the scale linear, or the bin out.',
    });
  }
  const ys = query.y === undefined ? [] : valueColumns(query, scope);
  const color = seriesColumn(query, scope, ys);
  const layers = resolveLayers(query, scope, ys, true);
  const someOf = ys.map((y) => resolveAxis({ ...query, domain: {}, scale: {} }, 'y', y));
  const bin = askedBin(query)!;
  const hasSeries = color !== undefined || Array.isArray(query.y);

  return async (run) => {
    const base = {
      ...frameBase(query, scope),
      unit: { x: axisUnit(x), y: 'number' },
      bin,
    } as const;
    const ends = await resolveEnds([x], run, { someOf });
    if (ends === null) {
      const plan = {
        kind: 'nothing',
        method: 'aggregate',
        fields: fields(hasSeries, query.band),
      } as const;
      return (await run.compute<'nothing'>(plan, { frame: base })).result;
    }
    const as = binnedKey(query, x, ends[0]!);
    const series: LineSeries | null =
      color !== undefined
        ? { kind: 'category', ...(await resolveCategories(query, color, scope, run)) }
        : hasSeries
          ? { kind: 'columns', labels: ys.map(({ name }) => name) }
          : null;
    const plan: BinnedLinePlan = {
      kind: 'binned line',
      by: { kind: 'column', column: x.ref.position, as, nullIsKey: false },
      slots: series?.kind === 'category' ? series.slots : null,
      layers,
      column: x.ref.position,
      series,
      origin: as.form === 'time bins' ? as.edges[0]! : 0,
    };
    const frame = { ...base, domain: { x: endsInJson(x, ends[0]!) } };
    return (await run.compute<'binned line'>(plan, { frame })).result;
  };
};

function fields(hasSeries: boolean, band: Query['band']): Field[] {
  const double = (name: string): Field => ({ name, type: { type: 'float', bits: 64 } });
  const series: Field = { name: 'series', type: { type: 'utf8' }, dictionary: { id: 0, bits: 8 } };
  return [
    { name: 'x', type: { type: 'float', bits: 32 } },
    double('value'),
    { name: 'count', type: { type: 'int', bits: 32, signed: false } },
    ...(band === undefined ? [] : [double('low'), double('high')]),
    ...(hasSeries ? [series] : []),
  ];
}
