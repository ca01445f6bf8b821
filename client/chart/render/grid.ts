/**
 * How many rows stand in each cell of a picture, and of which color. Cells go from left to right and from the
 * bottom to the top, as in a density frame.
 */
export interface Grid {
  width: number;
  height: number;
  counts: Uint32Array<ArrayBuffer>;
  /** The mean color of the rows of a cell as bytes red, green, blue, 255; absent where all rows look alike. */
  colors?: Uint32Array<ArrayBuffer>;
}

/** Cells with at least one row, and the rows of all. */
export function crowdOf({ counts }: Grid, share = 1): { rows: number; occupied: number } {
  let rows = 0;
  let occupied = 0;
  for (let i = 0; i < counts.length; i++) {
    const count = counts[i]!;
    rows += count;
    if (count > 0) occupied++;
  }
  if (share === 1) return { rows, occupied };
  let once = 0;
  let twice = 0;
  for (let i = 0; i < counts.length; i++) {
    const read = Math.round(counts[i]! * share);
    if (read === 1) once++;
    else if (read === 2) twice++;
  }
  // What a sample has not seen, by what it has seen once and twice (Chao 1984).
  const unseen = (once * once) / (2 * Math.max(1, twice));
  return { rows, occupied: Math.min(counts.length, Math.round(occupied + unseen)) };
}

/** Gathers rows of several colors into cells. */
export function createColorGrid(
  width: number,
  height: number,
): {
  add(cell: number, count: number, color: number): void;
  grid(): Grid;
} {
  const size = width * height;
  const counts = new Uint32Array(size);
  const sums = [new Float64Array(size), new Float64Array(size), new Float64Array(size)] as const;
  const [red, green, blue] = sums;
  return {
    add(cell, count, color) {
      counts[cell]! += count;
      red[cell]! += count * (color & 255);
      green[cell]! += count * ((color >> 8) & 255);
      blue[cell]! += count * ((color >> 16) & 255);
    },
    grid() {
      const colors = new Uint32Array(size);
      for (let i = 0; i < size; i++) {
        const count = counts[i]!;
        if (count > 0) {
          colors[i] = packColor(red[i]! / count, green[i]! / count, blue[i]! / count);
        }
      }
      return { width, height, counts, colors };
    },
  };
}

/** A color as its bytes lie in an image: red first, opaque. Browsers run on little-endian machines only. */
export const packColor = (red: number, green: number, blue: number): number =>
  (Math.round(red) | (Math.round(green) << 8) | (Math.round(blue) << 16) | (255 << 24)) >>> 0;
