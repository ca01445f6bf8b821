import type { Bound, Filter, Query } from '../../../protocol/query.js';
import { spanOf, positionOf, valueAt, type Axis, type Span } from '../axis.js';
import type { PlotArea } from '../frame-box.js';
import type { BrushShares } from '../types.js';
import type { View } from '../view.js';
import type { Place, Selectable, Shape } from './shape.js';

/** What of a picture a selection depends on. */
export interface SelectionPlane {
  query: Query;
  axes: { x: Axis; y: Axis };
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
  if (axes.x.kind === 'category') return undefined;
  if (query.mark === 'line' || query.mark === 'histogram') return 'band';
  const isPlane = query.mark === 'scatter' || query.mark === 'heatmap';
  return isPlane && columnOf(query.y) !== undefined && axes.y.kind !== 'category'
    ? 'plane'
    : undefined;
}

/** A shape as filters of a query, its ends rounded to a sixteenth of a pixel at most. */
export function filtersOf(shape: Shape, plane: SelectionPlane): Filter[] {
  const { query } = plane;
  const [x, y] = [columnOf(query.x)!, columnOf(query.y)!];
  if ('filters' in shape) return [...shape.filters!];
  switch (shape.kind) {
    case 'box':
      return [rangeOf('x', x, shape.x, plane), rangeOf('y', y, shape.y, plane)];
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

/** Where a box or a band lies on the axes of the picture. */
export function sharesOf(shape: Shape, { view }: SelectionPlane): BrushShares | undefined {
  if (shape.kind !== 'box' && shape.kind !== 'band') return undefined;
  const along = ([low, high]: Span, [from, to]: Span): readonly [number, number] => [
    Math.min(1, Math.max(0, (low - from) / (to - from))),
    Math.min(1, Math.max(0, (high - from) / (to - from))),
  ];
  return {
    x: along(shape.x, view.x),
    ...(shape.kind === 'box' ? { y: along(shape.y, view.y) } : {}),
  };
}
