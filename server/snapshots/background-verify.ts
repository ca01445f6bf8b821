import { setTimeout as wait } from 'node:timers/promises';
import { HalftoneError } from '../errors.js';
import type { Snapshot } from './manifest.js';
import { verifySnapshot, type Fault } from './verify.js';

/** Reads in the background what earlier runs have left on disk, so that damage is seen before somebody needs it. */
export interface BackgroundVerify {
  add: (snapshot: Snapshot) => void;
  /** Stops; nothing is told any more. */
  close(): Promise<void>;
}

export interface BackgroundVerifyOptions {
  /** Told of the first part of a snapshot that is not what was written. */
  onDamage: (snapshot: Snapshot, damage: HalftoneError) => void;
  /** The first minute belongs to those who have just opened the page. */
  delayMs?: number;
  /** Rest after each part: some MB, read in a few ms. */
  pauseMs?: number;
}

export function createBackgroundVerify({
  onDamage,
  delayMs = 60_000,
  pauseMs = 20,
}: BackgroundVerifyOptions): BackgroundVerify {
  const controller = new AbortController();
  const { signal } = controller;
  const rest = (ms: number): Promise<void> => wait(ms, undefined, { signal, ref: false });

  async function verify(snapshot: Snapshot): Promise<void> {
    await rest(delayMs);
    const pause = (): Promise<void> => rest(pauseMs);
    const [fault] = await verifySnapshot(snapshot, { signal, pause });
    if (fault !== undefined && !signal.aborted) onDamage(snapshot, damaged(snapshot, fault));
  }

  // One after the other. A withdrawn one rejects, and that is all it may reject for.
  let last: Promise<void> = Promise.resolve();
  return {
    add(snapshot) {
      last = last.then(() => verify(snapshot)).catch(() => undefined);
    },
    async close() {
      controller.abort();
      await last;
    },
  };
}

function damaged({ manifest }: Snapshot, { file, offset, reason }: Fault): HalftoneError {
  const { dataset, id } = manifest;
  return new HalftoneError(
    'CACHE_DAMAGED',
    `The cache of "${dataset}" is damaged at byte ${offset} of "${file}" in snapshot ${id}: ${reason}`,
    { hint: 'The dataset is loaded again from its source.' },
  );
}
