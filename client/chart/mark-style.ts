import { discSize } from './render/disc.js';

/** How wide a line is where nobody says, in CSS pixels. */
export const LINE_WIDTH = 1.5;
/** The dots of vertices, in CSS pixels: no smaller than the line is wide. */
export const dotSize = (stroke: number): number => Math.max(4, stroke);

/** How a row is drawn in a scatter: a disc of `radius` device pixels with the opacity of one row. */
export interface MarkStyle {
  radius: number;
  opacity: number;
  /** Few enough rows to draw each as a smooth disc at its true place, not in whole pixels. */
  crisp: boolean;
}

export interface Crowd {
  /** Rows drawn. */
  rows: number;
  /** Cells in which at least one of them stands. */
  occupied: number;
  /** The size of the picture in device pixels. */
  width: number;
  height: number;
  /** Device pixels of a CSS pixel. */
  ratio: number;
}

/** Up to so many rows every disc is drawn for itself. */
const CRISP_ROWS = 2000;
/** Of the area of the picture, what the discs of all rows would cover side by side. */
const COVER = 0.25;
/** Discs of 3 × 3 pixels close the gaps that whole numbers leave where a step of them is wider than a pixel. */
const MIN_RADIUS = 1.5;
const MAX_RADIUS = 4;
/** The opacity where as many rows overlap as usual. */
const TYPICAL_OPACITY = 0.6;
/** A single row must not vanish, however crowded the picture is: nine pixels three steps of 255 from the surface. */
const MIN_OPACITY = 0.012;
const MAX_OPACITY = 0.8;

/**
 * The radius and opacity of the discs: large and strong for few rows, small and faint for many. It depends on
 * nothing but its arguments, so a test, a saved picture and another browser give the same.
 *
 * radius = √(0.25 · width · height / (π · rows)), between 1.5 and 4 CSS pixels, in steps of half a device pixel;
 * opacity = 1 − 0.4^(1 / n), between 0.012 and 0.8, where n is about the number of rows that overlap on an occupied
 * cell: rows / occupied · (1 + (cells of a disc − 1) · min(1, 3 · occupied / cells)). Occupied cells are taken to
 * stand three times as close to one another as if they were spread evenly.
 */
export function markStyle({ rows, occupied, width, height, ratio }: Crowd): MarkStyle {
  const many = Math.max(rows, 1);
  const cells = width * height;
  const cover = Math.sqrt((COVER * cells) / (Math.PI * many)) / ratio;
  const radius = Math.round(Math.min(Math.max(cover, MIN_RADIUS), MAX_RADIUS) * ratio * 2) / 2;
  const near = Math.min(1, (3 * occupied) / cells);
  const overlap = (many / Math.max(occupied, 1)) * (1 + (discSize(radius) - 1) * near);
  const opacity = 1 - (1 - TYPICAL_OPACITY) ** (1 / overlap);
  return {
    radius,
    // Three digits, so that what `data-opacity` says is what was drawn.
    opacity: Number(Math.min(Math.max(opacity, MIN_OPACITY), MAX_OPACITY).toFixed(3)),
    crisp: rows <= CRISP_ROWS,
  };
}
