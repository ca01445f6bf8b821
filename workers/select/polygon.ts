import { BLOCK_ROWS } from '../columns.js';
import type { Block } from '../scan/block.js';
import type { PolygonAxis, PolygonPredicate } from '../scan/predicate.js';
import type { Select } from './select.js';

/** Rows whose point lies in a polygon or on its edge. */
export function openPolygon({ x, y }: PolygonPredicate): Select {
  const inside = polygonTest(cornersOf(x), cornersOf(y));
  const xsOf = openPlaces(x);
  const ysOf = openPlaces(y);
  return (block, mask) => {
    const xs = xsOf(block);
    const ys = ysOf(block);
    for (let i = 0; i < block.rows; i++) {
      if (mask[i] === 0) continue;
      const px = x.log ? Math.log10(xs[i]!) : xs[i]!;
      const py = y.log ? Math.log10(ys[i]!) : ys[i]!;
      // NaN (null, or not positive on a log axis) and infinities are nowhere.
      if (!(px - px === 0 && py - py === 0 && inside(px, py))) mask[i] = 0;
    }
  };
}

function cornersOf({ log, corners }: PolygonAxis): Float64Array {
  return log ? corners.map(Math.log10) : corners;
}

// The place of every row of a block on an axis, null is NaN.
function openPlaces({ column, origin }: PolygonAxis): (block: Block) => Float64Array {
  if (origin === null) return (block) => block.f64(column);
  const places = new Float64Array(BLOCK_ROWS);
  const low = Number(origin & 0xffff_ffffn);
  const high = Number(origin >> 32n);
  return (block) => {
    const { buffer, byteOffset } = block.i64(column);
    const words = new Int32Array(buffer, byteOffset, 2 * block.rows);
    const valid = block.valid(column);
    for (let i = 0; i < block.rows; i++) {
      const offset = (words[2 * i + 1]! - high) * 2 ** 32 + ((words[2 * i]! >>> 0) - low);
      places[i] = valid?.[i] === 0 ? NaN : offset;
    }
    return places;
  };
}

/** Bands of a polygon's height, and edges in all of them together: they bound the memory of a polygon of many corners. */
const MAX_BANDS = 1024;
const MAX_ENTRIES = 2 ** 18;
const FEW_CORNERS = 12;

/**
 * Even-odd, with a point on an edge inside. Which side of an edge a point lies on is the sign of the double
 * `(bx - ax) * (py - ay) - (by - ay) * (px - ax)`: exact for whole numbers within 2^26. Only edges at the height of the
 * point are looked at, so that a lasso of hundreds of corners costs about as much as a triangle.
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
  const { bandOf, starts, edges } = edgesByBand(ys, bottom, top);
  return (px, py) => {
    if (px < left || px > right || py < bottom || py > top) return false;
    let odd = false;
    const band = bandOf(py);
    for (let k = starts[band]!; k < starts[band + 1]!; k++) {
      const i = edges[k]!;
      const j = i === 0 ? corners - 1 : i - 1;
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

/** The edges of a polygon by the bands of equal height that they reach into; edge `i` ends at corner `i`. */
function edgesByBand(ys: Float64Array, bottom: number, top: number) {
  const corners = ys.length;
  const most = Math.max(1, Math.min(MAX_BANDS, 4 * corners, Math.floor(MAX_ENTRIES / corners)));
  const scale = most / (top - bottom);
  // All edges of a few corners are looked at in less time than it takes to find a band.
  const bands = corners < FEW_CORNERS || !(scale > 0 && scale < Infinity) ? 1 : most;
  // Rounding keeps the order: a point between the ends of an edge is in a band between theirs.
  const bandOf = (y: number): number =>
    bands === 1 ? 0 : Math.min(bands - 1, Math.trunc((y - bottom) * scale));
  const reach = (i: number): [first: number, last: number] => {
    const [a, b] = [bandOf(ys[i === 0 ? corners - 1 : i - 1]!), bandOf(ys[i]!)];
    return a < b ? [a, b] : [b, a];
  };
  const starts = new Int32Array(bands + 1);
  for (let i = 0; i < corners; i++) {
    const [first, last] = reach(i);
    for (let band = first; band <= last; band++) starts[band + 1]!++;
  }
  for (let band = 0; band < bands; band++) starts[band + 1]! += starts[band]!;
  const edges = new Int32Array(starts[bands]!);
  const next = starts.slice();
  for (let i = 0; i < corners; i++) {
    const [first, last] = reach(i);
    for (let band = first; band <= last; band++) edges[next[band]!++] = i;
  }
  return { bandOf, starts, edges };
}
