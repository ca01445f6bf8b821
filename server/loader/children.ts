import { fork, type ChildProcess } from 'node:child_process';
import { rm } from 'node:fs';
import type { SourceKind } from '../snapshots/manifest.js';
import { childEnvironment } from './environment.js';
import type { ToChild } from './messages.js';
import { findPrlimit } from './prlimit.js';
import { rehearsalFolder } from './rehearsal-folder.js';

/** What a loader child is started for: nothing of it can be changed afterwards. */
export interface ChildPurpose {
  kind: SourceKind | undefined;
  /** The memory that it can take at most, whatever its file makes it do. */
  cageBytes: number;
}

/** The processes of a loader. */
export interface LoaderChildren {
  /** No kernel keeps the cages: each child watches itself. */
  readonly watch: boolean;
  /** A child for one task: the one that waits for such a task, or a new one. */
  take(purpose: ChildPurpose): ChildProcess;
  /** Has a child wait for the next task like this one, for some time. */
  keepReady(purpose: ChildPurpose): void;
  /** Ends them all, and starts no other to wait. */
  close(): Promise<void>;
}

interface Waiting {
  /** Undefined until it is started. */
  child?: ChildProcess;
  timer: NodeJS.Timeout;
}

/** A child is started so long after the last task: the frames that were waiting for that come first. */
const START_AFTER_MS = 500;
/** For sources that are looked at every minute or more often. Others wait for nobody: a child that waits takes some 150 MB. */
const WAIT_MS = 120_000;
/** A table in the small lane and one in the large are both served. */
const MOST_WAITING = 2;

/**
 * Starts loader children. Where tasks come again and again, one waits for the next with everything in memory that it needs, and has
 * loaded a made table: the start of Node and DuckDB, and code that runs for the first time, would be the largest part of loading a few
 * new rows. It does one task and ends, as any other.
 * `childFile` is the compiled `child.js`.
 */
export function createChildren({ childFile }: { childFile: string }): LoaderChildren {
  const prlimit = findPrlimit();
  const all = new Set<ChildProcess>();
  const waiting = new Map<string, Waiting>();
  let isClosed = false;

  function start({ kind, cageBytes }: ChildPurpose): ChildProcess {
    const child = fork(childFile, {
      ...(prlimit === undefined
        ? { execArgv: [] }
        : { execPath: prlimit, execArgv: [cageOf({ kind, cageBytes }), process.execPath] }),
      env: childEnvironment(kind, process.env),
      stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
    });
    // One that could not be started has no number and never exits: nobody may wait for it.
    if (child.pid !== undefined) all.add(child);
    child.once('exit', () => all.delete(child));
    return child;
  }

  function startWaiting(purpose: ChildPurpose): Waiting {
    const key = keyOf(purpose);
    const child = start(purpose);
    const forget = (): void => {
      if (waiting.get(key)?.child === child) drop(key);
    };
    child.once('error', forget).once('exit', forget);
    const { pid } = child;
    if (pid !== undefined)
      child.once('exit', () => rm(rehearsalFolder(pid), { recursive: true, force: true }, () => undefined)); // prettier-ignore
    child.send({ type: 'prepare', kind: purpose.kind } satisfies ToChild, () => undefined);
    // It is no reason for this process to go on.
    child.unref();
    child.channel?.unref();
    return { child, timer: setTimeout(() => drop(key), WAIT_MS).unref() };
  }

  function drop(key: string): void {
    const { child, timer } = waiting.get(key) ?? {};
    waiting.delete(key);
    clearTimeout(timer);
    child?.kill('SIGKILL');
  }

  return {
    watch: prlimit === undefined,
    take(purpose) {
      const key = keyOf(purpose);
      const { child, timer } = waiting.get(key) ?? {};
      waiting.delete(key);
      clearTimeout(timer);
      if (child?.connected !== true) return start(purpose);
      child.ref();
      child.channel?.ref();
      return child;
    },
    keepReady(purpose) {
      if (isClosed) return;
      const key = keyOf(purpose);
      if (waiting.has(key)) return;
      if (waiting.size === MOST_WAITING) drop(waiting.keys().next().value!);
      const later = (): void => void waiting.set(key, startWaiting(purpose));
      waiting.set(key, { timer: setTimeout(later, START_AFTER_MS).unref() });
    },
    async close() {
      isClosed = true;
      for (const key of waiting.keys()) drop(key);
      const ended = [...all].map((child) => new Promise((resolve) => child.once('exit', resolve)));
      for (const child of all) {
        child.ref();
        child.kill('SIGKILL');
      }
      await Promise.all(ended);
    },
  };
}

/** A command is no part of the load: it leaves the cage, which it could not if the cage had no door. */
function cageOf({ kind, cageBytes }: ChildPurpose): string {
  return `--data=${cageBytes}${kind === 'command' ? ':' : ''}`;
}

/** Children for purposes of one key are the same. */
function keyOf(purpose: ChildPurpose): string {
  return `${cageOf(purpose)} ${purpose.kind === 'postgres' ? 'postgres' : ''}`;
}
