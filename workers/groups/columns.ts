import type { LineSeries } from '../marks/line/plan.js';
import { seriesColumn } from '../marks/line/vertices.js';
import { nullableColumn, plainColumn, type FrameColumn } from '../scan/frame.js';
import type { Groups } from './plan.js';

/** One mark of an aggregate: a group of a layer, and the series that it belongs to. */
export interface GroupMark {
  group: number;
  layer: number;
  slot: number;
}

/** The columns `value`, `count` and, with series, `series` of some groups, in their order. */
export function groupColumns(
  layers: Groups['layers'],
  marks: readonly GroupMark[],
  series: LineSeries | null,
): FrameColumn[] {
  const columns = [
    nullableColumn(
      { name: 'value', type: { type: 'float', bits: 64 } },
      Float64Array.from(marks, ({ layer, group }) => layers[layer]!.values[group]!),
      Uint8Array.from(marks, ({ layer, group }) => layers[layer]!.valid[group]!),
    ),
    plainColumn(
      { name: 'count', type: { type: 'int', bits: 32, signed: false } },
      Uint32Array.from(marks, ({ layer, group }) => layers[layer]!.counts[group]!),
    ),
  ];
  if (series === null) return columns;
  return [
    ...columns,
    seriesColumn(
      series,
      Uint16Array.from(marks, ({ slot }) => slot),
    ),
  ];
}
