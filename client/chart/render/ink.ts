/** An image that strokes are laid upon, one over the other: bytes red, green, blue and opacity, top row first. */
export interface Ink {
  image: ImageData;
  /** Lays a share `cover` of a pixel, 0 to 1, in the color `red`, `green`, `blue` over what is there. */
  lay: (pixel: number, cover: number, red: number, green: number, blue: number) => void;
}

export function createInk(image: ImageData): Ink {
  const { data } = image;
  return {
    image,
    lay(pixel, cover, red, green, blue) {
      const at = pixel * 4;
      // Most pixels are empty before, or hidden after.
      if (cover >= 1 || data[at + 3] === 0) {
        data[at] = red;
        data[at + 1] = green;
        data[at + 2] = blue;
        data[at + 3] = cover * 255;
        return;
      }
      const below = (data[at + 3]! / 255) * (1 - cover);
      const opacity = cover + below;
      if (opacity <= 0) return;
      data[at] = (red * cover + data[at]! * below) / opacity;
      data[at + 1] = (green * cover + data[at + 1]! * below) / opacity;
      data[at + 2] = (blue * cover + data[at + 2]! * below) / opacity;
      data[at + 3] = opacity * 255;
    },
  };
}
