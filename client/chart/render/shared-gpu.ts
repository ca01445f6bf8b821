import { isFaster } from './calibrate.js';
import { createGpuRaster } from './gpu.js';
import type { Raster } from './raster.js';

/**
 * One raster of the graphics card for all charts of a page: browsers give a page some sixteen contexts and take the
 * oldest away without a word. Each chart copies its picture to a canvas of its own.
 */
export interface SharedGpu {
  /** A share in the raster; the context goes with the last one. `onLost` is called when it is taken away before. */
  acquire(onLost: () => void): Promise<Raster>;
  /** Lets the two rasters compete, once a page: the next charts take its word. */
  isWorthIt(gpu: Raster, cpu: Raster, size: { width: number; height: number }): boolean;
}

interface Context {
  raster: Promise<Raster>;
  users: Set<() => void>;
}

/** `make` gives a raster with a context of its own. */
export function createSharedGpu(make = createGpuRaster, isGpuFaster = isFaster): SharedGpu {
  let current: Context | undefined;
  let isWorthIt: boolean | undefined;

  function open(): Context {
    const context: Context = { raster: make(onLost), users: new Set() };
    function onLost(): void {
      if (current === context) current = undefined;
      const users = [...context.users];
      context.users.clear();
      // All of them in this task: no chart is blank in the next frame.
      for (const tell of users) tell();
    }
    context.raster.catch(() => {
      if (current === context) current = undefined;
    });
    return context;
  }

  return {
    async acquire(onLost) {
      const context = (current ??= open());
      // A listener of each user's own: two may be given the same function.
      const user = (): void => onLost();
      context.users.add(user);
      const raster = await context.raster;
      if (!context.users.has(user)) throw new Error('The context was lost before it was there.');
      return {
        draw: (...args) => raster.draw(...args),
        destroy() {
          if (!context.users.delete(user) || context.users.size > 0) return;
          if (current === context) current = undefined;
          raster.destroy();
        },
      };
    },
    isWorthIt: (gpu, cpu, size) => (isWorthIt ??= isGpuFaster(gpu, cpu, size)),
  };
}

/** The one of this page. */
export const sharedGpu = createSharedGpu();
