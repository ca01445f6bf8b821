import {
  DEFAULT_BUDGET,
  DEFAULT_HEIGHT,
  DEFAULT_WIDTH,
  MAX_PIXELS,
  MAX_TOP,
} from '../../../protocol/limits.js';
import type { Query } from '../../../protocol/query.js';
import type { Field } from '../../../workers/arrow/types.js';
import type { LineMethod, LinePlan, LineSeries } from '../../../workers/marks/line/plan.js';
import type { MarkedFrame } from '../../../workers/scan/mark.js';
import { HalftoneError } from '../../errors.js';
import { axisPlan, axisUnit, endsInJson, resolveAxis, resolveEnds } from '../axis.js';
import { resolveCategories } from '../color.js';
import { frameBase } from '../frame-base.js';
import type { MarkEngine } from '../mark-engine.js';
import { askedBin } from '../group-key.js';
import { needColumn } from '../need-column.js';
import { chooseOffsets } from '../offsets.js';
import { finerCells, outlinePlan } from '../outline.js';
import { isAscending } from '../plan/sorted-line.js';
import type { Run } from '../run.js';
import { binnedLine } from './binned-line.js';
import { seriesColumn, valueColumns } from './series.js';

/**
 * Pixel columns times series that a scan keeps at most, some 90 bytes each in every thread: every query within the
 * limits fits, with its null and "other".
 */
const MAX_STATES = MAX_PIXELS * (MAX_TOP + 2);

/** A line of one or more columns of numbers over x, at the resolution of the picture. */
export const line: MarkEngine = (query, scope) => {
  if (askedBin(query) !== undefined) return binnedLine(query, scope);
  const { width = DEFAULT_WIDTH, budget = DEFAULT_BUDGET } = query;
  const method = methodOf(query);
  const x = resolveAxis(query, 'x', needColumn(query, scope, 'x'));
  const ys = valueColumns(query, scope);
  const color = seriesColumn(query, scope, ys);
  const someOf = ys.map((y) => resolveAxis({ ...query, domain: {} }, 'y', y));
  // What is told by the query; a category may have fewer series, and is scanned.
  const cellsFor = (series: number): number =>
    method === 'minmaxlttb'
      ? bucketsOf(budget, series)
      : method === 'outline'
        ? width * finerCells(width, series)
        : width;
  const cells = cellsFor(ys.length);

  return { compute, line: { query, scope, x, ys, color, cells } };

  async function compute(run: Run): Promise<MarkedFrame> {
    const base = {
      ...frameBase(query, scope),
      unit: { x: axisUnit(x), y: 'number' },
      width,
      height: query.height ?? DEFAULT_HEIGHT,
    } as const;
    const ends = await resolveEnds([x], run, { someOf });
    if (ends === null) {
      const plan = {
        kind: 'nothing',
        method: emptyMethod(method),
        fields: fields(color !== undefined || Array.isArray(query.y)),
      } as const;
      return (await run.compute<'nothing'>(plan, { frame: base })).result;
    }
    const series = await seriesOf();
    const buckets = series?.labels.length ?? 1;
    const cells = cellsFor(buckets);
    const offset = chooseOffsets(axisPlan(x, ends[0]!, width));
    const plan: LinePlan = {
      kind: 'line',
      method,
      x: axisPlan(x, ends[0]!, cells),
      xForm: x.isTime ? (x.ref.integers === 'raw' ? 'raw' : 'i64') : 'value',
      ascending: isAscending(x),
      ys: ys.map(({ position }) => position),
      logY: query.scale?.y === 'log',
      series,
      budget,
      offset,
      outline:
        method === 'outline'
          ? outlinePlan(query, x, ends[0]!, { origin: offset.origin, finer: cells / width })
          : null,
    };
    const frame = { ...base, domain: { x: endsInJson(x, ends[0]!) } };
    return (await run.compute<'line'>(plan, { frame })).result;

    async function seriesOf(): Promise<LineSeries | null> {
      if (color !== undefined) {
        return { kind: 'category', ...(await resolveCategories(query, color, scope, run)) };
      }
      return ys.length === 1 && !Array.isArray(query.y)
        ? null
        : { kind: 'columns', labels: ys.map(({ name }) => name) };
    }
  }
};

function methodOf({ method = 'auto' }: Query): LineMethod {
  if (method === 'density') {
    throw new HalftoneError('QUERY_INVALID', 'A line has no method "density".', {
      field: 'method',
      hint: 'Use auto, points, m4, outline, minmax, lttb or minmaxlttb; or the mark scatter.',
    });
  }
  return method;
}

function emptyMethod(method: LineMethod): Exclude<LineMethod, 'auto'> {
  return method === 'auto' ? 'points' : method;
}

// MinMaxLTTB: the first step chooses the least and the greatest of two buckets for each point of a series.
function bucketsOf(budget: number, series: number): number {
  return Math.max(1, Math.floor(Math.min(budget * 2, MAX_STATES) / series));
}

function fields(hasSeries: boolean): Field[] {
  const series: Field = { name: 'series', type: { type: 'utf8' }, dictionary: { id: 0, bits: 8 } };
  return [
    { name: 'x', type: { type: 'float', bits: 32 } },
    { name: 'y', type: { type: 'float', bits: 32 } },
    { name: 'row', type: { type: 'int', bits: 32, signed: false } },
    ...(hasSeries ? [series] : []),
  ];
}
