/**
 * So many slices of equal width stand for a pixel column. A stroke's steep sides may be off by half a slice: a part
 * in 256 of a pixel.
 */
export const SLICES = 128;

/**
 * The stroke of a stretch of a line, cut into vertical slices: it covers the slice s from `top[s]` down to
 * `bottom[s]`, in pixels from the top. Slices that it does not reach hold Infinity and -Infinity.
 */
export interface Outline {
  top: Float32Array;
  bottom: Float32Array;
}

export function createOutline(width: number): Outline {
  return {
    top: new Float32Array(width * SLICES).fill(Infinity),
    bottom: new Float32Array(width * SLICES).fill(-Infinity),
  };
}

/** A stretch of vertices, in pixels from the top left; `x` ascends, `y` is finite throughout. */
export interface Stretch {
  x: Float64Array;
  y: Float64Array;
  start: number;
  end: number;
}

/** The slices that were written. */
export interface Reach {
  from: number;
  to: number;
}

/**
 * Widens `outline` by the stroke of a stretch, with round joins and caps: all that is within `radius` of the line.
 *
 * A line over an ascending x is the graph of a function, and what is near a connected curve is connected: a stroke
 * meets a vertical slice in one piece, however many vertices crowd there. So its highest and its lowest point tell
 * all. They lie above (below) an edge, along its normal, or on the arc around a vertex that turns the right way.
 */
export function addStretch(outline: Outline, stretch: Stretch, radius: number): Reach {
  const { x, y, start, end } = stretch;
  const { top, bottom } = outline;
  const reach = {
    from: Math.max(0, Math.ceil((x[start]! - radius) * SLICES - 0.5)),
    to: Math.min(top.length, Math.floor((x[end - 1]! + radius) * SLICES - 0.5) + 1),
  };
  // Where the normals of the edge before lead, to the right: a line begins as if it came from straight below, or above.
  let upperBefore = -radius;
  let lowerBefore = -radius;
  for (let i = start; i < end; i++) {
    const px = x[i]!;
    const py = y[i]!;
    let next = i + 1;
    while (next < end && x[next] === px && y[next] === py) next++;
    const isLast = next >= end;
    const dx = isLast ? 0 : x[next]! - px;
    const dy = isLast ? 0 : y[next]! - py;
    const length = Math.sqrt(dx * dx + dy * dy);
    const upper = isLast ? radius : (radius * dy) / length;
    const lower = isLast ? radius : -upper;
    if (upperBefore < upper) arc(top, px, py, upperBefore, upper, radius, -1);
    if (lowerBefore < lower) arc(bottom, px, py, lowerBefore, lower, radius, 1);
    if (dx > 0) {
      const slope = dy / dx;
      const rise = (radius * dx) / length;
      edge(top, px + upper, x[next]! + upper, py - rise, slope, -1);
      edge(bottom, px + lower, x[next]! + lower, py + rise, slope, 1);
    }
    upperBefore = upper;
    lowerBefore = lower;
    i = next - 1;
  }
  return reach;
}

/** Widens `ends` by the part of a circle from `left` to `right` of its center: upward where `sign` is -1. */
function arc(
  ends: Float32Array,
  px: number,
  py: number,
  left: number,
  right: number,
  radius: number,
  sign: -1 | 1,
): void {
  const from = Math.max(0, Math.ceil((px + left) * SLICES - 0.5));
  const to = Math.min(ends.length - 1, Math.floor((px + right) * SLICES - 0.5));
  const square = radius * radius;
  for (let s = from; s <= to; s++) {
    const d = (s + 0.5) / SLICES - px;
    const at = sign * py + Math.sqrt(Math.max(0, square - d * d));
    if (at > sign * ends[s]!) ends[s] = sign * at;
  }
}

/** Widens `ends` by a straight line from x = `left`, y = `start` to x = `right`. */
function edge(
  ends: Float32Array,
  left: number,
  right: number,
  start: number,
  slope: number,
  sign: -1 | 1,
): void {
  const from = Math.max(0, Math.ceil(left * SLICES - 0.5));
  const to = Math.min(ends.length - 1, Math.floor(right * SLICES - 0.5));
  for (let s = from; s <= to; s++) {
    const at = start + slope * ((s + 0.5) / SLICES - left);
    if (sign * at > sign * ends[s]!) ends[s] = at;
  }
}
