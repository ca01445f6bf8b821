/** A polyline in pixels from the top left. */
export interface Polyline {
  x: ArrayLike<number>;
  y: ArrayLike<number>;
}

export interface Canvas {
  width: number;
  height: number;
}

/**
 * How much of each pixel, 0 to 1, is within `radius` of a polyline: its stroke with round joins and caps, parts
 * that lie over one another counted once. The area is counted on a grid of `samples` by `samples` points a pixel.
 * The definition itself, for small pictures.
 */
export function strokeArea(
  { x, y }: Polyline,
  { width, height }: Canvas,
  radius: number,
  samples = 32,
): Float64Array {
  const area = new Float64Array(width * height);
  for (let pixel = 0; pixel < area.length; pixel++) {
    let inside = 0;
    for (let k = 0; k < samples * samples; k++) {
      const px = (pixel % width) + ((k % samples) + 0.5) / samples;
      const py = Math.floor(pixel / width) + (Math.floor(k / samples) + 0.5) / samples;
      let square = Infinity;
      for (let i = 0; i + 1 < x.length; i++) {
        square = Math.min(square, squareDistance(px, py, x[i]!, y[i]!, x[i + 1]!, y[i + 1]!));
      }
      if (square <= radius * radius) inside++;
    }
    area[pixel] = inside / samples ** 2;
  }
  return area;
}

/** From a point to the edge from a to b; NaN where an end is, which is no distance. */
function squareDistance(
  px: number,
  py: number,
  ax: number,
  ay: number,
  bx: number,
  by: number,
): number {
  if (Number.isNaN(ay + by)) return Infinity;
  const [dx, dy] = [bx - ax, by - ay];
  const length = dx * dx + dy * dy;
  const along = length === 0 ? 0 : ((px - ax) * dx + (py - ay) * dy) / length;
  const t = Math.min(Math.max(along, 0), 1);
  return (px - ax - t * dx) ** 2 + (py - ay - t * dy) ** 2;
}
