import { readFileSync, readlinkSync } from 'node:fs';
import { hostname } from 'node:os';

/** A process that holds a lease. */
export interface Holder {
  pid: number;
  /** The boot and the process numbers that `pid` belongs to: a container counts as a machine of its own. */
  machine: string;
  /** When the process started, as the system tells it: a reused process number is another process. */
  started: string;
}

/** A holder gives a sign of life so often, for those who cannot look for its process. */
export const BEAT_MS = 15_000;
/** Silent for longer, a holder on another machine is gone: four beats, so that a busy disk does not cost a lease. */
const SILENCE_MS = 60_000;

const MACHINE = [
  hostname(),
  textOf(() => readFileSync('/proc/sys/kernel/random/boot_id', 'utf8')),
  textOf(() => readlinkSync('/proc/self/ns/pid')),
].join(' ');

/** This process. */
export function ownHolder(): Holder {
  return { pid: process.pid, machine: MACHINE, started: startOf(process.pid) };
}

/** Who the text of a lease names: nobody where it was released, or cut off while it was written. */
export function parseHolder(text: string): Holder | undefined {
  try {
    const { pid, machine, started } = JSON.parse(text) as Partial<Holder>;
    const isWhole =
      Number.isSafeInteger(pid) && typeof machine === 'string' && typeof started === 'string';
    return isWhole ? { pid: pid!, machine, started } : undefined;
  } catch {
    return undefined;
  }
}

/** Whether a holder still runs; where it cannot be looked for, `silentMs` since its last sign of life tell. */
export function isAlive({ pid, machine, started }: Holder, silentMs: number): boolean {
  if (machine !== MACHINE) return silentMs <= SILENCE_MS;
  try {
    process.kill(pid, 0);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EPERM') return false;
  }
  return startOf(pid) === started;
}

/** The clock tick at which a process started, where the system tells; else the same text for all. */
function startOf(pid: number): string {
  // Field 22 of proc(5). The second may hold anything, in parentheses; the third is the first behind it.
  const fields = textOf(() => readFileSync(`/proc/${pid}/stat`, 'utf8'))
    .split(') ')
    .at(-1)!;
  return fields.split(' ')[22 - 3] ?? '';
}

function textOf(read: () => string): string {
  try {
    return read().trim();
  } catch {
    return '';
  }
}
