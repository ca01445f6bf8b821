import type { Bound, Filter, Query } from '../../../protocol/query.js';
import { spanOf, positionOf, valueAt, type Axis, type Span } from '../axis.js';
import type { PlotArea } from '../frame-box.js';
import type { Categories } from '../category-ticks.js';
import type { BrushShares } from '../types.js';
import type { View } from '../view.js';
import type { Place, Selectable, Shape } from './shape.js';

/** What of a picture a selection depends on. */
export interface SelectionPlane {
  query: Query;
  axes: { x: Axis; y: Axis };
  /** The values along axes of categories, in the order of their positions. */
  categories?: Categories | undefined;
  view: View;
  area: Pick<PlotArea, 'width' | 'height'>;
}

const columnOf = (side: Query['x'] | Query['y']): string | undefined =>
  typeof side === 'string' ? side : Array.isArray(side) ? undefined : side?.column;

/** What can be selected in a picture; undefined where nothing can. */
export function selectableOf({ query, axes }: SelectionPlane): Selectable | undefined {
  if (columnOf(query.x) === undefined) return undefined;
  // The edges of bins of numbers are not known to the last digit.
  const isBinned = typeof query.x === 'object' && typeof query.x.bin === 'number';
  if (query.mark === 'bar') return isBinned ? undefined : 'keys';
  if (query.mark === 'line' || query.mark === 'histogram') return 'band';
  const isPlane = query.mark === 'scatter' || query.mark === 'heatmap';
  if (!isPlane || columnOf(query.y) === undefined) return undefined;
  return hasCategories(axes) ? 'cells' : 'plane';
}

const hasCategories = ({ x, y }: SelectionPlane['axes']): boolean =>
  x.kind === 'category' || y.kind === 'category';

/** A shape as filters of a query, its ends rounded to a sixteenth of a pixel at most. */
export function filtersOf(shape: Shape, plane: SelectionPlane): Filter[] {
  const { query } = plane;
  const [x, y] = [columnOf(query.x)!, columnOf(query.y)!];
  if ('filters' in shape) return [...shape.filters!];
  switch (shape.kind) {
    case 'box':
      return [alongOf('x', x, shape.x, plane), alongOf('y', y, shape.y, plane)];
    case 'band':
      return [rangeOf('x', x, shape.x, plane)];
    case 'lasso':
      return [
        {
          op: 'polygon',
          x,
          y,
          points: shape.points.map(([px, py]): [Bound, Bound] => [
            boundOf('x', px, plane),
            boundOf('y', py, plane),
          ]),
        },
      ];
    case 'keys':
      return [{ op: 'in', column: x, values: [...shape.keys] }];
  }
}

/** What of an axis lies in a span: the values of its categories, or a range. */
function alongOf(side: 'x' | 'y', column: string, span: Span, plane: SelectionPlane): Filter {
  const values = plane.categories?.[side];
  if (values === undefined) return rangeOf(side, column, span, plane);
  return { op: 'in', column, values: values.filter((_, at) => at > span[0] && at < span[1]) };
}

const rangeOf = (
  side: 'x' | 'y',
  column: string,
  [low, high]: Span,
  plane: SelectionPlane,
): Filter => ({
  op: 'range',
  column,
  min: boundOf(side, low, plane),
  max: boundOf(side, high, plane),
});

function boundOf(side: 'x' | 'y', position: number, { axes, view, area }: SelectionPlane): Bound {
  const [low, high] = view[side];
  const pixels = side === 'x' ? area.width : area.height;
  return valueAt(position, axes[side], (high - low) / (pixels * 16));
}

