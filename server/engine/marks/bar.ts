import { DEFAULT_BARS, MAX_VALUES } from '../../../protocol/limits.js';
import type { Query } from '../../../protocol/query.js';
import type { BarPlan } from '../../../workers/marks/bar.js';
import type { LineSeries } from '../../../workers/marks/line/plan.js';
import type { KeyForm } from '../../../workers/groups/key-ids.js';
import type { Logical } from '../../../workers/storage.js';
import { HalftoneError } from '../../errors.js';
import { resolveLayers } from '../aggregate.js';
import { axisUnit, endsInJson, resolveAxis, resolveEnds } from '../axis.js';
import { resolveCategories } from '../color.js';
import type { ColumnRef } from '../columns.js';
import { frameBase } from '../frame-base.js';
import { askedBin, binnedKey } from '../group-key.js';
import { listedValues } from '../listed-values.js';
import type { MarkEngine } from '../mark-engine.js';
import { needColumn } from '../need-column.js';
import { tallyForm } from '../tally-form.js';
import { seriesColumn, valueColumns } from './series.js';

/** One bar for each value of x, the largest first. */
export const bar: MarkEngine = (query, scope) => {
  const x = needColumn(query, scope, 'x', true);
  const bin = askedBin(query);
  // The axis of bins has two ends, that of keys lists them.
  const axis = bin === undefined ? undefined : resolveAxis(query, 'x', x);
  const ys = query.y === undefined ? [] : valueColumns(query, scope);
  const color = seriesColumn(query, scope, ys);
  const layers = resolveLayers(query, scope, ys, false);
  const domain = axis === undefined ? query.domain?.x : undefined;
  const listed = domain === undefined ? null : listedValues(x, domain, 'domain.x', MAX_VALUES);
  const sort = resolveSort(query, x, query.aggregate?.column ?? ys[0]?.name);

  return async (run) => {
    const ends = axis === undefined ? null : ((await resolveEnds([axis], run))?.[0] ?? null);
    const as = axis === undefined ? tallyForm(x, scope) : binnedKey(query, axis, ends);
    const series: LineSeries | null =
      color !== undefined
        ? { kind: 'category', ...(await resolveCategories(query, color, scope, run)) }
        : Array.isArray(query.y)
          ? { kind: 'columns', labels: ys.map(({ name }) => name) }
          : null;
    const plan: BarPlan = {
      kind: 'bar',
      by: { kind: 'column', column: x.position, as, nullIsKey: true },
      slots: series?.kind === 'category' ? series.slots : null,
      layers,
      column: x.position,
      logical: keyType(x.logical, as),
      series,
      limit: query.limit ?? listed?.length ?? DEFAULT_BARS,
      sort,
      listed,
    };
    const frame = {
      ...frameBase(query, scope),
      unit: { x: axis === undefined ? ('category' as const) : axisUnit(axis) },
      ...(bin !== undefined && { bin }),
      ...(axis !== undefined && ends !== null && { domain: { x: endsInJson(axis, ends) } }),
    };
    return (await run.compute<'bar'>(plan, { frame })).result;
  };
};

// Bins of whole numbers that begin at whole numbers stay what they are; other bins of numbers begin at doubles.
function keyType(logical: Logical, as: KeyForm): Logical {
  if (as.form !== 'width bins') return logical;
  const isWhole = logical.kind === 'integer' && logical.bits < 128 && Number.isInteger(as.width);
  return isWhole ? logical : { kind: 'float', bits: 64 };
}

// Bars are in the order of the query; else in that of the values it lists; else the largest come first.
function resolveSort(
  { sort = [] }: Query,
  x: ColumnRef,
  measured: string | undefined,
): BarPlan['sort'] {
  return sort.map(({ column, order = 'asc' }, i) => {
    const by = column === x.name ? 'key' : column === measured ? 'value' : column;
    if (by !== 'key' && by !== 'value' && by !== 'count') {
      throw new HalftoneError(
        'QUERY_INVALID',
        `Bars are sorted by "key", "value" or "count", by x or what is aggregated, and not by "${column}".`,
        { field: `sort[${i}].column`, hint: 'Sort by "value" for the largest or smallest first.' },
      );
    }
    return { by, descending: order === 'desc' };
  });
}
