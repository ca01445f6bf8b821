import { numbersWithGaps, type DecodedFrame } from '../../data/frame.js';
import { cellsOf } from '../cells.js';

/** Where each point of a frame stands in the picture, from the bottom left; -1 for none. */
export function pointCells(frame: DecodedFrame): Int32Array {
  const known = placed.get(frame);
  if (known !== undefined) return known;
  const { metadata, length } = frame;
  const { width, height } = metadata;
  const xs = numbersWithGaps(frame, 'x');
  const ys = numbersWithGaps(frame, 'y');
  const cellX = cellsOf(metadata, 'x', width);
  const cellY = cellsOf(metadata, 'y', height);
  const cells = new Int32Array(length);
  for (let i = 0; i < length; i++) {
    const column = cellX(xs[i]!);
    const line = cellY(ys[i]!);
    cells[i] = column < 0 || line < 0 ? -1 : line * width + column;
  }
  placed.set(frame, cells);
  return cells;
}

// Legends, palettes and themes leave points where they are: four bytes a point, for as long as the frame is held.
const placed = new WeakMap<DecodedFrame, Int32Array>();

/** The shades of points, cell by cell: those of cell `c` are `shades[ends[c - 1]]` to before `shades[ends[c]]`. */
export interface ShadesByCell {
  ends: Uint32Array;
  shades: Uint8Array | Uint16Array;
}

/** Sorts points by their cells, in one pass that counts and one that places; a point without a cell is left out. */
export function shadesByCell(
  cells: Int32Array,
  size: number,
  shadeOf: (point: number) => number,
  shadeCount: number,
): ShadesByCell {
  const ends = new Uint32Array(size);
  for (let i = 0; i < cells.length; i++) if (cells[i]! >= 0) ends[cells[i]!]!++;
  let placedRows = 0;
  for (let cell = 0; cell < size; cell++) {
    const count = ends[cell]!;
    ends[cell] = placedRows;
    placedRows += count;
  }
  const shades = new (shadeCount <= 256 ? Uint8Array : Uint16Array)(placedRows);
  // What was the start of a cell is its end, once all of its points are placed.
  for (let i = 0; i < cells.length; i++) {
    if (cells[i]! >= 0) shades[ends[cells[i]!]!++] = shadeOf(i);
  }
  return { ends, shades };
}
