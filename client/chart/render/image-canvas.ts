/** A canvas of the size of an image, with the image on it. */
export function canvasOf(
  image: ImageData,
  settings?: CanvasRenderingContext2DSettings,
): HTMLCanvasElement {
  const canvas = document.createElement('canvas');
  canvas.width = image.width;
  canvas.height = image.height;
  canvas.getContext('2d', settings)!.putImageData(image, 0, 0);
  return canvas;
}
