/** A stretch of vertices without a gap, in pixels of the picture; x ascends. */
export interface Stretch {
  x: Float64Array;
  y: Float64Array;
}

export interface Stroke {
  /** Pixel columns of the picture. */
  width: number;
  /** Half the width of the stroke, in pixels. */
  radius: number;
}

/** A pixel column is looked at in so many places. */
const PLACES = 128;
/** Places are skipped in blocks of so many, an eighth of a pixel, where nothing of a vertex can show. */
const BLOCK = 16;
const BLOCKS = PLACES / BLOCK;
/** The request is looked at after so many vertices: some milliseconds. */
const CHECK = 4096;
/** A straight line from one kept vertex to the next may lie so far outside of the stroke, in pixels. */
const MOST_OUTSIDE = 0.02;
/** Vertices are left out where the line stays this near to them, in pixels: half a 255th on both sides of a stroke. */
const NEAR = 0.002;

/**
 * Marks in `keep` the vertices that the stroke of a stretch needs: the line through these alone, stroked with round
 * joins, covers what the line through all of them does. `keep` holds those that are wanted in any case.
 *
 * Above each place of the x axis a stroke reaches from a lowest to a highest point (see the page's `outline.ts`).
 * Whose arc or edge that point is on shows; all others are covered. Then each line from one kept vertex to the next is
 * looked at: where it would lie outside of the stroke, the vertex farthest on the other side is kept as well.
 */
export function markShown(
  line: Stretch,
  { width, radius }: Stroke,
  keep: Uint8Array,
  check: () => void,
): void {
  const { y } = line;
  const last = y.length - 1;
  if (last < 0) return;
  keep[0] = keep[last] = 1;
  // A line may have many stretches: each is looked at where it is.
  const left = Math.max(0, Math.floor(line.x[0]! - radius));
  const right = Math.min(width, Math.ceil(line.x[last]! + radius));
  if (last < 2 || left >= right) return;
  const part = { width: right - left, radius };
  const x = left > 0 ? line.x.map((at) => at - left) : line.x;
  const above = highest(x, y, 1, part, check);
  const below = highest(x, y, -1, part, check);
  for (const { owners } of [above, below]) {
    for (const owner of owners) {
      if (owner < 0) continue;
      const i = owner >> 1;
      keep[i] = 1;
      // An edge shows between its ends.
      if (owner % 2 === 1) keep[i + 1] = 1;
    }
  }
  const pending: number[] = [];
  for (let i = last; i >= 0; i--) if (keep[i] === 1) pending.push(i);
  for (let from = pending.pop()!; pending.length > 0;) {
    const to = pending.at(-1)!;
    const between = separator(x, y, from, to, above, below, radius);
    if (between < 0) from = pending.pop()!;
    else {
      keep[between] = 1;
      pending.push(between);
    }
  }
}

/** The highest point of a stroke above each place, and whose it is: 2i for vertex i's arc, 2i + 1 for its edge. */
interface Skyline {
  ends: Float32Array;
  owners: Int32Array;
}

/** The upper end for `sign` 1; the lower end, upside down, for -1. */
function highest(
  x: Float64Array,
  y: Float64Array,
  sign: 1 | -1,
  stroke: Stroke,
  check: () => void,
): Skyline {
  const { width, radius } = stroke;
  const places = width * PLACES;
  const ends = new Float32Array(places).fill(-Infinity);
  const owners = new Int32Array(places).fill(-1);
  const hidden = hiddenBelow(x, y, sign, stroke);
  const square = radius * radius;
  const blockOf = (px: number): number =>
    Math.min(Math.max(Math.floor(px * BLOCKS), 0), hidden.length - 1);
  let before = -radius;
  for (let i = 0; i < x.length; i++) {
    if (i % CHECK === 0) check();
    const px = x[i]!;
    const py = sign * y[i]!;
    const isLast = i + 1 === x.length;
    const dx = isLast ? 0 : x[i + 1]! - px;
    const dy = isLast ? 0 : sign * y[i + 1]! - py;
    const length = Math.sqrt(dx * dx + dy * dy);
    // Where the normal of the edge leads, to the right. A vertex that is repeated has no edge of its own.
    const after = isLast ? radius : length === 0 ? before : (-dy / length) * radius;
    const block = blockOf(px);
    if (before < after && py > hidden[block]!) {
      const from = Math.max(0, Math.ceil((px + before) * PLACES - 0.5));
      const to = Math.min(places - 1, Math.floor((px + after) * PLACES - 0.5));
      for (let s = from; s <= to; s++) {
        const d = (s + 0.5) / PLACES - px;
        const end = py + Math.sqrt(Math.max(0, square - d * d));
        if (end > ends[s]!) {
          ends[s] = end;
          owners[s] = 2 * i;
        }
      }
    }
    const isHidden =
      py <= hidden[block]! && py + dy <= hidden[block]! && blockOf(px + dx) === block;
    if (dx > 0 && !isHidden) {
      const slope = dy / dx;
      const start = py + (radius * dx) / length - slope * (px + after);
      const from = Math.max(0, Math.ceil((px + after) * PLACES - 0.5));
      const to = Math.min(places - 1, Math.floor((px + dx + after) * PLACES - 0.5));
      for (let s = from; s <= to; s++) {
        const end = start + (slope * (s + 0.5)) / PLACES;
        if (end > ends[s]!) {
          ends[s] = end;
          owners[s] = 2 * i + 1;
        }
      }
    }
    before = after;
  }
  return { ends, owners };
}

