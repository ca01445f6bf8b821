import type { FrameMetadata } from '../../protocol/frame.js';
import { openGroups } from '../groups/accumulate.js';
import { joinGroups } from '../groups/join.js';
import type { GroupsPartial, GroupsPlan } from '../groups/plan.js';
import { baseOf, nullableColumn, plainColumn, writeFrame } from '../scan/frame.js';
import type { Mark, MarkedFrame } from '../scan/mark.js';

export interface HeatmapPlan extends GroupsPlan {
  kind: 'heatmap';
}

/** An aggregate over each cell that has a row, ascending by cell: iy * width + ix, iy counted upward. */
export const heatmap: Mark<HeatmapPlan, GroupsPartial, MarkedFrame> = {
  open: openGroups,

  merge(plan, partials, scope) {
    const { ids, layers, drawn, outside, dropped, certificate } = joinGroups(
      plan,
      partials,
      scope,
      'cell',
    );
    const { counts, values, valid } = layers[0]!;
    const order = Uint32Array.from(ids.keys()).sort((a, b) => ids[a]! - ids[b]!);
    const metadata: FrameMetadata = {
      ...baseOf(scope.frame),
      ...certificate,
      method: 'aggregate',
      rows: { total: scope.total, matched: scope.matched, drawn, outside, dropped },
      marks: order.length,
      layout: 'sparse',
    };
    const uint32 = { type: 'int', bits: 32, signed: false } as const;
    return writeFrame(metadata, order.length, [
      plainColumn(
        { name: 'cell', type: uint32 },
        Uint32Array.from(order, (group) => ids[group]!),
      ),
      nullableColumn(
        { name: 'value', type: { type: 'float', bits: 64 } },
        Float64Array.from(order, (group) => values[group]!),
        Uint8Array.from(order, (group) => valid[group]!),
      ),
      plainColumn(
        { name: 'count', type: uint32 },
        Uint32Array.from(order, (group) => counts[group]!),
      ),
    ]);
  },
};
