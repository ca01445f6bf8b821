import type { Canvas, Polyline } from './stroke-area.js';

/** Slices of a pixel column: twice as many as the page cuts, and more than eight bits can tell apart. */
const SLICES = 256;

/**
 * What `strokeArea` counts, for any number of rows: in each of 256 slices of a pixel column, the length of what the
 * discs around all vertices and the rectangles around all edges cover. `x` ascends, every `y` is finite: then a slice
 * meets the stroke in one piece. In float64, without a choice among rows, edges or slices.
 */
export function strokeOfAllRows(
  { x, y }: Polyline,
  { width, height }: Canvas,
  radius: number,
): Float64Array {
  const highest = new Float64Array(width * SLICES).fill(Infinity);
  const lowest = new Float64Array(width * SLICES).fill(-Infinity);
  const eachSlice = (from: number, to: number, visit: (s: number, at: number) => void): void => {
    const first = Math.max(0, Math.ceil(from * SLICES - 0.5));
    const last = Math.min(width * SLICES - 1, Math.floor(to * SLICES - 0.5));
    for (let s = first; s <= last; s++) visit(s, (s + 0.5) / SLICES);
  };
  for (let i = 0; i < x.length; i++) {
    const [px, py] = [x[i]!, y[i]!];
    eachSlice(px - radius, px + radius, (s, at) => {
      const half = Math.sqrt(Math.max(0, radius ** 2 - (at - px) ** 2));
      if (py - half < highest[s]!) highest[s] = py - half;
      if (py + half > lowest[s]!) lowest[s] = py + half;
    });
    const [dx, dy] = [x[i + 1]! - px, y[i + 1]! - py];
    if (!(dx > 0)) continue;
    // Its upper side is its lower side moved by twice the normal.
    const length = Math.hypot(dx, dy);
    const [nx, ny] = [(radius * dy) / length, (-radius * dx) / length];
    const along = (at: number): number => py + ((at - px) * dy) / dx;
    eachSlice(px + nx, px + dx + nx, (s, at) => {
      const upper = along(at - nx) + ny;
      if (upper < highest[s]!) highest[s] = upper;
    });
    eachSlice(px - nx, px + dx - nx, (s, at) => {
      const lower = along(at + nx) - ny;
      if (lower > lowest[s]!) lowest[s] = lower;
    });
  }
  const area = new Float64Array(width * height);
  for (let s = 0; s < highest.length; s++) {
    const from = Math.max(0, highest[s]!);
    const to = Math.min(height, lowest[s]!);
    const column = Math.floor(s / SLICES);
    for (let line = Math.floor(from); line < to; line++) {
      const part = Math.min(to, line + 1) - Math.max(from, line);
      area[line * width + column]! += part / SLICES;
    }
  }
  return area;
}
