import type { CubeAxes } from '../../protocol/cube.js';
import type { Bound, Filter, RangeFilter, Scale } from '../../protocol/query.js';
import { millisOf } from '../../protocol/view/time.js';

/** The edges of cells that are nearest to the ends of a brush, along each axis of the active view. */
export interface BrushEdges {
  x: readonly [number, number];
  y?: readonly [number, number];
}

/**
 * Where the ranges of a selection lie on the cells of an active view; undefined where they are no brush on it. A brush moves by
 * whole cells: its ends go to the nearest edge.
 */
export function brushEdges(axes: CubeAxes, filters: readonly Filter[]): BrushEdges | undefined {
  const { domain, scale } = axes;
  if (domain === null) return undefined;
  const along = (
    column: string | undefined,
    ends: readonly unknown[] | undefined,
    cells: number,
    how: Scale,
  ) => {
    const range = filters.find(
      (filter): filter is RangeFilter => filter.op === 'range' && filter.column === column,
    );
    if (range === undefined || ends === undefined) return undefined;
    const [low, high] = ends.map((end) => positionOf(end as Bound, how)) as [number, number];
    const edge = (bound: Bound | undefined, free: number): number => {
      if (bound === undefined) return free;
      const share = (positionOf(bound, how) - low) / (high - low);
      return Math.min(cells, Math.max(0, Math.round(share * cells)));
    };
    return [edge(range.min, 0), edge(range.max, cells)] as const;
  };
  const x = along(axes.x, domain.x, axes.width, scale.x);
  if (x === undefined) return undefined;
  if (axes.y === undefined) return filters.length === 1 ? { x } : undefined;
  const y = along(axes.y, domain.y, axes.height!, scale.y ?? 'linear');
  return y === undefined || filters.length !== 2 ? undefined : { x, y };
}

/** A value of an axis as a number that grows with it: times in milliseconds. */
function positionOf(bound: Bound, scale: Scale): number {
  const number = typeof bound === 'number' ? bound : numberOf(bound);
  return scale === 'log' ? Math.log(number) : number;
}

function numberOf(text: string): number {
  const number = Number(text);
  if (!Number.isNaN(number)) return number;
  return millisOf(/^\d\d:/u.test(text) ? `1970-01-01T${text}` : text);
}
