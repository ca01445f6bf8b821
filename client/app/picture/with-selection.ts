import type { AddressArea, View } from '../../../protocol/address/view.js';
import type { ColumnInfo, JsonValue } from '../../../protocol/column.js';
import type { Filter } from '../../../protocol/query.js';
import { textOf, withFilter } from '../filters.js';
import { greatestBelow } from './greatest-below.js';

/**
 * The view that keeps the rows of a chart's selection, or leaves them out. The rest of a box is no range of each of its
 * columns, so what is left out is an area.
 */
export function withSelection(
  view: View,
  selection: readonly Filter[],
  exclude: boolean,
  columns: readonly ColumnInfo[],
): View {
  const not = exclude ? ({ exclude: true } as const) : {};
  const [first, second] = selection;
  if (first?.op === 'polygon') {
    const points = first.points.map(([x, y]) => [String(x), String(y)] as const);
    return withArea(view, { x: first.x, y: first.y, points, ...not });
  }
  if (exclude && first?.op === 'range' && second?.op === 'range') {
    const [left, right, low, high] = [first.min, first.max, second.min, second.max].map(String);
    const points = [
      [left!, low!],
      [right!, low!],
      [right!, high!],
      [left!, high!],
    ] as const;
    return withArea(view, { x: first.column, y: second.column, points, ...not });
  }
  return selection.reduce((kept, filter) => {
    if (filter.op === 'range') {
      const { column, min, max, maxExclusive } = filter;
      const info = maxExclusive && columns.find(({ name }) => name === column);
      return withFilter(kept, column, {
        op: 'range',
        column,
        min: String(min),
        max: info ? greatestBelow(max!, info) : String(max),
        ...not,
      });
    }
    if (filter.op !== 'in') return kept;
    const { column, values } = filter;
    const texts = values.map((value: JsonValue) => textOf(value));
    return withFilter(kept, column, { op: 'in', column, values: texts, ...not });
  }, view);
}

/** Whether filters of an address can leave a selection out: the rest of two lists, or of a list and a range, is none. */
export const canExclude = (selection: readonly Filter[]): boolean =>
  selection.length === 1 || selection.every(({ op }) => op === 'range');

const withArea = (view: View, area: AddressArea): View => ({
  ...view,
  areas: [...(view.areas ?? []), area],
});
