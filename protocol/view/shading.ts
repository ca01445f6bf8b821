/** How counts become colors: in proportion, by their logarithm, or so that each color covers as much of the picture. */
export const SHADES = ['linear', 'log', 'equal'] as const;
export type Shade = (typeof SHADES)[number];

/** The ramps beside viridis, which is the one that nobody has to choose. */
export const RAMPS = ['cividis', 'magma', 'blues'] as const;
export type RampName = (typeof RAMPS)[number];

/** From one color over gray to another: of numbers that lie on two sides of a middle. */
export const DIVERGING = 'diverging';
/** What a number may be painted with, where it is no count. */
export const NUMBER_RAMPS = [...RAMPS, DIVERGING] as const;

/** The colors of categories beside those after Okabe and Ito: Paul Tol's, which color-blind readers tell apart as well. */
export const CATEGORY_PALETTES = ['bright', 'muted'] as const;
export type CategoryPalette = (typeof CATEGORY_PALETTES)[number];

export const PALETTES = [...NUMBER_RAMPS, ...CATEGORY_PALETTES] as const;
export type Palette = (typeof PALETTES)[number];

/** The radius of the disc of a row, in CSS pixels. */
export const SIZES = [0.5, 20] as const;
/** The opacity of one row. */
export const OPACITIES = [0.001, 1] as const;
/** The width of the stroke of a line, in CSS pixels. */
export const STROKES = [0.5, 16] as const;

/** How a picture is painted from the frame that is there; what is absent follows from the rows. */
export interface Shading {
  /** Of a scatter: the radius of a row in CSS pixels. */
  size?: number;
  opacity?: number;
  /** Of a line: the width of its stroke in CSS pixels. */
  stroke?: number;
  /** Of a scatter without a color, in the place of opacity; of a heatmap, for its ramp. */
  shade?: Shade;
  palette?: Palette;
  /** The number that has the middle color of `diverging`. */
  middle?: number;
}
