import { setTimeout as pause } from 'node:timers/promises';
import type { Dataset } from './dataset.js';

/** A file that never comes to rest is read all the same after so many looks; what changes under the load is refused there. */
const MAX_LOOKS = 6;

/** A dataset whose files have changed, with their fingerprint as it was seen. */
export interface Changed {
  dataset: Dataset;
  fingerprint: string;
}

/**
 * Lets changed files come to rest before they are read: a writer that overwrites its file in place, or pauses in the middle, would
 * else be read half done. Gives those that look the same after `settleMs`; the others wait for the next look.
 */
export function createSettling({
  settleMs,
  look,
}: {
  settleMs: number;
  look: (dataset: Dataset) => Promise<string | undefined>;
}): (changed: readonly Changed[]) => Promise<Dataset[]> {
  const looks = new WeakMap<Dataset, number>();
  return async (changed) => {
    if (changed.length === 0) return [];
    await pause(settleMs);
    const settled: Dataset[] = [];
    for (const { dataset, fingerprint } of changed) {
      const looked = (looks.get(dataset) ?? 0) + 1;
      const isAtRest = (await look(dataset)) === fingerprint || looked >= MAX_LOOKS;
      looks.set(dataset, isAtRest ? 0 : looked);
      if (isAtRest) settled.push(dataset);
    }
    return settled;
  };
}
