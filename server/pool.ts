import { availableParallelism } from 'node:os';
import { Piscina } from 'piscina';
import type * as tasks from '../workers/tasks.js';

type Tasks = typeof tasks;

/** The typed face of the worker threads. */
export interface Pool {
  readonly threads: number;
  /** Tasks that wait for a thread. */
  readonly waiting: number;
  /** Runs a task. A signal drops it only while it waits: a running task looks at its own cancel word. */
  run<K extends keyof Tasks>(
    name: K,
    task: Parameters<Tasks[K]>[0],
    options?: { signal?: AbortSignal; transfer?: readonly ArrayBuffer[] },
  ): Promise<Awaited<ReturnType<Tasks[K]>>>;
  close(): Promise<void>;
}

export interface PoolOptions {
  threads?: number;
  /** More waiting tasks than this are refused with OVERLOADED by the engine. */
  maxQueue?: number;
  filename?: string;
}

/** Starts the worker threads; they live until `close`. */
export function createPool({
  threads = Math.max(2, availableParallelism()),
  maxQueue = 4096,
  filename = new URL('../workers/tasks.js', import.meta.url).href,
}: PoolOptions = {}): Pool {
  const piscina = new Piscina({
    filename,
    minThreads: threads,
    maxThreads: threads,
    idleTimeout: Infinity,
    maxQueue,
    recordTiming: false,
  });
  return {
    threads,
    get waiting() {
      return piscina.queueSize;
    },
    run: (name, task, { signal, transfer } = {}) =>
      piscina.run(task, {
        name,
        ...(signal === undefined ? {} : { signal }),
        ...(transfer === undefined ? {} : { transferList: [...transfer] }),
      }) as Promise<never>,
    close: () => piscina.close({ force: true }),
  };
}
