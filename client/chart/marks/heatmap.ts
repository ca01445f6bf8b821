import { numbersOf, numbersWithGaps } from '../../data/frame.js';
import { rampColor } from '../../theme.js';
import type { Scale } from '../../../protocol/query.js';
import { valueAt } from '../axis.js';
import { positionAt, type Picture, type PictureParts } from '../picture.js';
import { packColor } from '../render/grid.js';
import { placementOf, type View } from '../view.js';

export interface HeatmapParts extends PictureParts {
  view: View;
  cells: { x: number; y: number };
  /** The name of what the ramp shows. */
  title: string;
  /** Counts spread over decades: equal steps of color stand for equal factors. */
  rampScale: Scale;
}

/** Cells in the colors of a ramp. */
export function heatmapPicture(parts: HeatmapParts): Picture {
  const { frame, axes, theme, view, cells, title, rampScale } = parts;
  const cell = numbersOf(frame, 'cell') as ArrayLike<number>;
  const values = numbersWithGaps(frame, 'value');
  const counts = numbersOf(frame, 'count') as ArrayLike<number>;
  let min = Infinity;
  let max = -Infinity;
  for (let i = 0; i < values.length; i++) {
    if (values[i]! < min) min = values[i]!;
    if (values[i]! > max) max = values[i]!;
  }
  if (min > max) [min, max] = [0, 1];
  const isSigned = frame.metadata.against !== undefined;
  // Of a difference zero is in the middle: as far to both sides as the greatest of either sign.
  if (isSigned) max = Math.max(Math.abs(min), Math.abs(max), Number.MIN_VALUE);
  if (isSigned) min = -max;
  const tones = isSigned ? theme.diverging : theme.heat;
  const scale = min > 0 ? rampScale : 'linear';
  const shareOf = shareIn(min, max, scale);
  const image = new ImageData(cells.x, cells.y);
  const pixels = new Uint32Array(image.data.buffer);
  const places = new Map<number, number>();
  for (let i = 0; i < values.length; i++) {
    const at = cell[i]!;
    places.set(at, i);
    const share = shareOf(values[i]!);
    const pixel = (cells.y - 1 - Math.floor(at / cells.x)) * cells.x + (at % cells.x);
    // An aggregate of no values has no color.
    if (Number.isFinite(share)) pixels[pixel] = packColor(...rampColor(tones, share));
  }
  const canvas = document.createElement('canvas');
  canvas.width = cells.x;
  canvas.height = cells.y;
  canvas.getContext('2d')!.putImageData(image, 0, 0);

  return {
    view,
    axes,
    ramp: { title, min, max, scale, ...(isSigned ? { isSigned } : {}) },
    paint(context, stage) {
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
      const between = (side: 'x' | 'y', index: number): string => {
        const [low, high] = view[side];
        const step = (high - low) / cells[side];
        const end = (n: number): string => String(valueAt(low + step * n, axes[side], step / 100));
        return `${end(index)} to ${end(index + 1)}`;
      };
      const value = values[at]!;
      return {
        kind: 'bin',
        label: `${between('x', column)} × ${between('y', line)}`,
        value: Number.isFinite(value) ? value : null,
        rows: Number(counts[at]),
      };
    },
  };
}

/** Where a value stands on a ramp, 0 to 1; everything is at its top where all values are alike. */
function shareIn(min: number, max: number, scale: Scale): (value: number) => number {
  if (!(max > min)) return () => 1;
  if (scale === 'linear') return (value) => (value - min) / (max - min);
  const low = Math.log(min);
  const width = Math.log(max) - low;
  return (value) => (Math.log(value) - low) / width;
}
