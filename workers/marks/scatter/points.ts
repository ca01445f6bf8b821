import type { ColorInfo } from '../../../protocol/frame.js';
import type { TableView } from '../../columns.js';
import type { AxisPlan } from '../../scan/axis.js';
import { nullableColumn, plainColumn, type FrameColumn } from '../../scan/frame.js';
import { rowOrder, takeColumn } from '../../declared/take.js';
import { gatherDoubles, gatherOffsets } from '../../scan/gather.js';
import { categoryColumn } from './category.js';
import type { OffsetPlan, ScatterPlan } from './plan.js';

/** The columns of a frame of points, x, y, row and color, and what the color means. */
export function pointColumns(
  plan: ScatterPlan,
  table: TableView,
  rows: Uint32Array<ArrayBuffer>,
  slots: Uint16Array | null,
): { columns: FrameColumn[]; color?: ColorInfo } {
  const columns = [
    placeColumn('x', plan, table, rows),
    placeColumn('y', plan, table, rows),
    plainColumn({ name: 'row', type: { type: 'int', bits: 32, signed: false } }, rows),
  ];
  const { color } = plan;
  if (color === null) return { columns };
  if (color.kind === 'category') {
    return { columns: [...columns, categoryColumn(color, slots!)], color: color.info };
  }
  const values = Float32Array.from(gatherDoubles(table, color.column, rows));
  const valid = Uint8Array.from(values, (value) => (value === value ? 1 : 0));
  const field = { name: 'color', type: { type: 'float', bits: 32 } } as const;
  return {
    columns: [...columns, nullableColumn(field, values, valid)],
    color: { kind: 'number', column: color.name, ...extentOf(values) },
  };
}

function extentOf(values: Float32Array): { min: number | null; max: number | null } {
  let min = Infinity;
  let max = -Infinity;
  for (const value of values) {
    if (!Number.isFinite(value)) continue;
    if (value < min) min = value;
    if (value > max) max = value;
  }
  return min <= max ? { min, max } : { min: null, max: null };
}

function placeColumn(
  name: 'x' | 'y',
  plan: ScatterPlan,
  table: TableView,
  rows: Uint32Array,
): FrameColumn {
  const { offsets, [name]: axis } = plan;
  if (offsets !== null) return offsetColumn(name, axis, offsets[name], table, rows);
  const column = takeColumn(table, axis.column, rowOrder(rows, table));
  return { ...column, field: { ...column.field, name } };
}

function offsetColumn(
  name: 'x' | 'y',
  axis: AxisPlan,
  { origin, bits }: OffsetPlan,
  table: TableView,
  rows: Uint32Array,
): FrameColumn {
  const offsets =
    typeof origin === 'bigint'
      ? gatherOffsets(table, axis.column, rows, origin)
      : gatherDoubles(table, axis.column, rows);
  if (typeof origin === 'number' && origin !== 0) {
    for (let i = 0; i < offsets.length; i++) offsets[i]! -= origin;
  }
  return plainColumn(
    { name, type: { type: 'float', bits } },
    bits === 32 ? Float32Array.from(offsets) : offsets,
  );
}
