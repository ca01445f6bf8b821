import type { Place } from './shape.js';

/**
 * The points of a line that it needs to stay within `tolerance` of its course, the first and the last among them.
 * Follows Ramer (1972), Douglas and Peucker (1973).
 */
export function simplify(points: readonly Place[], tolerance: number): Place[] {
  const keep = new Uint8Array(points.length);
  keep[0] = 1;
  keep[points.length - 1] = 1;
  const stretches: [number, number][] = [[0, points.length - 1]];
  for (let next = stretches.pop(); next !== undefined; next = stretches.pop()) {
    const [from, to] = next;
    let farthest = -1;
    let most = tolerance;
    for (let i = from + 1; i < to; i++) {
      const away = distanceTo(points[i]!, points[from]!, points[to]!);
      if (away <= most) continue;
      most = away;
      farthest = i;
    }
    if (farthest < 0) continue;
    keep[farthest] = 1;
    stretches.push([from, farthest], [farthest, to]);
  }
  return points.filter((_, at) => keep[at] === 1);
}

/** How far `p` is from the stretch between `a` and `b`. */
function distanceTo([px, py]: Place, [ax, ay]: Place, [bx, by]: Place): number {
  const [dx, dy] = [bx - ax, by - ay];
  const square = dx * dx + dy * dy;
  const along =
    square === 0 ? 0 : Math.min(1, Math.max(0, ((px - ax) * dx + (py - ay) * dy) / square));
  return Math.hypot(px - ax - along * dx, py - ay - along * dy);
}
