import type { Grid } from './grid.js';
import type { RasterStyle } from './raster.js';

export interface ToDraw {
  id: number;
  grid: Grid;
  style: RasterStyle;
}

export interface Drawn {
  id: number;
  /** The grid goes back to who sent it: nothing is copied. */
  grid: Grid;
  bitmap: ImageBitmap;
}

/** The CPU raster in a worker, which the charts of a page share. */
export interface WorkerRaster {
  /**
   * Draws as the raster on the page's thread does. The memory of `grid` is with the worker meanwhile, and back in place when
   * the picture comes. Undefined where there is no worker, or not yet: then `grid` is untouched. The picture is undefined where the worker has
   * failed and `grid` is lost.
   */
  draw(grid: Grid, style: RasterStyle): Promise<ImageBitmap | undefined> | undefined;
  /** Gives back what `acquire` has given. */
  release(): void;
}

export interface SharedWorker {
  acquire(): WorkerRaster;
}

interface Waiting {
  grid: Grid;
  done: (bitmap: ImageBitmap | undefined) => void;
}

/** Starts one worker with the first who acquires it, and ends it with the last. */
export function shareWorkerRaster(start: () => Worker): SharedWorker {
  let users = 0;
  let worker: Worker | undefined;
  let isReady = false;
  let hasFailed = false;
  let lastId = 0;
  const waiting = new Map<number, Waiting>();

  function stop(): void {
    worker?.terminate();
    worker = undefined;
    isReady = false;
    for (const { done } of waiting.values()) done(undefined);
    waiting.clear();
  }

  function fail(): void {
    hasFailed = true;
    stop();
  }

  function hear(message: Drawn | 'ready'): void {
    if (message === 'ready') {
      isReady = true;
      return;
    }
    const { id, grid, bitmap } = message;
    const asked = waiting.get(id);
    waiting.delete(id);
    if (asked === undefined) return;
    Object.assign(asked.grid, grid);
    asked.done(bitmap);
  }

  function begin(): void {
    try {
      worker = start();
      worker.addEventListener('message', ({ data }: MessageEvent<Drawn | 'ready'>) => hear(data));
      worker.addEventListener('error', fail, { once: true });
      worker.addEventListener('messageerror', fail, { once: true });
    } catch {
      // A page elsewhere that shows our charts may not start a worker of ours, and some forbid all workers.
      fail();
    }
  }

  return {
    acquire() {
      users++;
      if (worker === undefined && !hasFailed) begin();
      let isReleased = false;
      return {
        draw(grid, style) {
          if (!isReady || worker === undefined) return undefined;
          const id = ++lastId;
          const { counts, colors } = grid;
          const picture = new Promise<ImageBitmap | undefined>((done) => {
            waiting.set(id, { grid, done });
          });
          const buffers = colors === undefined ? [counts.buffer] : [counts.buffer, colors.buffer];
          worker.postMessage({ id, grid, style } satisfies ToDraw, buffers);
          return picture;
        },
        release() {
          if (isReleased) return;
          isReleased = true;
          users--;
          if (users === 0) stop();
        },
      };
    },
  };
}

/** The worker of this page. */
export const sharedWorkerRaster = shareWorkerRaster(
  () => new Worker(new URL('./raster-worker.ts', import.meta.url), { type: 'module' }),
);
