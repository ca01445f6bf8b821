import type { PlotArea } from './frame-box.js';
import type { Picture, Stage } from './picture.js';
import { createCpuRaster, IN_MEMORY } from './render/cpu.js';
import type { Raster } from './render/raster.js';
import { sharedGpu } from './render/shared-gpu.js';
import type { RendererChoice } from './types.js';
import type { View } from './view.js';

/** The canvas of the marks, and the back end that fills it. */
export interface CanvasLayer {
  /** Another one whenever another raster takes over: it takes the place of the one before. */
  readonly canvas: HTMLCanvasElement;
  /** Which raster draws now. */
  renderer(): 'gpu' | 'cpu';
  /** Resolves when the raster that was asked for by name is there, or is known not to come. */
  ready: Promise<void>;
  place(area: PlotArea, ratio: number): void;
  paint(picture: Picture | undefined, view: View | undefined): void;
  stage(view: View): Stage;
  /** Lets the rasters compete, once, when there is time; to be called after the first picture. */
  calibrate(): void;
  raster(): Raster;
  destroy(): void;
}

/** How long after a lost context a new one is tried. */
const RETRY_MS = 2000;

/** `onChange` is called when another raster has taken over, so that the picture can be painted again. */
export function createCanvasLayer(choice: RendererChoice, onChange: () => void): CanvasLayer {
  let canvas = document.createElement('canvas');
  canvas.className = 'halftone-marks';
  canvas.setAttribute('role', 'img');
  Object.assign(canvas.style, { position: 'absolute', pointerEvents: 'none' });
  let context = canvas.getContext('2d', IN_MEMORY)!;
  const cpu = createCpuRaster();
  let gpu: Raster | undefined;
  let ratio = 1;
  let isCalibrated = false;
  let isDestroyed = false;
  let retry: ReturnType<typeof setTimeout> | undefined;

  async function startGpu(mustWin: boolean): Promise<void> {
    try {
      const made = await sharedGpu.acquire(onLost);
      if (isDestroyed || (mustWin && !sharedGpu.isWorthIt(made, cpu, canvas))) made.destroy();
      else useRaster(made);
    } catch {
      // No WebGL, or a page that forbids it: the other raster draws the same.
    }
  }

  /** Pixels stay where they are drawn: bringing each picture over from the graphics card or to it takes longer. */
  function useRaster(next: Raster | undefined): void {
    gpu = next;
    const fresh = canvas.cloneNode(false) as HTMLCanvasElement;
    context = fresh.getContext('2d', next === undefined ? IN_MEMORY : {})!;
    canvas.replaceWith(fresh);
    canvas = fresh;
    onChange();
  }

  function onLost(): void {
    if (isDestroyed) return;
    useRaster(undefined);
    retry = setTimeout(() => void startGpu(false), RETRY_MS);
  }

  return {
    get canvas() {
      return canvas;
    },
    renderer: () => (gpu === undefined ? 'cpu' : 'gpu'),
    ready: choice === 'gpu' ? startGpu(false) : Promise.resolve(),
    place({ left, top, pixelWidth, pixelHeight }, newRatio) {
      ratio = newRatio;
      if (canvas.width !== pixelWidth || canvas.height !== pixelHeight) {
        canvas.width = pixelWidth;
        canvas.height = pixelHeight;
      }
      Object.assign(canvas.style, {
        left: `${left}px`,
        top: `${top}px`,
        width: `${pixelWidth / ratio}px`,
        height: `${pixelHeight / ratio}px`,
      });
    },
    paint(picture, view) {
      context.setTransform(1, 0, 0, 1, 0, 0);
      context.clearRect(0, 0, canvas.width, canvas.height);
      if (picture === undefined || view === undefined) return;
      context.save();
      picture.paint(context, this.stage(view), this.raster());
      context.restore();
    },
    stage: (view) => ({ width: canvas.width, height: canvas.height, ratio, view }),
    calibrate() {
      if (isCalibrated || choice !== 'auto') return;
      isCalibrated = true;
      const idle = globalThis.requestIdleCallback ?? ((run: () => void) => setTimeout(run, 200));
      idle(() => void startGpu(true));
    },
    raster: () => gpu ?? cpu,
    destroy() {
      isDestroyed = true;
      clearTimeout(retry);
      gpu?.destroy();
      cpu.destroy();
      canvas.remove();
    },
  };
}
