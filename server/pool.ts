import { availableParallelism } from 'node:os';
import { Piscina } from 'piscina';
import { rest as collectGarbage } from '../workers/rest.js';
import type * as tasks from '../workers/tasks.js';
import { createRest } from './rest.js';

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
  const rest = createRest(() => {
    // As many at once as there are threads: each takes one.
    for (let i = 0; i < threads; i++) piscina.run(undefined, { name: 'rest' }).catch(() => {});
    collectGarbage();
  });
  return {
    threads,
    get waiting() {
      return piscina.queueSize;
    },
    run: (name, task, { signal, transfer } = {}) =>
      rest.after(
        piscina.run(task, {
          name,
          ...(signal === undefined ? {} : { signal }),
          ...(transfer === undefined ? {} : { transferList: [...transfer] }),
        }) as Promise<never>,
      ),
    close: () => {
      rest.stop();
      return piscina.close({ force: true });
    },
  };
}
