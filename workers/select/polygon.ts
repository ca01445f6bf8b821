import type { Scope } from '../scan/mark.js';
import type { PolygonPredicate } from '../scan/predicate.js';
import type { Select } from './select.js';

/** Rows whose point lies in a polygon or on its edge. */
export function openPolygon(predicate: PolygonPredicate, _scope: Scope): Select {
  const { x, y, xForm, yForm, logX, logY } = predicate;
  const inside = polygonTest(
    logX ? predicate.xs.map(Math.log10) : predicate.xs,
    logY ? predicate.ys.map(Math.log10) : predicate.ys,
  );
  return (block, mask) => {
    const xs = xForm === 'raw' ? block.raw(x) : block.f64(x);
    const ys = yForm === 'raw' ? block.raw(y) : block.f64(y);
    for (let i = 0; i < block.rows; i++) {
      if (mask[i] === 0) continue;
      const px = logX ? Math.log10(xs[i]!) : xs[i]!;
      const py = logY ? Math.log10(ys[i]!) : ys[i]!;
      // NaN (null, or not positive on a log axis) and infinities are nowhere.
      if (!(px - px === 0 && py - py === 0 && inside(px, py))) mask[i] = 0;
    }
  };
}

/**
 * Even-odd, with a point on an edge inside. Which side of an edge a point lies on is the sign of the double
 * `(bx - ax) * (py - ay) - (by - ay) * (px - ax)`: exact for whole numbers within 2^26.
 */
export function polygonTest(
  xs: Float64Array,
  ys: Float64Array,
): (px: number, py: number) => boolean {
  const corners = xs.length;
  let left = Infinity;
  let right = -Infinity;
  let bottom = Infinity;
  let top = -Infinity;
  for (let i = 0; i < corners; i++) {
    left = Math.min(left, xs[i]!);
    right = Math.max(right, xs[i]!);
    bottom = Math.min(bottom, ys[i]!);
    top = Math.max(top, ys[i]!);
  }
  return (px, py) => {
    if (px < left || px > right || py < bottom || py > top) return false;
    let odd = false;
    for (let i = 0, j = corners - 1; i < corners; j = i++) {
      const ax = xs[j]!;
      const ay = ys[j]!;
      const bx = xs[i]!;
      const by = ys[i]!;
      if (py < Math.min(ay, by) || py > Math.max(ay, by)) continue;
      const side = (bx - ax) * (py - ay) - (by - ay) * (px - ax);
      if (side === 0 && px >= Math.min(ax, bx) && px <= Math.max(ax, bx)) return true;
      // An edge counts its lower end and not its upper one, so that a corner is crossed once.
      if (ay <= py !== by <= py && side > 0 === by > ay) odd = !odd;
    }
    return odd;
  };
}
