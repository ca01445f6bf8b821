import type { Aggregated } from '../aggregate/plan.js';
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

/** The columns `value`, `count`, with a band `low` and `high`, and with series `series` of some groups, in their order. */
export function groupColumns(
  layers: Groups['layers'],
  marks: readonly GroupMark[],
  series: LineSeries | null,
): FrameColumn[] {
  const doubles = (name: string, of: (layer: Groups['layers'][number]) => Aggregated) =>
    nullableColumn(
      { name, type: { type: 'float', bits: 64 } },
      Float64Array.from(marks, ({ layer, group }) => of(layers[layer]!).values[group]!),
      Uint8Array.from(marks, ({ layer, group }) => of(layers[layer]!).valid[group]!),
    );
  const columns = [
    doubles('value', (layer) => layer),
    plainColumn(
      { name: 'count', type: { type: 'int', bits: 32, signed: false } },
      Uint32Array.from(marks, ({ layer, group }) => layers[layer]!.counts[group]!),
    ),
  ];
  if (layers.some(({ band }) => band !== undefined)) {
    columns.push(
      doubles('low', ({ band }) => band!.low),
      doubles('high', ({ band }) => band!.high),
    );
  }
  if (series === null) return columns;
  return [
    ...columns,
    seriesColumn(
      series,
      Uint16Array.from(marks, ({ slot }) => slot),
    ),
  ];
}
