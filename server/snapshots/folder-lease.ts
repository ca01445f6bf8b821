import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';

/** Who writes to a cache folder. */
interface Holder {
  pid: number;
  host: string;
  /** When the process started, as the system tells it: a reused process number is another process. */
  started: string;
}

/** The right to write to a cache folder, held by one process at a time. */
export interface FolderLease {
  release(): void;
}

const LEASE_FILE = 'lease.json';

/**
 * Takes the right to write to a folder; undefined where a living process of this machine holds it. The lease of a
 * process that is gone is taken over.
 */
export function takeLease(dir: string): FolderLease | undefined {
  mkdirSync(dir, { recursive: true, mode: 0o700 });
  const path = join(dir, LEASE_FILE);
  const own: Holder = { pid: process.pid, host: hostname(), started: startOf(process.pid) };
  for (let attempt = 0; attempt < 2; attempt++) {
    try {
      writeFileSync(path, JSON.stringify(own), { flag: 'wx', mode: 0o600 });
      return { release: () => rmSync(path, { force: true }) };
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
      if (isAlive(readHolder(path))) return undefined;
      rmSync(path, { force: true });
    }
  }
  return undefined;
}

function readHolder(path: string): Holder | undefined {
  try {
    return JSON.parse(readFileSync(path, 'utf8')) as Holder;
  } catch {
    // A lease that was cut off while it was written belongs to nobody.
    return undefined;
  }
}

function isAlive(holder: Holder | undefined): boolean {
  if (holder === undefined) return false;
  // What runs on another machine cannot be seen from here: its lease is respected.
  if (holder.host !== hostname()) return true;
  try {
    process.kill(holder.pid, 0);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ESRCH') return false;
  }
  return startOf(holder.pid) === holder.started;
}

/** The boot and the clock tick at which a process started, where the system tells; else the same text for all. */
function startOf(pid: number): string {
  const path = `/proc/${pid}/stat`;
  if (!existsSync(path)) return 'unknown';
  const boot = readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim();
  const fields = readFileSync(path, 'utf8').split(') ').at(-1)!.split(' ');
  // Field 22 of proc(5); the first after the name is field 3.
  return `${boot} ${fields[22 - 3]}`;
}
