import { availableParallelism } from 'node:os';
import { Piscina, queueOptionsSymbol } from 'piscina';
import { rest as collectGarbage } from '../workers/rest.js';
import type * as tasks from '../workers/tasks.js';
import { HalftoneError } from './errors.js';
import { asPosted } from './posting.js';
import { createRest } from './rest.js';
import { TaskCounter, type TaskCounts } from './task-counts.js';
import { BULK, FINISH, TaskLanes } from './task-lanes.js';

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
    options?: RunOptions,
  ): Promise<Awaited<ReturnType<Tasks[K]>>>;
  close(): Promise<void>;
}

/** The worker threads themselves, and what they do. */
export interface WorkerPool extends Pool {
  counts(): TaskCounts;
}

export interface RunOptions {
  signal?: AbortSignal;
  transfer?: readonly ArrayBuffer[];
  /** Nobody waits for it at a screen: whatever else waits goes first. */
  isBulk?: boolean;
  /** Ends work whose parts are held until then: goes before what has not begun, unless it is bulk. */
  finishes?: boolean;
}

export interface PoolOptions {
  threads?: number;
  /** More waiting tasks than this are refused with OVERLOADED. */
  maxQueue?: number;
  filename?: string;
}

/** Starts the worker threads; they live until `close`. */
export function createPool({
  threads = Math.max(2, availableParallelism()),
  maxQueue = 4096,
  filename = new URL('../workers/tasks.js', import.meta.url).href,
}: PoolOptions = {}): WorkerPool {
  const piscina = new Piscina({
    filename,
    minThreads: threads,
    maxThreads: threads,
    idleTimeout: Infinity,
    taskQueue: new TaskLanes(),
    recordTiming: false,
  });
  const rest = createRest(() => {
    // As many at once as there are threads: each takes one.
    for (let i = 0; i < threads; i++) piscina.run(undefined, { name: 'rest' }).catch(() => {});
    collectGarbage();
  });
  const counter = new TaskCounter();
  return {
    threads,
    get waiting() {
      return piscina.queueSize;
    },
    counts: () => counter.counts(piscina.queueSize),
    run(name, task, { signal, transfer, isBulk = false, finishes = false } = {}) {
      if (piscina.queueSize >= maxQueue) return Promise.reject(overloaded(maxQueue));
      const mark = isBulk ? BULK : finishes ? FINISH : undefined;
      const sent = typeof task === 'object' && task !== null ? asPosted(task) : task;
      const queued =
        mark === undefined ? sent : { ...(sent as object), [queueOptionsSymbol]: mark };
      const answer = piscina.run(queued, {
        name,
        ...(signal === undefined ? {} : { signal }),
        ...(transfer === undefined ? {} : { transferList: [...transfer] }),
      }) as Promise<never>;
      return rest.after(counter.after(answer));
    },
    close: () => {
      rest.stop();
      return piscina.close({ force: true });
    },
  };
}

/** The same threads, for bulk work. */
export function inBackground(pool: Pool): Pool {
  return {
    threads: pool.threads,
    get waiting() {
      return pool.waiting;
    },
    run: (name, task, options) => pool.run(name, task, { ...options, isBulk: true }),
    close: () => pool.close(),
  };
}

function overloaded(waiting: number): HalftoneError {
  return new HalftoneError('OVERLOADED', `${waiting} pieces of work wait for a thread already.`, {
    hint: 'Ask again later.',
  });
}
