import { numbersOf, numbersWithGaps } from '../../data/frame.js';
import { rampColor } from '../../theme.js';
import type { Shade } from '../../../protocol/view/shading.js';
import { shownAt } from '../axis.js';
import { categoryLabel, type Categories, type categoryTicks } from '../category-ticks.js';
import { positionAt, type Picture, type PictureParts } from '../picture.js';
import { packColor } from '../render/grid.js';
import { canvasOf } from '../render/image-canvas.js';
import { placementOf, type View } from '../view.js';
import { endsAround } from '../ends-around.js';
import { colorScale, rampEnds, type ColorScale } from './color-scale.js';

export interface HeatmapParts extends PictureParts {
  view: View;
  /** The labels of categories. */
  ticksOf: (categories: Categories) => ReturnType<typeof categoryTicks>;
  cells: { x: number; y: number };
  /** The name of what the ramp shows, and what lies along the axes. */
  title: string;
  names: { x: string; y: string };
  /** Counts spread over decades: equal steps of color stand for equal factors. */
  rampScale: Shade;
}

/** Cells in the colors of a ramp. */
export function heatmapPicture(parts: HeatmapParts): Picture {
  const { frame, axes, theme, view, cells, title, names, rampScale, ticksOf } = parts;
  const cell = numbersOf(frame, 'cell') as ArrayLike<number>;
  const values = numbersWithGaps(frame, 'value');
  const counts = numbersOf(frame, 'count') as ArrayLike<number>;
  const isSigned = frame.metadata.against !== undefined;
  // Of a difference zero is in the middle.
  const middle = isSigned ? 0 : theme.middle;
  const scale = middle === undefined ? colorScale(values, rampScale) : scaleAround(values, middle);
  const tones = isSigned ? theme.diverging : theme.heat;
  const image = new ImageData(cells.x, cells.y);
  const pixels = new Uint32Array(image.data.buffer);
  const places = new Map<number, number>();
  for (let i = 0; i < values.length; i++) {
    const at = cell[i]!;
    places.set(at, i);
    const share = scale.shareOf(values[i]!);
    const pixel = (cells.y - 1 - Math.floor(at / cells.x)) * cells.x + (at % cells.x);
    // An aggregate of no values has no color.
    if (Number.isFinite(share)) pixels[pixel] = packColor(...rampColor(tones, share));
  }
  const categories = categoriesOf(frame, axes);
  let canvas: HTMLCanvasElement | undefined;

  return {
    view,
    axes,
    ...(categories && { categories, ...ticksOf(categories) }),
    ramp: { title, tones, ...rampEnds(scale), ...(isSigned ? { isSigned } : {}) },
    pixels: () => image,
    paint(context, stage) {
      canvas ??= canvasOf(image);
      const place = placementOf(view, stage.view, stage.width, stage.height);
      context.imageSmoothingEnabled = false;
      context.drawImage(
        canvas,
        place.offsetX,
        place.offsetY,
        place.scaleX * stage.width,
        place.scaleY * stage.height,
      );
    },
    find(px, py, stage) {
      const { x, y } = positionAt(px, py, stage);
      const column = Math.floor(((x - view.x[0]) / (view.x[1] - view.x[0])) * cells.x);
      const line = Math.floor(((y - view.y[0]) / (view.y[1] - view.y[0])) * cells.y);
      if (column < 0 || line < 0 || column >= cells.x || line >= cells.y) return undefined;
      const at = places.get(line * cells.x + column);
      if (at === undefined) return undefined;
      const between = (side: 'x' | 'y', index: number) => {
        const values = categories?.[side];
        if (values) return { name: names[side], ends: categoryLabel(values[index]!) };
        const [low, high] = view[side];
        const step = (high - low) / cells[side];
        const end = (n: number): string => String(shownAt(low + step * n, axes[side], step / 100));
        return { name: names[side], ends: `${end(index)} to ${end(index + 1)}` };
      };
      const sides = [between('x', column), between('y', line)];
      const value = values[at]!;
      return {
        kind: 'bin',
        label: sides.map(({ name, ends }) => `${name} ${ends}`).join(', '),
        sides,
        value: Number.isFinite(value) ? value : null,
        rows: Number(counts[at]),
      };
    },
  };
}

/** The values along axes of categories, in the order of their cells; undefined where no axis has any. */
function categoriesOf(
  { metadata: { domain } }: PictureParts['frame'],
  axes: PictureParts['axes'],
): Categories | undefined {
  const sides = (['x', 'y'] as const).filter((side) => axes[side].kind === 'category');
  if (domain === null || sides.length === 0) return undefined;
  return Object.fromEntries(sides.map((side) => [side, domain[side]]));
}

/** Where all numbers are the middle itself, that has its color too. */
function scaleAround(values: ArrayLike<number>, middle: number | null): ColorScale {
  const { min, max } = colorScale(values, 'linear');
  const [low, high] = endsAround(min, max, middle);
  return low < high
    ? colorScale([low, high], 'linear')
    : { min: low, max: high, scale: 'linear', shareOf: (value) => value - low + 0.5 };
}
