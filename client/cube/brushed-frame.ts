import { Float64, makeData, Table, Uint32, Vector } from 'apache-arrow';
import type { FrameMetadata } from '../../protocol/frame.js';
import { categoriesOf, hasColumn, type DecodedFrame } from '../data/frame.js';
import type { BrushAnswer } from './answer-brush.js';

/**
 * The frame of a view under a brush: `frame`, the view's own without a brush, with the numbers of the answer. Its marks stay in
 * their order, those that no row is left of with a count of 0; both belong to the caller still.
 */
export function brushedFrame(
  frame: DecodedFrame,
  { counts, values, rows }: BrushAnswer,
): DecodedFrame {
  const columns: Record<string, Vector> = {};
  for (const { name } of frame.table.schema.fields) columns[name] = frame.table.getChild(name)!;
  columns['count'] = countsOf(counts);
  if (columns['value'] !== undefined) columns['value'] = valuesOf(values ?? counts);
  const { metadata } = frame;
  const color = hasColumn(frame, 'series') ? recounted(frame, counts) : metadata.color;
  return {
    ...frame,
    table: new Table(columns),
    metadata: {
      ...metadata,
      rows: { total: metadata.rows.total, ...rows },
      ...(color === undefined ? {} : { color }),
    },
  };
}

const countsOf = (counts: BrushAnswer['counts']): Vector =>
  counts instanceof Uint32Array
    ? new Vector([makeData({ type: new Uint32(), data: counts.slice() })])
    : new Vector([makeData({ type: new Float64(), data: counts.slice() })]);

/** What has no value is null, as in any frame. */
function valuesOf(values: ArrayLike<number>): Vector {
  const data = Float64Array.from(values);
  const nullBitmap = new Uint8Array(Math.ceil(data.length / 8));
  let nullCount = 0;
  for (let i = 0; i < data.length; i++) {
    if (Number.isNaN(data[i])) nullCount++;
    else nullBitmap[i >> 3]! |= 1 << (i & 7);
  }
  return new Vector([makeData({ type: new Float64(), data, nullCount, nullBitmap })]);
}

/** The categories with the rows that are left of each. */
function recounted(frame: DecodedFrame, counts: ArrayLike<number>): FrameMetadata['color'] {
  const { color } = frame.metadata;
  if (color?.kind !== 'category') return color;
  const { codes, labels } = categoriesOf(frame, 'series');
  const sums = new Map<string | null, number>();
  for (let i = 0; i < codes.length; i++) {
    const label = codes[i]! < 0 ? null : labels[codes[i]!]!;
    sums.set(label, (sums.get(label) ?? 0) + counts[i]!);
  }
  const categories = color.categories.map((category) => ({
    ...category,
    count: sums.get(category.role === 'null' ? null : category.label) ?? 0,
  }));
  return { ...color, categories };
}
