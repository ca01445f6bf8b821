import { describe, expect, test } from 'vitest';
import { polygonTest } from '../../../workers/select/polygon.js';
import { randomNumbers } from '../../helpers/test-columns.js';

/** Looks at every edge. */
function byEveryEdge(xs: Float64Array, ys: Float64Array, px: number, py: number): boolean {
  let odd = false;
  for (let i = 0; i < xs.length; i++) {
    const j = (i + xs.length - 1) % xs.length;
    const [ax, ay, bx, by] = [xs[j]!, ys[j]!, xs[i]!, ys[i]!];
    const side = (bx - ax) * (py - ay) - (by - ay) * (px - ax);
    const isBeside = px >= Math.min(ax, bx) && px <= Math.max(ax, bx);
    const isLevel = py >= Math.min(ay, by) && py <= Math.max(ay, by);
    if (side === 0 && isBeside && isLevel) return true;
    if (ay <= py !== by <= py && side > 0 === by > ay) odd = !odd;
  }
  return odd;
}

const random = randomNumbers(11);
const whole = (size: number) => (random() % (2 * size + 1)) - size;
const list = (length: number, make: (i: number) => number) => Float64Array.from({ length }, (_, i) => make(i)); // prettier-ignore

const SHAPES: [string, Float64Array, Float64Array][] = [
  ['a triangle', Float64Array.of(-5, 5, 0), Float64Array.of(-5, -5, 7)],
  ['a line there and back', Float64Array.of(0, 6, 0), Float64Array.of(3, 3, 3)],
  ['a point', Float64Array.of(2, 2, 2), Float64Array.of(2, 2, 2)],
  ['an upright line', Float64Array.of(1, 1, 1), Float64Array.of(-8, 0, 8)],
  ['a lasso', list(300, (i) => 9 * Math.cos(i / 47)), list(300, (i) => 9 * Math.sin(i / 48))],
  ['few heights', list(60, () => whole(9)), list(60, () => whole(2))],
  ['a tangle', list(400, () => whole(9)), list(400, () => whole(9))],
  ['a comb of 5,000 corners', list(5000, (i) => (i % 40) / 2 - 10), list(5000, (i) => (i % 2 === 0 ? -9 : 9))], // prettier-ignore
  ['the range of doubles', Float64Array.of(-9, 9, 0), Float64Array.of(-1.7e308, -1, 1.7e308)],
  ['many corners of hardly any height', list(40, () => whole(9)), list(40, () => whole(2) * 5e-324)],
  ['many corners of great heights', list(40, () => whole(9)), list(40, () => whole(1) * 1e300)],
  ['hardly any height', Float64Array.of(-9, 9, 0), Float64Array.of(0, 5e-324, 1e-323)],
]; // prettier-ignore

describe.each(SHAPES)('of %s', (_name, xs, ys) => {
  test('the points inside are those of a look at every edge', () => {
    const inside = polygonTest(xs, ys);
    const points = Array.from({ length: 3000 }, (): [number, number] => [whole(10), whole(10)]);
    for (let i = 0; i < 2000; i++) {
      // Corners, and places at their heights and between.
      const [a, b] = [random() % xs.length, random() % xs.length];
      points.push([xs[a]!, ys[a]!], [xs[b]!, ys[a]!], [xs[a]! / 2 + xs[b]! / 2, ys[a]! / 2 + ys[b]! / 2]); // prettier-ignore
    }
    let found = 0;
    for (const [px, py] of points) {
      const wanted = byEveryEdge(xs, ys, px, py);
      if (inside(px, py) !== wanted) throw new Error(`${px}, ${py}: ${String(!wanted)}`);
      if (wanted) found++;
    }
    expect(found).toBeGreaterThan(0);
  });
});
