import type { BuildParts } from './build-picture.js';
import type { PlotArea } from './frame-box.js';
import type { Picture, Stage } from './picture.js';
import { createCpuRaster, IN_MEMORY } from './render/cpu.js';
import type { plotlyMarks } from './render/plotly-marks.js';
import type { Raster } from './render/raster.js';
import type { WorkerRaster } from './render/worker-raster.js';
import type { RendererChoice, RendererName } from './types.js';
import type { View } from './view.js';

/** The canvas of the marks, and the back end that fills it. */
export interface CanvasLayer {
  /** Another one whenever another raster takes over: it takes the place of the one before. */
  readonly canvas: HTMLCanvasElement;
  /** Which back end draws now, and why, in a few words. */
  renderer(): { name: RendererName; reason: string };
  /** The picture as the back end takes it: Plotly gets its marks as traces. */
  adapt(picture: Picture, parts: BuildParts): Picture;
  /** Has the worker draw a picture, as `drawAhead` of it says; undefined where another back end draws. */
  drawAhead(picture: Picture): Promise<boolean> | undefined;
  /** Has Plotly draw the marks from now on, because the canvas cannot be where it belongs. */
  usePlotly(reason: string): Promise<void>;
  /** Resolves when the back end that was asked for by name is there, or is known not to come. */
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
const BY_NAME = 'it was asked for by name';
const NO_CANVAS = 'this browser gives no canvas';

/** `onChange` is called when another back end has taken over, so that the picture can be drawn again. */
export function createCanvasLayer(choice: RendererChoice, onChange: () => void): CanvasLayer {
  let canvas = document.createElement('canvas');
  canvas.className = 'halftone-marks';
  canvas.setAttribute('role', 'img');
  Object.assign(canvas.style, { position: 'absolute', pointerEvents: 'none' });
  // Null where the browser has no memory left for canvases, or gives none.
  let context = canvas.getContext('2d', IN_MEMORY);
  const cpu = createCpuRaster();
  let gpu: Raster | undefined;
  let worker: WorkerRaster | undefined;
  let isWorkerWanted = false;
  let plotly: typeof plotlyMarks | undefined;
  let reason = choice === 'cpu' ? BY_NAME : 'it draws at once';
  let ratio = 1;
  let isCalibrated = false;
  let isDestroyed = false;
  let retry: ReturnType<typeof setTimeout> | undefined;

  async function startGpu(mustWin: boolean, why: string): Promise<void> {
    try {
      const { sharedGpu } = await import('./render/shared-gpu.js');
      const made = await sharedGpu.acquire(onLost);
      if (isDestroyed || plotly !== undefined) made.destroy();
      else if (mustWin && !sharedGpu.isWorthIt(made, cpu, canvas)) {
        made.destroy();
        reason = 'it was faster than the graphics card in a trial';
      } else useRaster(made, why);
    } catch (error) {
      // No WebGL, or a page that forbids it: the other raster draws the same.
      const { message } = error as Error;
      reason = `the graphics card cannot be used: ${message.replace(/\.$/, '')}`;
    }
  }

  async function startWorker(): Promise<void> {
    if (isWorkerWanted) return;
    isWorkerWanted = true;
    const { sharedWorkerRaster } = await import('./render/worker-raster.js');
    if (!isDestroyed) worker = sharedWorkerRaster.acquire();
  }

  async function usePlotly(why: string): Promise<void> {
    const made = await import('./render/plotly-marks.js');
    if (isDestroyed) return;
    plotly = made.plotlyMarks;
    gpu?.destroy();
    gpu = undefined;
    clearTimeout(retry);
    context?.clearRect(0, 0, canvas.width, canvas.height);
    reason = why;
    onChange();
  }

  /** Pixels stay where they are drawn: bringing each picture over from the graphics card or to it takes longer. */
  function useRaster(next: Raster | undefined, why: string): void {
    gpu = next;
    reason = why;
    const fresh = canvas.cloneNode(false) as HTMLCanvasElement;
    context = fresh.getContext('2d', next === undefined ? IN_MEMORY : {});
    canvas.replaceWith(fresh);
    canvas = fresh;
    if (context === null) void usePlotly(NO_CANVAS);
    else onChange();
  }

  function onLost(): void {
    if (isDestroyed) return;
    const before = reason;
    useRaster(undefined, 'the context of the graphics card was lost');
    retry = setTimeout(() => void startGpu(false, before), RETRY_MS);
  }

  /** What is asked for by name is waited for, and so is Plotly where there is no canvas. */
  function start(): Promise<void> {
    if (context === null) return usePlotly(NO_CANVAS);
    if (choice === 'plotly') return usePlotly(BY_NAME);
    return choice === 'gpu' ? startGpu(false, BY_NAME) : Promise.resolve();
  }

  return {
    get canvas() {
      return canvas;
    },
    renderer: () => ({
      name: plotly !== undefined ? 'plotly' : gpu !== undefined ? 'gpu' : 'cpu',
      reason,
    }),
    adapt: (picture, parts) => (plotly === undefined ? picture : plotly(picture, parts)),
    drawAhead(picture) {
      if (picture.drawAhead === undefined || gpu !== undefined || plotly !== undefined)
        return undefined;
      if (worker !== undefined) return picture.drawAhead(worker);
      // The first picture does not wait until the worker has started.
      startWorker().catch(() => {
        // Its script cannot be had: this thread goes on.
      });
      return undefined;
    },
    usePlotly,
    ready: start(),
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
      if (context === null) return;
      context.setTransform(1, 0, 0, 1, 0, 0);
      context.clearRect(0, 0, canvas.width, canvas.height);
      if (picture === undefined || view === undefined) return;
      context.save();
      picture.paint(context, this.stage(view), this.raster());
      context.restore();
    },
    stage: (view) => ({ width: canvas.width, height: canvas.height, ratio, view }),
    calibrate() {
      if (isCalibrated || choice !== 'auto' || plotly !== undefined) return;
      isCalibrated = true;
      const idle = globalThis.requestIdleCallback ?? ((run: () => void) => setTimeout(run, 200));
      idle(() => void startGpu(true, 'it was faster than the processor in a trial'));
    },
    raster: () => gpu ?? cpu,
    destroy() {
      isDestroyed = true;
      clearTimeout(retry);
      gpu?.destroy();
      cpu.destroy();
      worker?.release();
      canvas.remove();
    },
  };
}
