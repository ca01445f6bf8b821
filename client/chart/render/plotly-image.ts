import type { Query } from '../../../protocol/query.js';
import { plotlyEnd } from '../axis.js';
import type { Picture } from '../picture.js';
import { writePng } from './png.js';

type Size = Pick<Query, 'width' | 'height'>;

/** An image on the axes of a picture, which moves with them; `size` is that of the plot area in device pixels. */
export function imageOf(
  { view, axes }: Picture,
  image: ImageData,
  size: Size,
): Record<string, unknown> {
  return {
    source: addressOf(enlarged(image, size)),
    xref: 'x',
    yref: 'y',
    // As the ends of axes: on a log axis images stand at exponents, not at values.
    x: plotlyEnd(view.x[0], axes.x),
    y: plotlyEnd(view.y[1], axes.y),
    sizex: view.x[1] - view.x[0],
    sizey: view.y[1] - view.y[0],
    sizing: 'stretch',
    layer: 'above',
  };
}

/** Cells larger than a pixel keep their edges: browsers would blur them. */
function enlarged(
  image: ImageData,
  { width = image.width, height = image.height }: Size,
): ImageData {
  if (image.width >= width && image.height >= height) return image;
  const from = new Uint32Array(image.data.buffer);
  const large = new ImageData(width, height);
  const to = new Uint32Array(large.data.buffer);
  for (let y = 0; y < height; y++) {
    const line = Math.floor(((y + 0.5) * image.height) / height) * image.width;
    for (let x = 0; x < width; x++) {
      to[y * width + x] = from[line + Math.floor(((x + 0.5) * image.width) / width)]!;
    }
  }
  return large;
}

/** As a data address, compressed where there is a canvas. */
function addressOf(image: ImageData): string {
  const canvas = document.createElement('canvas');
  canvas.width = image.width;
  canvas.height = image.height;
  const context = canvas.getContext('2d');
  if (context !== null) {
    context.putImageData(image, 0, 0);
    return canvas.toDataURL('image/png');
  }
  const png = writePng(image);
  let text = '';
  // A call takes so many arguments at most.
  for (let at = 0; at < png.length; at += 8192) {
    text += String.fromCharCode(...png.subarray(at, at + 8192));
  }
  return `data:image/png;base64,${btoa(text)}`;
}
