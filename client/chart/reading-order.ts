import { columnOf, hasColumn, numbersOf, type DecodedFrame } from '../data/frame.js';
import { canonicalJson } from '../../protocol/canonical.js';
import type { JsonValue } from '../../protocol/column.js';
import type { Query } from '../../protocol/query.js';

/** Categories in an order, and whether all rows were counted for it. */
interface Order {
  values: readonly JsonValue[];
  isExact: boolean;
}

/** So many orders are remembered, of the questions that were answered last. */
const MOST_ORDERS = 200;
const orders = new Map<string, Order>();

/**
 * The frame of a heatmap with its categories as people read them: those of most rows first, or as the domain lists them, from the left
 * and from the top. Other frames are as they were. While a brush moves, the rows without it count, and while the other axis is moved
 * the order stays, so that cells stay where they are.
 */
export function inReadingOrder(frame: DecodedFrame, question: Query): DecodedFrame {
  const { metadata } = frame;
  const { domain, unit, width, height } = metadata;
  if (metadata.mark !== 'heatmap' || domain === null) return frame;
  const sides = (['x', 'y'] as const).filter((side) => unit[side] === 'category');
  if (sides.length === 0) return frame;
  const cells = numbersOf(frame, 'cell') as ArrayLike<number>;
  const counts = numbersOf(frame, hasColumn(frame, 'unbrushed') ? 'unbrushed' : 'count');
  const rows = { x: new Float64Array(width), y: new Float64Array(height) };
  for (let i = 0; i < cells.length; i++) {
    // Of a difference what has changed most comes first, whichever way.
    const count = Math.abs(Number(counts[i]));
    rows.x[cells[i]! % width]! += count;
    rows.y[Math.floor(cells[i]! / width)]! += count;
  }
  const places = { x: upTo(width), y: upTo(height) };
  const named = { ...domain };
  for (const side of sides) {
    const order = upTo(rows[side].length);
    if (question.domain?.[side] === undefined) {
      order.sort((a, b) => rows[side][b]! - rows[side][a]!);
      const key = `${side} ${metadata.snapshot} ${keyOf(question)}`;
      keepOrder(order, domain[side]!, key, metadata.estimated !== true);
    }
    if (side === 'y') order.reverse();
    for (const [place, at] of order.entries()) places[side][at] = place;
    named[side] = order.map((at) => domain[side]![at]!);
  }
  const moved = Uint32Array.from(
    cells,
    (cell) => places.y[Math.floor(cell / width)]! * width + places.x[cell % width]!,
  );
  const column = { ...columnOf(frame, 'cell'), values: moved };
  return {
    ...frame,
    columns: frame.columns.map((each) => (each.name === 'cell' ? column : each)),
    metadata: { ...metadata, domain: named },
  };
}

/** Takes the order of the same values from before, where that was of an exact answer or this one is none. */
function keepOrder(
  order: number[],
  values: readonly JsonValue[],
  key: string,
  isExact: boolean,
): void {
  const before = orders.get(key);
  if (
    before !== undefined &&
    before.values.length === values.length &&
    (before.isExact || !isExact)
  ) {
    const places = new Map(before.values.map((value, place) => [value, place]));
    if (values.every((value) => places.has(value))) {
      order.sort((a, b) => places.get(values[a]!)! - places.get(values[b]!)!);
    }
  }
  orders.delete(key);
  orders.set(key, {
    values: order.map((at) => values[at]!),
    isExact: isExact || before?.isExact === true,
  });
  if (orders.size > MOST_ORDERS) orders.delete(orders.keys().next().value!);
}

/** What is counted, wherever the axes are and however large the picture is. */
const keyOf = (question: Query): string =>
  canonicalJson({ ...question, domain: null, width: null, height: null, cells: null });

const upTo = (count: number): number[] => Array.from({ length: count }, (_, i) => i);