/** For each block the height at or below which nothing of a vertex in it can show: others reach higher everywhere. */
function hiddenBelow(
  x: Float64Array,
  y: Float64Array,
  sign: 1 | -1,
  { width, radius }: Stroke,
): Float64Array {
  const blocks = width * BLOCKS;
  const most = new Float64Array(blocks).fill(-Infinity);
  for (let i = 0; i < x.length; i++) {
    const block = Math.floor(x[i]! * BLOCKS);
    if (block >= 0 && block < blocks && sign * y[i]! > most[block]!) most[block] = sign * y[i]!;
  }
  const reach = Math.ceil(radius * BLOCKS);
  const halfChord = (d: number): number => Math.sqrt(radius * radius - d * d);
  // What a vertex of a block covers for certain of the block `d` blocks away, and what it covers at most.
  const surely: number[] = [];
  const atMost: number[] = [];
  for (let d = 0; d <= reach; d++) {
    surely.push((d + 1) / BLOCKS <= radius ? halfChord((d + 1) / BLOCKS) : -Infinity);
    atMost.push(halfChord(Math.min(Math.max(0, d - 1) / BLOCKS, radius)));
  }
  const floors = new Float64Array(blocks).fill(-Infinity);
  for (let b = 0; b < blocks; b++) {
    for (let d = -reach; d <= reach; d++) {
      const from = most[b + d];
      if (from === undefined) continue;
      floors[b] = Math.max(floors[b]!, from + surely[Math.abs(d)]!);
    }
  }
  const hidden = new Float64Array(blocks).fill(Infinity);
  for (let b = 0; b < blocks; b++) {
    for (let d = -reach; d <= reach; d++) {
      const floor = floors[b + d];
      if (floor !== undefined) hidden[b] = Math.min(hidden[b]!, floor - atMost[Math.abs(d)]!);
    }
  }
  return hidden;
}

/** The vertex to be kept between two, because the straight line would lie outside of the stroke; -1 for none. */
function separator(
  x: Float64Array,
  y: Float64Array,
  from: number,
  to: number,
  above: Skyline,
  below: Skyline,
  radius: number,
): number {
  if (to - from < 2) return -1;
  const up = outside(x, y, from, to, above.ends, 1, radius);
  const down = outside(x, y, from, to, below.ends, -1, radius);
  if (up <= MOST_OUTSIDE && down <= MOST_OUTSIDE) return -1;
  const sign = up > down ? 1 : -1;
  let best = from + 1;
  for (let i = from + 2; i < to; i++) if (sign * y[i]! < sign * y[best]!) best = i;
  return best;
}

/** How far the straight line between two vertices, as it is stroked, lies beyond the ends at most. */
function outside(
  x: Float64Array,
  y: Float64Array,
  from: number,
  to: number,
  ends: Float32Array,
  sign: 1 | -1,
  radius: number,
): number {
  const px = x[from]!;
  const dx = x[to]! - px;
  const dy = sign * (y[to]! - y[from]!);
  if (!(dx > 0)) return 0;
  const length = Math.sqrt(dx * dx + dy * dy);
  const normal = (-dy / length) * radius;
  const slope = dy / dx;
  const start = sign * y[from]! + (radius * dx) / length - slope * (px + normal);
  const first = Math.max(0, Math.ceil((px + normal) * PLACES - 0.5));
  const last = Math.min(ends.length - 1, Math.floor((px + dx + normal) * PLACES - 0.5));
  let most = 0;
  for (let s = first; s <= last; s++) {
    most = Math.max(most, start + (slope * (s + 0.5)) / PLACES - ends[s]!);
  }
  return most;
}

/** Unmarks vertices that the line through the others passes nearly; those of `wanted` stay. */
export function unmarkStraight({ x, y }: Stretch, keep: Uint8Array, wanted: Uint8Array): void {
  let anchor = -1;
  let before = -1;
  // The slopes of the lines from the anchor that pass all vertices since, and how far the last of these is.
  let low = -Infinity;
  let high = Infinity;
  let reached = 0;
  for (let i = 0; i < x.length; i++) {
    if (keep[i] === 0) continue;
    if (anchor < 0) {
      anchor = before = i;
      continue;
    }
    let run = x[i]! - x[anchor]!;
    let rise = y[i]! - y[anchor]!;
    let length = Math.sqrt(run * run + rise * rise);
    const isOn = length >= reached && rise >= low * run && rise <= high * run;
    if (before !== anchor && isOn && wanted[before] === 0) keep[before] = 0;
    else {
      anchor = before;
      low = -Infinity;
      high = Infinity;
      run = x[i]! - x[anchor]!;
      rise = y[i]! - y[anchor]!;
      length = Math.sqrt(run * run + rise * rise);
    }
    reached = length;
    before = i;
    if (length <= NEAR) continue;
    // The tangents from the anchor to a circle around the vertex; beyond the vertical there is no bound.
    const tangent = NEAR / Math.sqrt(length * length - NEAR * NEAR);
    const [right, left] = [run + rise * tangent, run - rise * tangent];
    if (right > 0) low = Math.max(low, (rise - run * tangent) / right);
    if (left > 0) high = Math.min(high, (rise + run * tangent) / left);
  }
}
