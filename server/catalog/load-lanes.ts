import { HalftoneError } from '../errors.js';
import type { Snapshot } from '../snapshots/manifest.js';
import { createGate } from './gate.js';

/** A load is small where the one before gave no more bytes, and took no longer. */
const SMALL_BYTES = 16 * 2 ** 20;
const SMALL_MS = 10_000;

/** Where loads wait for their turn. */
export interface LoadLanes {
  /**
   * Does `work` when it is its turn: what was small the last time in a lane of its own, so that nothing that is loaded every few
   * seconds waits for a load of an hour. It has less memory there: one that has grown beyond it is done once more, with all others.
   */
  run<T>(
    previous: Snapshot | undefined,
    work: (isSmall: boolean) => Promise<T>,
    signal: AbortSignal,
  ): Promise<T>;
}

export function createLoadLanes(loadsAtOnce: number): LoadLanes {
  const all = createGate(loadsAtOnce);
  const small = createGate(1);
  return {
    async run(previous, work, signal) {
      if (previous !== undefined && wasSmall(previous)) {
        try {
          return await small.run(() => work(true), signal);
        } catch (error) {
          const isTooLarge = error instanceof HalftoneError && error.code === 'LOAD_OUT_OF_MEMORY';
          if (!isTooLarge) throw error;
        }
      }
      return all.run(() => work(false), signal);
    },
  };
}

function wasSmall({ manifest: { segments, report } }: Snapshot): boolean {
  const bytes = segments.reduce((sum, segment) => sum + segment.bytes, 0);
  return bytes <= SMALL_BYTES && report.elapsedMs <= SMALL_MS;
}
