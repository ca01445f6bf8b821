import type { ColorInfo } from '../../protocol/frame.js';
import type { ArrowType, Field } from '../arrow/types.js';
import { axisWidth, openAxis, type AxisPlan } from '../scan/axis.js';
import { openCounts } from '../scan/counts.js';
import { baseOf, plainColumn, writeFrame, type FrameColumn } from '../scan/frame.js';
import type { Mark, MarkedFrame } from '../scan/mark.js';
import { keptSlots, openSlots, type SlotsPlan } from '../scan/slots.js';
import { certificateOf } from '../sample/certificate.js';
import { rowsOf } from '../sample/sample.js';
import { scaleCounts } from '../sample/scale-counts.js';
import { categoryColumn } from './scatter/category.js';

export interface HistogramPlan {
  kind: 'histogram';
  x: AxisPlan & { edges: Float64Array | BigInt64Array };
  /** The Arrow type of `lo` and `hi`. */
  type: ArrowType;
  series: HistogramSeries | null;
}

export interface HistogramSeries {
  slots: SlotsPlan;
  labels: string[];
  info: ColorInfo & { kind: 'category' };
}

export interface HistogramPartial {
  /** Rows by slot * bins + bin. */
  counts: Uint32Array<ArrayBuffer>;
  outside: number;
  dropped: number;
}

/** How many matching rows stand in each bin, of each series. */
export const histogram: Mark<HistogramPlan, HistogramPartial, MarkedFrame> = {
  open({ x, series }, scope) {
    const bins = axisWidth(x);
    const cellsOf = openAxis(x, scope);
    const slotsOf = series === null ? null : openSlots(series.slots, scope);
    const counts = openCounts(bins * (series === null ? 1 : keptSlots(series.slots) + 2), scope);
    return {
      packs: true,
      add(block) {
        const cells = cellsOf(block);
        const slots = slotsOf?.(block);
        const { mask, rows } = block;
        if (slots !== undefined) {
          for (let i = 0; i < rows; i++) if (cells[i]! >= 0) cells[i]! += slots[i]! * bins;
        }
        if (mask !== null) scope.kernels.maskCells(cells, mask, cells, rows);
        counts.add(cells, rows);
      },
      partial: () => counts.result(),
    };
  },

  merge({ x, type, series }, partials, scope) {
    const { matched, frame, sample } = scope;
    const [first, ...others] = partials;
    const counts = sample === undefined ? first!.counts : first!.counts.slice();
    let { outside, dropped } = first!;
    for (const other of others) {
      for (let i = 0; i < counts.length; i++) counts[i]! += other.counts[i]!;
      outside += other.outside;
      dropped += other.dropped;
    }
    const found = sample === undefined ? matched : sumOf(sample.matched);
    const rows = rowsOf(scope, { drawn: found - outside - dropped, outside, dropped });
    const certificate = certificateOf(sample, () => ({
      drawn: partials.map((part, g) => sample!.matched[g]! - part.outside - part.dropped),
      counts: {
        each: 'bin',
        of: {
          parts: partials.length,
          size: counts.length,
          magnitude: counts,
          of: (part, i) => partials[part]!.counts[i]!,
        },
      },
    }));
    if (sample !== undefined) scaleCounts(counts, rows.drawn);
    const bins = axisWidth(x);
    // Every bin; of several series only those bins that hold something.
    const shown =
      series === null
        ? Uint32Array.from(counts, (_, i) => i)
        : Uint32Array.from(counts.keys()).filter((i) => counts[i]! > 0);
    const columns = [
      edgeColumn('lo', type, x.edges, shown, bins, 0),
      edgeColumn('hi', type, x.edges, shown, bins, 1),
      plainColumn(
        { name: 'count', type: { type: 'int', bits: 32, signed: false } },
        Uint32Array.from(shown, (i) => counts[i]!),
      ),
    ];
    if (series !== null) {
      const slots = Uint16Array.from(shown, (i) => Math.floor(i / bins));
      const column = categoryColumn({ kind: 'category', ...series }, slots);
      columns.push({ ...column, field: { ...column.field, name: 'series' } });
    }
    const metadata = {
      ...baseOf(frame),
      ...certificate,
      method: 'aggregate',
      rows,
      marks: shown.length,
    } as const;
    return writeFrame(
      series === null ? metadata : { ...metadata, color: series.info },
      shown.length,
      columns,
    );
  },
};

function edgeColumn(
  name: 'lo' | 'hi',
  type: ArrowType,
  edges: Float64Array | BigInt64Array,
  shown: Uint32Array,
  bins: number,
  end: 0 | 1,
): FrameColumn {
  const field: Field = { name, type };
  if (edges instanceof Float64Array) {
    return plainColumn(
      field,
      Float64Array.from(shown, (i) => edges[(i % bins) + end]!),
    );
  }
  const own = BigInt64Array.from(
    { length: shown.length },
    (_, k) => edges[(shown[k]! % bins) + end]!,
  );
  const isNarrow =
    type.type === 'date' || (type.type === 'time' && (type.unit === 's' || type.unit === 'ms'));
  return plainColumn(field, isNarrow ? Int32Array.from(own, Number) : own);
}

function sumOf(numbers: readonly number[]): number {
  return numbers.reduce((sum, number) => sum + number, 0);
}
