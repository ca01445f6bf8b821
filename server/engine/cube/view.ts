import type { JsonValue } from '../../../protocol/column.js';
import { DEFAULT_CELLS, DEFAULT_HEIGHT, DEFAULT_WIDTH } from '../../../protocol/limits.js';
import type { Query } from '../../../protocol/query.js';
import type { AggregatePlan } from '../../../workers/aggregate/plan.js';
import { binOf, widthBins } from '../../../workers/calendar/width.js';
import type { KeyForm } from '../../../workers/groups/key-ids.js';
import type { CellAxis, GroupLayer } from '../../../workers/groups/plan.js';
import { OUTSIDE } from '../../../workers/kernels/kernels.js';
import type { BinsPlan, CubeView } from '../../../workers/marks/cube/plan.js';
import type { SlotsPlan } from '../../../workers/scan/slots.js';
import { resolveAggregate, resolveLayers } from '../aggregate.js';
import { axisPlan, resolveAxis } from '../axis.js';
import { resolveBins } from '../bins.js';
import { resolveCategories } from '../color.js';
import type { ColumnRef, ColumnScope } from '../columns.js';
import type { Frame } from '../engine.js';
import { askedBin, binnedKey } from '../group-key.js';
import { seriesColumn, valueColumns } from '../marks/series.js';
import { needColumn } from '../need-column.js';
import type { Run } from '../run.js';
import { tallyForm } from '../tally-form.js';
import { keyBins, listedSlots } from './places.js';

/** A view whose columns are named, and its bins once they are in memory. */
export type ResolvedView = (run: Run) => Promise<ViewBins>;

/** What the bins of a view are: those of its frame. */
export type ViewBins = Omit<CubeView, 'selection' | 'metadata'>;

const COUNT: GroupLayer = { aggregate: { op: 'count', column: null }, needs: null };
const PLAIN = { slots: null, slotsFirst: false, layersFirst: false, isDense: false };
const NOTHING: ViewBins = { ...PLAIN, bins: { by: 'nothing' }, layers: [COUNT] };

/** Resolves a view against the columns, with the domain that its frame found. */
export function resolveView(
  query: Query,
  frame: Pick<Frame, 'metadata'>,
  barKeys: readonly JsonValue[],
  scope: ColumnScope,
): ResolvedView {
  const { domain } = frame.metadata;
  const known: Query = { ...query, ...(domain && { domain }) };
  switch (query.mark) {
    case 'value': {
      const aggregate = resolveAggregate(query, scope);
      const bins: BinsPlan = { by: 'all', column: columnOf(aggregate) };
      return async () => ({ ...PLAIN, bins, layers: [{ aggregate, needs: null }], isDense: true });
    }
    case 'bar':
      return resolveBar(query, known, barKeys, scope);
    case 'histogram':
      return domain === null ? async () => NOTHING : resolveHistogram(known, scope);
    case 'heatmap':
      return domain === null ? async () => NOTHING : resolveHeatmap(known, scope);
    case 'line':
      return domain === null ? async () => NOTHING : resolveLine(known, scope);
    case 'scatter':
      return domain === null ? async () => NOTHING : resolveDensity(known, frame, scope);
    case 'rows':
  }
  throw new Error('A table has no bins.');
}

function columnOf(aggregate: AggregatePlan): number | null {
  return aggregate.column;
}

function resolveHistogram(query: Query, scope: ColumnScope): ResolvedView {
  const x = resolveAxis(query, 'x', needColumn(query, scope, 'x', true));
  const color = query.color === undefined ? undefined : scope.use(query.color, 'color');
  const { plan } = resolveBins(query, x, x.given!);
  return async (run) => ({
    ...PLAIN,
    bins: { by: 'axis', axis: plan },
    slots: await slotsOf(query, color, scope, run),
    slotsFirst: true,
    layers: [COUNT],
    // Of several series only those bins are shown that hold something.
    isDense: color === undefined,
  });
}

