import { randomUUID } from 'node:crypto';
import { mkdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import {
  claim,
  leasesIn,
  newestIn,
  pathOf,
  replace,
  textOf,
  writeOver,
  writeProbe,
} from './lease-files.js';
import { BEAT_MS, isAlive, ownHolder, parseHolder } from './lease-holder.js';

/** The right to write to a folder: of all processes that share it, one has it. */
export interface FolderLease {
  /**
   * Takes the lease, or makes sure that it is still ours; false where a living process has it. The lease of a process
   * that is gone is taken over. Throws where the folder cannot be written.
   */
  hold(): boolean;
  release(): void;
}

/** The lease of a folder, which is taken with the first `hold`. */
export function createFolderLease(dir: string): FolderLease {
  // Ours can be told from another lease of the same number, which may lie there after the folder was removed by hand.
  const text = JSON.stringify({ ...ownHolder(), lease: randomUUID() });
  let beat: NodeJS.Timeout | undefined;

  /** The file of our lease, while nobody has a higher one. */
  function findOwn(): string | undefined {
    const newest = newestIn(dir);
    return newest > 0 && textOf(pathOf(dir, newest)) === text ? pathOf(dir, newest) : undefined;
  }

  function giveSign(): void {
    try {
      const path = findOwn();
      if (path !== undefined) writeOver(path, text);
    } catch {
      // Removed by hand, or the disk is gone: the next who writes sees it.
    }
  }

  return {
    hold() {
      if (findOwn() === undefined && !take(dir, text)) return false;
      beat ??= setInterval(giveSign, BEAT_MS).unref();
      return true;
    },
    release() {
      clearInterval(beat);
      beat = undefined;
      try {
        const path = findOwn();
        if (path !== undefined) replace(path, '{}');
      } catch {
        // Our process number will be gone in a moment, which says the same.
      }
    },
  };
}

/** Whether a lease lies in a folder that no living process holds. */
export function isAbandoned(dir: string): boolean {
  const newest = newestIn(dir);
  if (newest === 0) return false;
  const probe = writeProbe(dir, '');
  try {
    return !isHeld(pathOf(dir, newest), probe.nowMs);
  } finally {
    rmSync(probe.path, { force: true });
  }
}

function take(dir: string, text: string): boolean {
  mkdirSync(dir, { recursive: true, mode: 0o700 });
  for (;;) {
    const probe = writeProbe(dir, text);
    try {
      const numbers = leasesIn(dir);
      const newest = Math.max(0, ...numbers);
      if (newest > 0 && isHeld(pathOf(dir, newest), probe.nowMs)) return false;
      const path = pathOf(dir, newest + 1);
      if (!claim(probe.path, path, text)) continue;
      // Who looked long ago may claim a number that was used and removed since: a higher one is there then.
      if (newestIn(dir) > newest + 1) {
        rmSync(path, { force: true });
        continue;
      }
      for (const number of numbers) rmSync(pathOf(dir, number), { force: true });
      return true;
    } finally {
      rmSync(probe.path, { force: true });
    }
  }
}

function isHeld(path: string, nowMs: number): boolean {
  try {
    const holder = parseHolder(readFileSync(path, 'utf8'));
    return holder !== undefined && isAlive(holder, nowMs - statSync(path).mtimeMs);
  } catch (error) {
    // Gone in this moment: whoever looks again finds a newer one. What may not be read belongs to another user.
    return (error as NodeJS.ErrnoException).code !== 'ENOENT';
  }
}
