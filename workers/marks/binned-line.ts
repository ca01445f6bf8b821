import type { FrameMetadata } from '../../protocol/frame.js';
import { openGroups } from '../groups/accumulate.js';
import { groupColumns } from '../groups/columns.js';
import { joinGroups } from '../groups/join.js';
import type { GroupsPartial, GroupsPlan } from '../groups/plan.js';
import { baseOf, plainColumn, writeFrame } from '../scan/frame.js';
import type { Mark, MarkedFrame } from '../scan/mark.js';
import { columnOf } from '../scan/values.js';
import { tallyValues } from '../tally/key.js';
import type { LineSeries } from './line/plan.js';

export interface BinnedLinePlan extends GroupsPlan {
  kind: 'binned line';
  column: number;
  series: LineSeries | null;
  /** Taken off every x: of the column's own unit for times. */
  origin: number | bigint;
}

/** An aggregate over the bins of x, for each series; bins without a row are left out. */
export const binnedLine: Mark<BinnedLinePlan, GroupsPartial, MarkedFrame> = {
  open: openGroups,

  merge(plan, partials, scope) {
    const groups = joinGroups(plan, partials, scope, 'bin');
    const { ids, layers, slots } = groups;
    const { stored } = tallyValues(scope.table, columnOf(scope.table, plan.column), {
      keys: groups.keys!,
    });
    const { origin } = plan;
    const start = (group: number): number => {
      const value = stored!(ids[group]! - 1);
      return typeof origin === 'bigint' ? Number(BigInt(value) - origin) : Number(value) - origin;
    };
    const marks = layers.flatMap(({ counts }, layer) =>
      Array.from(counts.keys())
        .filter((group) => counts[group]! > 0)
        .map((group) => ({
          group,
          layer,
          slot: plan.series?.kind === 'columns' ? layer : slots[group]!,
          x: start(group),
        })),
    );
    scope.check();
    marks.sort((a, b) => a.slot - b.slot || a.x - b.x);
    const x = Float64Array.from(marks, (mark) => mark.x);
    // A bin's start is exact, so a float32 will do only where it holds every one of them.
    const isNarrow = x.every((value) => Math.fround(value) === value);
    const metadata: FrameMetadata = {
      ...baseOf(scope.frame),
      ...groups.certificate,
      method: 'aggregate',
      rows: {
        total: scope.total,
        matched: scope.matched,
        drawn: groups.drawn,
        outside: groups.outside,
        dropped: groups.dropped,
      },
      marks: marks.length,
      origin: { x: String(origin), y: '0' },
      ...(plan.series?.kind === 'category' && { color: plan.series.info }),
    };
    const columns = [
      plainColumn(
        { name: 'x', type: { type: 'float', bits: isNarrow ? 32 : 64 } },
        isNarrow ? Float32Array.from(x) : x,
      ),
      ...groupColumns(layers, marks, plan.series),
    ];
    return writeFrame(metadata, marks.length, columns);
  },
};
