import type { Tool } from '../types.js';
import type { View } from '../view.js';
import type { SelectionGround } from './ground.js';
import { reachOf } from './place.js';
import {
  betweenCategories,
  gripAt,
  movedShape,
  shapeBetween,
  type Grip,
  type Place,
  type Selectable,
  type Shape,
} from './shape.js';
import { simplify } from './simplify.js';

/** How near the edge of a box a drag takes hold of it. */
const GRIP_PX = 6;
/** A lasso may leave its course by so much: its filter is an address sometimes. */
const LASSO_PX = 0.75;

/** The shape that a drag has made when it is at a place. */
export type Drag = (at: Place) => Shape;

/** A drag that begins at `start`: a lasso, a move of the box that is there or of its edge, or a new box. */
export function dragFrom(
  start: Place,
  now: SelectionGround,
  {
    tool,
    selectable,
    shape,
  }: { tool: Tool; selectable: Exclude<Selectable, 'keys'>; shape: Shape | undefined },
): Drag {
  if (tool === 'lasso' && selectable === 'plane') return lassoDrag(start, now);
  const held = shape && gripAt(shape, start, reachOf(now, GRIP_PX));
  const drag: Drag =
    held === undefined
      ? (at) => shapeBetween(selectable, start, at)
      : gripDrag(shape!, held, start, now.view);
  return (at) => betweenCategories(drag(at), now, held === undefined);
}

function gripDrag(from: Shape, grip: Grip, start: Place, view: View): Drag {
  return (at) => movedShape(from, grip, [at[0] - start[0], at[1] - start[1]], view);
}

/** Follows the pointer; the points are thinned out in pixels, where both axes measure alike. */
function lassoDrag(start: Place, now: SelectionGround): Drag {
  const [perX, perY] = reachOf(now, 1);
  const pixels: Place[] = [[start[0] / perX, start[1] / perY]];
  return ([x, y]) => {
    pixels.push([x / perX, y / perY]);
    const points = simplify(pixels, LASSO_PX).map(([px, py]): Place => [px * perX, py * perY]);
    return { kind: 'lasso', points };
  };
}
