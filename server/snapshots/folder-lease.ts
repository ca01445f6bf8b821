import { randomUUID } from 'node:crypto';
import {
  closeSync,
  linkSync,
  mkdirSync,
  openSync,
  readFileSync,
  readdirSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
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

// Leases are numbered, and the highest counts. A number is taken by linking a file under its name, which succeeds
// for one process only; removing a stale `lease.json` and writing one's own would let two who do so at once both
// believe that they hold it. A released lease stays, so that the highest number never falls.
const LEASE_NAME = /^lease-(\d+)\.json$/;

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

/**
 * Writes a file of its own. When it was written tells what time it is by the clock of the file system, which stamps
 * the signs of life of all machines that share it.
 */
function writeProbe(dir: string, text: string): { path: string; nowMs: number } {
  // Process numbers of two containers may be equal.
  const path = join(dir, `lease.partial-${randomUUID()}`);
  writeFileSync(path, text, { mode: 0o600 });
  return { path, nowMs: statSync(path).mtimeMs };
}

/** Puts `text` under a number that nobody has; false where somebody was faster. `written` is a file that holds it. */
function claim(written: string, path: string, text: string): boolean {
  try {
    linkSync(written, path);
    return true;
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    // The holder of the lease sweeps what looks unfinished: ours too, in a moment between two others.
    if (code === 'EEXIST' || code === 'ENOENT') return false;
  }
  // A file system without links, such as FAT: the name is still taken by one only, its content a moment later.
  try {
    writeFileSync(path, text, { flag: 'wx', mode: 0o600 });
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  }
}

/** Writes the same bytes over the same bytes, which nobody can read half. */
function writeOver(path: string, text: string): void {
  const file = openSync(path, 'r+');
  try {
    writeSync(file, text, 0);
  } finally {
    closeSync(file);
  }
}

function replace(path: string, text: string): void {
  const temporary = join(dirname(path), `lease.partial-${randomUUID()}`);
  try {
    writeFileSync(temporary, text, { mode: 0o600 });
    renameSync(temporary, path);
  } finally {
    rmSync(temporary, { force: true });
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

function textOf(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return undefined;
  }
}

function newestIn(dir: string): number {
  return Math.max(0, ...leasesIn(dir));
}

function leasesIn(dir: string): number[] {
  let names: string[];
  try {
    names = readdirSync(dir);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw error;
  }
  return names.flatMap((name) => {
    const match = LEASE_NAME.exec(name);
    return match === null ? [] : [Number(match[1])];
  });
}

function pathOf(dir: string, number: number): string {
  return join(dir, `lease-${number}.json`);
}
