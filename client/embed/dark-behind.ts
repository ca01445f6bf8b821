/** A color that is less opaque than this shows what is behind it. */
const OPAQUE = 128;
/** Of 255: what is darker has light words on it. */
const DARK = 128;

/**
 * True where what is seen behind an element is dark: the nearest background on the way to the root, else the page itself. A page
 * without a color scheme is white, whatever the system prefers.
 */
export function isDarkBehind(element: Element): boolean {
  for (let at: Element | null = element; at !== null; at = aboveOf(at)) {
    const [red, green, blue, alpha] = pixelOf(getComputedStyle(at).backgroundColor);
    if (alpha! >= OPAQUE) return 0.299 * red! + 0.587 * green! + 0.114 * blue! < DARK;
  }
  const schemes = getComputedStyle(element.ownerDocument.documentElement).colorScheme;
  const prefersDark = globalThis.matchMedia('(prefers-color-scheme: dark)').matches;
  return schemes.includes('dark') && (prefersDark || !schemes.includes('light'));
}

/** The parent, also across the edge of a shadow tree. */
function aboveOf(element: Element): Element | null {
  if (element.parentElement !== null) return element.parentElement;
  const root = element.getRootNode();
  return root instanceof ShadowRoot ? root.host : null;
}

let brush: CanvasRenderingContext2D | null | undefined;

/** Red, green, blue and alpha of a color in any notation, 0 to 255. */
function pixelOf(color: string): Uint8ClampedArray {
  brush ??= document.createElement('canvas').getContext('2d', { willReadFrequently: true });
  if (brush === null) return new Uint8ClampedArray(4);
  brush.clearRect(0, 0, 1, 1);
  brush.fillStyle = color;
  brush.fillRect(0, 0, 1, 1);
  return brush.getImageData(0, 0, 1, 1).data;
}
