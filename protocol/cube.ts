import { Type, type Static } from 'typebox';
import { MAX_PIXELS, MAX_VIEWS } from './limits.js';
import { AxisDomain, SCALES, type Filter, type Scale } from './query.js';
import type { AxisUnit } from './axis-unit.js';

const strict = { additionalProperties: false } as const;
const ScaleName = Type.Unsafe<Scale>(Type.Union(SCALES.map((scale) => Type.Literal(scale))));
const Pixels = Type.Integer({ minimum: 1, maximum: MAX_PIXELS });

/**
 * The view that a person brushes in: `x` alone, cut into `width` pixels, or `x` and `y`, cut into `cells`. The default
 * domain is the extent of the rows that pass the filters of the request.
 */
export const ActiveView = Type.Object(
  {
    x: Type.String(),
    y: Type.Optional(Type.String()),
    domain: Type.Optional(
      Type.Object({ x: Type.Optional(AxisDomain), y: Type.Optional(AxisDomain) }, strict),
    ),
    scale: Type.Optional(
      Type.Object({ x: Type.Optional(ScaleName), y: Type.Optional(ScaleName) }, strict),
    ),
    width: Type.Optional(Pixels),
    cells: Type.Optional(Type.Object({ x: Pixels, y: Pixels }, strict)),
  },
  strict,
);
export type ActiveView = Static<typeof ActiveView>;

/**
 * Asks for the brush cubes of linked views. A view is a query without `dataset` and `snapshot` and with an `id`; its
 * `filters` stand beside those of the request: the selections of the other charts that are not active.
 */
export const CubesBody = Type.Object(
  {
    dataset: Type.String(),
    snapshot: Type.Optional(Type.String()),
    filters: Type.Optional(Type.Array(Type.Unsafe<Filter>({ type: 'object' }))),
    active: ActiveView,
    // What else a view holds is checked as a query, one by one: a wrong one harms no other.
    views: Type.Array(Type.Object({ id: Type.String() }), { minItems: 1, maxItems: MAX_VIEWS }),
  },
  strict,
);
export type CubesBody = Static<typeof CubesBody>;

/** The aggregates that a cube answers. Others do not add up. */
export const CUBE_OPS = ['count', 'sum', 'mean', 'min', 'max'] as const;
export type CubeOp = (typeof CUBE_OPS)[number];

/** The axes of the active view as they were cut: cells of an axis are those of protocol/cells.ts. */
export interface CubeAxes {
  x: string;
  y?: string;
  /** The ends of each axis, times as ISO 8601; null where no row has a place, so that no brush takes any. */
  domain: { x: AxisDomain; y?: AxisDomain } | null;
  scale: { x: Scale; y?: Scale };
  unit: { x: AxisUnit; y?: AxisUnit };
  /** Cells of x, and of y where there is one. */
  width: number;
  height?: number;
}

/** What a brush cube holds. See docs/reference/http.md for its columns. */
export interface CubeInfo {
  active: CubeAxes;
  op: CubeOp;
  /** The rows of the frame of the view, in whose order the cube has its bins. */
  bins: number;
  /** Numbers of one edge: one a bin, then rows drawn, outside and dropped. */
  stride: number;
  /** Sums are divided by ten to this power: those of decimals are made of the stored integers. */
  digits: number;
  /** Rows that pass the filters of the view, and those of them that no brush takes. */
  rows: { matched: number; outside: number; dropped: number };
}

/** What is answered for a view whose marks do not add up. */
export interface CubeFallback {
  id: string;
  fallback: string;
}
