import type { DecodedFrame } from '../../data/frame.js';
import { rampColor } from '../../theme.js';
import { discSums } from '../render/disc-sums.js';
import { packColor, type Grid } from '../render/grid.js';
import { colorScale, type ColorScale } from './color-scale.js';
import type { Shade } from '../../../protocol/view/shading.js';

/** A picture of counts in the colors of a ramp. */
export interface ShadedCounts {
  scale: ColorScale;
  /** One pixel a cell, top row first. */
  image: () => ImageData;
}

// The counts of a frame are the same for every color scale and palette: they are summed up once.
const kept = new WeakMap<DecodedFrame, { radius: number; sums: Uint32Array }>();

/** The rows whose discs cover each pixel, as `opacity` has them, in the place of it by the colors of a ramp. */
export function shadeCounts(
  frame: DecodedFrame,
  grid: Grid,
  { radius, shade, tones }: { radius: number; shade: Shade; tones: readonly string[] },
): ShadedCounts {
  const { width, height, counts } = grid;
  const known = kept.get(frame);
  const sums = known?.radius === radius ? known.sums : discSums(counts, width, height, radius);
  kept.set(frame, { radius, sums });
  const scale = colorScale(
    sums.filter((sum) => sum > 0),
    shade,
  );
  return {
    scale,
    image() {
      const image = new ImageData(width, height);
      paintCounts({ sums, width, height, scale, tones }, new Uint32Array(image.data.buffer));
      return image;
    },
  };
}

export interface CountsParts {
  /** From the bottom row up; where nothing is, nothing is painted. */
  sums: Uint32Array;
  width: number;
  height: number;
  scale: Pick<ColorScale, 'shareOf'>;
  tones: readonly string[];
}

/** Steps of color: more than 255 are not told apart. */
const STEPS = 255;

/** Writes the colors of counts into `pixels`, top row first. */
export function paintCounts(
  { sums, width, height, scale, tones }: CountsParts,
  pixels: Uint32Array,
): void {
  const table = Uint32Array.from({ length: STEPS + 1 }, (_, at) =>
    packColor(...rampColor(tones, at / STEPS)),
  );
  // Neighbours are often alike, and a rank is a search.
  let last = 0;
  let color = 0;
  for (let y = 0; y < height; y++) {
    let from = y * width;
    let to = (height - 1 - y) * width;
    for (let x = 0; x < width; x++, from++, to++) {
      const sum = sums[from]!;
      if (sum === 0) continue;
      if (sum !== last) {
        last = sum;
        color = table[Math.round(scale.shareOf(sum) * STEPS)]!;
      }
      pixels[to] = color;
    }
  }
}
