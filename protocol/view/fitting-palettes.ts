import { CATEGORY_PALETTES, NUMBER_RAMPS, RAMPS, type Palette } from './shading.js';
import type { Plot } from './plot.js';

/** The palettes that a person may choose for a plot: ramps for what is measured, colors for categories, none for one color. */
export function fittingPalettes({
  mark,
  color,
  y,
  of,
  shading,
}: Pick<Plot, 'mark' | 'color' | 'y' | 'of' | 'shading'>): readonly Palette[] {
  if (mark === 'heatmap') return of === undefined ? RAMPS : NUMBER_RAMPS;
  if (mark === 'scatter') {
    if (color === undefined) return shading.shade === undefined ? [] : RAMPS;
    return color.kind === 'number' ? NUMBER_RAMPS : CATEGORY_PALETTES;
  }
  return color !== undefined || y.length > 1 ? CATEGORY_PALETTES : [];
}
