import type { JsonValue } from '../../../protocol/column.js';
import type { AxisUnit } from '../../../protocol/axis-unit.js';
import { DEFAULT_CELLS, MAX_PIXELS } from '../../../protocol/limits.js';
import type { AxisDomain, Query } from '../../../protocol/query.js';
import type { Field } from '../../../workers/arrow/types.js';
import type { CellAxis } from '../../../workers/groups/plan.js';
import { NULL_CODE } from '../../../workers/scan/block.js';
import type { SlotKeys } from '../../../workers/scan/slots.js';
import { resolveAggregate } from '../aggregate.js';
import { axisPlan, axisUnit, endsInJson, resolveAxis, resolveEnds, type Axis } from '../axis.js';
import { mismatch } from '../bound.js';
import type { ColumnRef, ColumnScope } from '../columns.js';
import { frameBase } from '../frame-base.js';
import { listedValues } from '../listed-values.js';
import type { MarkEngine } from '../mark-engine.js';
import { needColumn } from '../need-column.js';
import type { Run } from '../run.js';
import { tallyForm } from '../tally-form.js';

/** An aggregate over the cells of two axes: numbers, times, or categories. */
export const heatmap: MarkEngine = (query, scope) => {
  const x = heatmapAxis(query, scope, 'x');
  const y = heatmapAxis(query, scope, 'y');
  const aggregate = resolveAggregate(query, scope);
  const { cells = { x: DEFAULT_CELLS, y: DEFAULT_CELLS } } = query;

  return async (run) => {
    const base = {
      ...frameBase(query, scope),
      unit: { x: unitOfAxis(x), y: unitOfAxis(y) },
      layout: 'sparse',
      width: cells.x,
      height: cells.y,
    } as const;
    const cut = await cutAxes(scope, run, [x, y], [cells.x, cells.y]);
    if (cut === null) {
      return (
        await run.compute<'nothing'>(
          { kind: 'nothing', method: 'aggregate', fields: FIELDS },
          { frame: base },
        )
      ).result;
    }
    const [ofX, ofY] = cut as [CutAxis, CutAxis];
    const { result } = await run.compute<'heatmap'>(
      {
        kind: 'heatmap',
        by: { kind: 'cells', x: ofX.cells, y: ofY.cells },
        slots: null,
        layers: [{ aggregate, needs: null }],
      },
      {
        frame: {
          ...base,
          width: ofX.width,
          height: ofY.width,
          domain: { x: ofX.domain, y: ofY.domain },
        },
      },
    );
    return result;
  };
};

/** A category axis has the values that the query lists, or null where it leaves the choice. */
type HeatmapAxis =
  | { kind: 'axis'; axis: Axis }
  | { kind: 'category'; ref: ColumnRef; listed: readonly JsonValue[] | null };

interface CutAxis {
  cells: CellAxis;
  width: number;
  domain: AxisDomain;
}

function heatmapAxis(query: Query, scope: ColumnScope, field: 'x' | 'y'): HeatmapAxis {
  const ref = needColumn(query, scope, field);
  const { kind } = ref.logical;
  if (kind !== 'text' && kind !== 'boolean') {
    return { kind: 'axis', axis: resolveAxis(query, field, ref) };
  }
  const path = `domain.${field}`;
  const domain = query.domain?.[field];
  if (domain?.includes(null) === true) {
    throw mismatch(ref, path, null, 'A row without a value has no cell: leave null out.');
  }
  const listed = domain === undefined ? null : listedValues(ref, domain, path, MAX_PIXELS);
  return { kind: 'category', ref, listed };
}

function unitOfAxis(axis: HeatmapAxis): AxisUnit {
  return axis.kind === 'axis' ? axisUnit(axis.axis) : 'category';
}

// Null where no matching row has a place on every axis.
async function cutAxes(
  scope: ColumnScope,
  run: Run,
  axes: readonly HeatmapAxis[],
  widths: readonly number[],
): Promise<CutAxis[] | null> {
  const measured = axes.flatMap((axis) => (axis.kind === 'axis' ? [axis.axis] : []));
  const categories = axes.flatMap((axis) => (axis.kind === 'category' ? [axis.ref] : []));
  const ends = measured.length === 0 ? [] : await resolveEnds(measured, run, { categories });
  if (ends === null) return null;
  const cut: CutAxis[] = [];
  for (const [i, axis] of axes.entries()) {
    const width = widths[i]!;
    if (axis.kind === 'category') {
      const categories = await cutCategories(scope, run, axis, width);
      if (categories.width === 0) return null;
      cut.push(categories);
    } else {
      const own = ends[measured.indexOf(axis.axis)]!;
      cut.push({
        cells: { kind: 'axis', axis: axisPlan(axis.axis, own, width) },
        width,
        domain: endsInJson(axis.axis, own),
      });
    }
  }
  return cut;
}

// The values that the domain lists, in its order, whether or not a row has them; else the most frequent ones.
async function cutCategories(
  scope: ColumnScope,
  run: Run,
  { ref, listed }: HeatmapAxis & { kind: 'category' },
  width: number,
): Promise<CutAxis> {
  const column = ref.position;
  const { result: tally } = await run.compute<'tally'>({
    kind: 'tally',
    column,
    as: tallyForm(ref, scope),
  });
  const limit = listed === null ? width : tally.counts.length;
  const { values, keys } = await run.pick({ column, tally, limit, withNull: false });
  const found = new Map(values.map(({ value }, i) => [value, i]));
  const shown = listed ?? [...found.keys()].sort(compareValues);
  const order = shown.map((value) => found.get(value));
  return {
    cells: { kind: 'values', slots: { column, keys: reordered(keys, order, shown) } },
    width: shown.length,
    domain: [...shown],
  };
}

// By UTF-8 bytes, as all text; false before true.
function compareValues(a: unknown, b: unknown): number {
  return Buffer.compare(Buffer.from(String(a)), Buffer.from(String(b)));
}

// `order` has for each value of the axis its place among the keys; undefined where no row has it.
function reordered(
  keys: SlotKeys,
  order: readonly (number | undefined)[],
  shown: readonly JsonValue[],
): SlotKeys {
  if (keys.form === 'codes') {
    const codes = order.map((i) => (i === undefined ? NULL_CODE : keys.codes[i]!));
    return { ...keys, codes: Uint32Array.from(codes) };
  }
  if (keys.form === 'bytes') {
    return { ...keys, values: shown.map((value) => Buffer.from(String(value))) };
  }
  throw new Error(`A category has no keys of the form ${keys.form}.`);
}

const FIELDS: Field[] = [
  { name: 'cell', type: { type: 'int', bits: 32, signed: false } },
  { name: 'value', type: { type: 'float', bits: 64 } },
  { name: 'count', type: { type: 'int', bits: 32, signed: false } },
];
