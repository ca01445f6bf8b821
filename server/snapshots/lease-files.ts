import { randomUUID } from 'node:crypto';
import {
  closeSync,
  linkSync,
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

// Leases are numbered, and the highest counts. A number is taken by linking a file under its name, which succeeds
// for one process only; removing a stale `lease.json` and writing one's own would let two who do so at once both
// believe that they hold it. A released lease stays, so that the highest number never falls.
const LEASE_NAME = /^lease-(\d+)\.json$/;

/** What stands in a lease; undefined where it cannot be read. */
export function textOf(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return undefined;
  }
}

/** The number of the lease that counts; 0 without any. */
export function newestIn(dir: string): number {
  return Math.max(0, ...leasesIn(dir));
}

/** The numbers of the leases in a folder; none where there is no folder. */
export function leasesIn(dir: string): number[] {
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

/** The file of a lease. */
export function pathOf(dir: string, number: number): string {
  return join(dir, `lease-${number}.json`);
}

/**
 * Writes a file of its own. When it was written tells what time it is by the clock of the file system, which stamps
 * the signs of life of all machines that share it.
 */
export function writeProbe(dir: string, text: string): { path: string; nowMs: number } {
  // Process numbers of two containers may be equal.
  const path = join(dir, `lease.partial-${randomUUID()}`);
  try {
    writeFileSync(path, text, { mode: 0o600 });
    return { path, nowMs: statSync(path).mtimeMs };
  } catch (error) {
    // A full disk has room for a name without content.
    rmSync(path, { force: true });
    throw error;
  }
}

/** Puts `text` under a number that nobody has; false where somebody was faster. `written` is a file that holds it. */
export function claim(written: string, path: string, text: string): boolean {
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
export function writeOver(path: string, text: string): void {
  const file = openSync(path, 'r+');
  try {
    writeSync(file, text, 0);
  } finally {
    closeSync(file);
  }
}

/** Puts another text in the place of a lease's. */
export function replace(path: string, text: string): void {
  const temporary = join(dirname(path), `lease.partial-${randomUUID()}`);
  try {
    writeFileSync(temporary, text, { mode: 0o600 });
    renameSync(temporary, path);
  } finally {
    rmSync(temporary, { force: true });
  }
}
