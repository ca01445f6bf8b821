import type { FrameMetadata } from '../../protocol/frame.js';
import type { Column } from '../data/arrow/column.js';
import { categoriesOf, columnOf, hasColumn, type DecodedFrame } from '../data/frame.js';
import type { BrushAnswer } from './answer-brush.js';

/**
 * The frame of a view under a brush: `frame`, the view's own without a brush, with the numbers of the answer. Its marks stay in
 * their order, those that no row is left of with a count of 0; both belong to the caller still.
 */
export function brushedFrame(
  frame: DecodedFrame,
  { counts, values, rows }: BrushAnswer,
): DecodedFrame {
  const columns = frame.columns.map((column) =>
    column.name === 'count'
      ? countsOf(counts)
      : column.name === 'value'
        ? valuesOf(values ?? counts)
        : column,
  );
  const { metadata } = frame;
  // What rows the cells of categories have without the brush says where they stand.
  if (metadata.mark === 'heatmap') {
    columns.push({ ...columnOf(frame, 'count'), name: 'unbrushed' });
  }
  const color = hasColumn(frame, 'series') ? recounted(frame, counts) : metadata.color;
  return {
    ...frame,
    columns,
    metadata: {
      ...metadata,
      rows: { total: metadata.rows.total, ...rows },
      ...(color === undefined ? {} : { color }),
    },
  };
}

const countsOf = (counts: BrushAnswer['counts']): Column => ({
  name: 'count',
  type:
    counts instanceof Uint32Array
      ? { type: 'int', bits: 32, signed: false }
      : { type: 'float', bits: 64 },
  length: counts.length,
  nullCount: 0,
  validity: null,
  values: counts.slice(),
  offsets: null,
  dictionary: null,
});

/** What has no value is null, as in any frame. */
function valuesOf(numbers: ArrayLike<number>): Column {
  const values = Float64Array.from(numbers);
  const { length } = values;
  const validity = new Uint8Array(Math.ceil(length / 8));
  let nullCount = 0;
  for (let i = 0; i < length; i++) {
    if (Number.isNaN(values[i])) nullCount++;
    else validity[i >> 3]! |= 1 << (i & 7);
  }
  return {
    name: 'value',
    type: { type: 'float', bits: 64 },
    length,
    nullCount,
    validity,
    values,
    offsets: null,
    dictionary: null,
  };
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
