import type { JsonValue } from '../../../protocol/column.js';
import type { Filter } from '../../../protocol/query.js';
import type { Axis, Span } from '../axis.js';
import type { View } from '../view.js';

/** A place on the data plane, in positions of the axes. */
export type Place = readonly [x: number, y: number];

/**
 * What a person has marked on a chart, in positions of its axes, so that it stays with the data when they move. What stands for
 * bins has the filters that pass their very rows.
 */
export type Shape =
  | { kind: 'box'; x: Span; y: Span; filters?: readonly Filter[] }
  | { kind: 'band'; x: Span; filters?: readonly Filter[] }
  | { kind: 'lasso'; points: readonly Place[] }
  /** Where the spans of x and y cross: categories that are chosen need not stand side by side. */
  | { kind: 'cells'; x: readonly Span[]; y: readonly Span[]; filters: readonly Filter[] }
  | { kind: 'keys'; keys: readonly JsonValue[]; filters?: readonly Filter[] };

/** What a drag can make of a chart's rows; `cells` are those of categories, which a box takes whole. */
export type Selectable = 'plane' | 'cells' | 'band' | 'keys';

/** The box, or along x alone the band, between two corners. */
export function shapeBetween(selectable: Exclude<Selectable, 'keys'>, a: Place, b: Place): Shape {
  const x = [Math.min(a[0], b[0]), Math.max(a[0], b[0])] as const;
  return selectable === 'band'
    ? { kind: 'band', x }
    : { kind: 'box', x, y: [Math.min(a[1], b[1]), Math.max(a[1], b[1])] };
}

/**
 * A box whose edges lie between categories, on the axes that have them, around one of them at least: a new one takes all that it
 * touches, one that is moved has its edges at the nearest places.
 */
export function betweenCategories(
  shape: Shape,
  { axes, view }: { axes: { x: Axis; y: Axis }; view: View },
  isNew: boolean,
): Shape {
  if (shape.kind !== 'box') return shape;
  const snapped = (side: 'x' | 'y'): Span => {
    const [low, high] = shape[side];
    if (axes[side].kind !== 'category') return shape[side];
    const from = (isNew ? Math.floor(low + 0.5) : Math.round(low + 0.5)) - 0.5;
    const to = (isNew ? Math.ceil(high + 0.5) : Math.round(high + 0.5)) - 0.5;
    if (from < to) return [from, to];
    const [first, last] = view[side];
    const at = Math.min(Math.max(Math.round((low + high) / 2), first + 0.5), last - 0.5);
    return [at - 0.5, at + 0.5];
  };
  return { kind: 'box', x: snapped('x'), y: snapped('y') };
}

/** Which edges of a box a drag takes hold of. */
export interface Grip {
  left: boolean;
  right: boolean;
  low: boolean;
  high: boolean;
}

export const WHOLE: Grip = { left: true, right: true, low: true, high: true };

/**
 * The edges of a box or band that are within `reach` of a place, all four inside of it, undefined outside; `reach` is in
 * positions of each axis.
 */
export function gripAt(shape: Shape, [x, y]: Place, reach: Place): Grip | undefined {
  if (shape.kind !== 'box' && shape.kind !== 'band') return undefined;
  const ySpan: Span = shape.kind === 'box' ? shape.y : [-Infinity, Infinity];
  const isNear = (at: number, end: number, slack: number): boolean => Math.abs(at - end) <= slack;
  const isIn = (at: number, [low, high]: Span, slack: number): boolean =>
    at >= low - slack && at <= high + slack;
  if (!isIn(x, shape.x, reach[0]) || !isIn(y, ySpan, reach[1])) return undefined;
  const grip = {
    left: isNear(x, shape.x[0], reach[0]),
    right: isNear(x, shape.x[1], reach[0]),
    low: isNear(y, ySpan[0], reach[1]),
    high: isNear(y, ySpan[1], reach[1]),
  };
  return grip.left || grip.right || grip.low || grip.high ? grip : WHOLE;
}

/** A box or band with the edges of `grip` moved by (dx, dy), kept within `view`. */
export function movedShape(shape: Shape, grip: Grip, [dx, dy]: Place, view: View): Shape {
  if (shape.kind !== 'box' && shape.kind !== 'band') return shape;
  const x = movedSpan(shape.x, grip.left, grip.right, dx, view.x);
  if (shape.kind === 'band') return { kind: 'band', x };
  return { kind: 'box', x, y: movedSpan(shape.y, grip.low, grip.high, dy, view.y) };
}

function movedSpan(
  [low, high]: Span,
  movesLow: boolean,
  movesHigh: boolean,
  by: number,
  [least, most]: Span,
): Span {
  if (movesLow && movesHigh) {
    const kept = Math.min(Math.max(by, least - low), most - high);
    return [low + kept, high + kept];
  }
  const a = movesLow ? Math.min(Math.max(low + by, least), most) : low;
  const b = movesHigh ? Math.min(Math.max(high + by, least), most) : high;
  return [Math.min(a, b), Math.max(a, b)];
}

/** True where a shape holds no more than a point. */
export function isFlat(shape: Shape): boolean {
  switch (shape.kind) {
    case 'box':
      return !(shape.x[1] > shape.x[0] && shape.y[1] > shape.y[0]);
    case 'band':
      return !(shape.x[1] > shape.x[0]);
    case 'lasso':
      return shape.points.length < 3;
    case 'cells':
      return shape.x.length === 0 || shape.y.length === 0;
    case 'keys':
      return shape.keys.length === 0;
  }
}