/** The shape that filters mark on a picture; undefined where they are no selection of it. */
export function shapeOf(filters: readonly Filter[], plane: SelectionPlane): Shape | undefined {
  const { query, axes } = plane;
  const [x, y] = [columnOf(query.x), columnOf(query.y)];
  const [first, second, ...others] = filters;
  if (first === undefined || others.length > 0) return undefined;
  const selectable = selectableOf(plane);
  if (first.op === 'in' && selectable === 'keys' && first.column === x && !first.exclude) {
    return { kind: 'keys', keys: first.values };
  }
  if (first.op === 'range' && selectable === 'keys' && first.column === x) {
    return { kind: 'keys', keys: [first.min ?? null], filters };
  }
  if (first.op === 'polygon' && selectable === 'plane' && first.x === x && first.y === y) {
    const points = first.points.map(([px, py]): Place => [
      positionOf(px, axes.x),
      positionOf(py, axes.y),
    ]);
    return { kind: 'lasso', points };
  }
  if (selectable === 'cells') return cellsOf(filters, plane);
  const along = (side: 'x' | 'y', column: string | undefined): Span | undefined => {
    const filter = filters.find((each) => each.op === 'range' && each.column === column);
    if (filter?.op !== 'range' || filter.min === undefined || filter.max === undefined)
      return undefined;
    return spanOf([filter.min, filter.max], axes[side]);
  };
  const [xSpan, ySpan] = [along('x', x), along('y', y)];
  if (selectable === 'band')
    return xSpan && second === undefined ? { kind: 'band', x: xSpan } : undefined;
  // Every filter is a range along another of the two axes.
  const found = [xSpan, ySpan].filter((span) => span !== undefined).length;
  if (selectable !== 'plane' || found !== filters.length) return undefined;
  if (xSpan && ySpan) return { kind: 'box', x: xSpan, y: ySpan };
  // Along the other axis all rows are meant, as far as the picture goes.
  return { kind: 'box', x: xSpan ?? plane.view.x, y: ySpan ?? plane.view.y, filters };
}

/** The cells that filters keep: of categories those that are listed, side by side or not; along an axis without a filter all. */
function cellsOf(filters: readonly Filter[], plane: SelectionPlane): Shape | undefined {
  const { query, axes, view, categories } = plane;
  const along = (side: 'x' | 'y'): readonly Span[] | undefined => {
    const column = columnOf(query[side]);
    const own = filters.filter((each) => 'column' in each && each.column === column);
    const [filter] = own;
    if (filter === undefined) return [view[side]];
    if (own.length > 1) return undefined;
    const values = categories?.[side];
    if (filter.op === 'in' && values && !filter.exclude) {
      return spansOf(values.map((value) => filter.values.includes(value)));
    }
    if (filter.op !== 'range' || values || filter.min === undefined || filter.max === undefined)
      return undefined;
    const span = spanOf([filter.min, filter.max], axes[side]);
    return span && [span];
  };
  const columns = [columnOf(query.x), columnOf(query.y)];
  if (filters.some((filter) => !('column' in filter) || !columns.includes(filter.column)))
    return undefined;
  const [x, y] = [along('x'), along('y')];
  if (x === undefined || y === undefined) return undefined;
  return x.length === 1 && y.length === 1
    ? { kind: 'box', x: x[0]!, y: y[0]!, filters }
    : { kind: 'cells', x, y, filters };
}

/** Around each row of neighbours that are chosen. */
function spansOf(chosen: readonly boolean[]): Span[] {
  const spans: Span[] = [];
  for (const [at, isChosen] of chosen.entries()) {
    const last = spans.at(-1);
    if (!isChosen) continue;
    if (last?.[1] === at - 0.5) spans[spans.length - 1] = [last[0], at + 0.5];
    else spans.push([at - 0.5, at + 0.5]);
  }
  return spans;
}

/** Where a box or a band lies on the axes of the picture; cells of categories have no place that a cube could know. */
export function sharesOf(shape: Shape, { view, axes }: SelectionPlane): BrushShares | undefined {
  if ((shape.kind !== 'box' && shape.kind !== 'band') || hasCategories(axes)) return undefined;
  const along = ([low, high]: Span, [from, to]: Span): readonly [number, number] => [
    Math.min(1, Math.max(0, (low - from) / (to - from))),
    Math.min(1, Math.max(0, (high - from) / (to - from))),
  ];
  return {
    x: along(shape.x, view.x),
    ...(shape.kind === 'box' ? { y: along(shape.y, view.y) } : {}),
  };
}