function resolveBar(
  query: Query,
  known: Query,
  keys: readonly JsonValue[],
  scope: ColumnScope,
): ResolvedView {
  const x = needColumn(query, scope, 'x', true);
  const isBinned = askedBin(query) !== undefined;
  const axis = isBinned ? resolveAxis(known, 'x', x) : undefined;
  const ys = query.y === undefined ? [] : valueColumns(query, scope);
  const color = seriesColumn(query, scope, ys);
  const layers = resolveLayers(query, scope, ys, false);
  return async (run) => {
    const as: KeyForm =
      axis === undefined ? tallyForm(x, scope) : binnedKey(known, axis, axis.given ?? null);
    return {
      ...PLAIN,
      bins: await keyBins(x, as, keys, run),
      slots: await slotsOf(query, color, scope, run),
      layers,
    };
  };
}

function resolveLine(query: Query, scope: ColumnScope): ResolvedView {
  const x = resolveAxis(query, 'x', needColumn(query, scope, 'x', true));
  const ys = query.y === undefined ? [] : valueColumns(query, scope);
  const color = seriesColumn(query, scope, ys);
  const layers = resolveLayers(query, scope, ys, true);
  const as = binnedKey(query, x, x.given!);
  const size = binsOf(as);
  // A null has the id 0, and no place.
  const places = Int32Array.from({ length: size + 1 }, (_, id) => (id === 0 ? OUTSIDE : id - 1));
  const { position: column } = x.ref;
  return async (run) => ({
    ...PLAIN,
    bins: { by: 'keys', column, as, nullIsKey: false, places, size },
    slots: await slotsOf(query, color, scope, run),
    slotsFirst: true,
    layers,
    layersFirst: true,
  });
}

function binsOf(as: KeyForm): number {
  if (as.form === 'time bins') return as.edges.length - 1;
  if (as.form !== 'width bins') throw new Error(`Keys of the form ${as.form} are no bins.`);
  const bins = widthBins(as.width);
  return binOf(as.high, bins) - binOf(as.low, bins) + 1;
}

function resolveHeatmap(query: Query, scope: ColumnScope): ResolvedView {
  const refs = { x: needColumn(query, scope, 'x'), y: needColumn(query, scope, 'y') };
  const aggregate = resolveAggregate(query, scope);
  const { cells = { x: DEFAULT_CELLS, y: DEFAULT_CELLS } } = query;
  return async (run) => {
    const cut = async (field: 'x' | 'y'): Promise<CellAxis> => {
      const ref = refs[field];
      const { kind } = ref.logical;
      if (kind === 'text' || kind === 'boolean') {
        const listed = query.domain![field]!;
        return {
          kind: 'values',
          slots: await listedSlots(ref, tallyForm(ref, scope), listed, run),
        };
      }
      const axis = resolveAxis(query, field, ref);
      return { kind: 'axis', axis: axisPlan(axis, axis.given!, cells[field]) };
    };
    return {
      ...PLAIN,
      bins: { by: 'cells', x: await cut('x'), y: await cut('y') },
      layers: [{ aggregate, needs: null }],
    };
  };
}

function resolveDensity(
  query: Query,
  { metadata }: Pick<Frame, 'metadata'>,
  scope: ColumnScope,
): ResolvedView {
  const { width = DEFAULT_WIDTH, height = DEFAULT_HEIGHT } = query;
  const x = resolveAxis(query, 'x', needColumn(query, scope, 'x'));
  const y = resolveAxis(query, 'y', needColumn(query, scope, 'y'));
  const cells = (axis: typeof x, size: number): CellAxis => ({
    kind: 'axis',
    axis: axisPlan(axis, axis.given!, size),
  });
  return async () => ({
    ...PLAIN,
    bins: { by: 'cells', x: cells(x, width), y: cells(y, height) },
    layers: [COUNT],
    isDense: metadata.layout === 'dense',
  });
}

async function slotsOf(
  query: Query,
  color: ColumnRef | undefined,
  scope: ColumnScope,
  run: Run,
): Promise<SlotsPlan | null> {
  return color === undefined ? null : (await resolveCategories(query, color, scope, run)).slots;
}
