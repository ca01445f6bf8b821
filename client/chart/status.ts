import type { DecodedFrame } from '../data/frame.js';
import type { CanvasLayer } from './canvas-layer.js';
import type { Picture } from './picture.js';
import type { ChartStatus } from './types.js';

/** What a frame says of the picture. */
export function factsOf({
  metadata,
  plan,
  timing,
  byteLength,
}: DecodedFrame): Pick<ChartStatus, 'metadata' | 'plan' | 'timing' | 'bytes'> {
  return {
    metadata,
    ...(plan === undefined ? {} : { plan }),
    timing,
    bytes: byteLength,
  };
}

/** Which back end draws, and why. */
export function rendererFacts(
  layer: CanvasLayer,
): Pick<ChartStatus, 'renderer' | 'rendererReason'> {
  const { name, reason } = layer.renderer();
  return { renderer: name, rendererReason: reason };
}

/** Writes what the picture is into `data-` attributes of the chart's element, for tests and for styles. */
export function writeStateAttributes(
  element: HTMLElement,
  { state, metadata, renderer }: ChartStatus,
  picture: Pick<Picture, 'style' | 'ramp'> | undefined,
): void {
  const attributes = {
    state,
    matched: metadata?.rows.matched,
    drawn: metadata?.rows.drawn,
    method: metadata?.method,
    estimated: metadata?.estimated,
    renderer,
    radius: picture?.style?.radius,
    opacity: picture?.style?.opacity,
    shade: picture?.ramp?.scale,
  };
  for (const [name, value] of Object.entries(attributes)) {
    if (value === undefined) delete element.dataset[name];
    else element.dataset[name] = String(value);
  }
}
