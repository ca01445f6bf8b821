import type { Pool } from '../../server/pool.js';
import * as scanning from '../../workers/scan/scan.js';

const TASKS: Record<string, (task: never) => unknown> = {
  scan: scanning.scan,
  merge: scanning.merge,
};

/** A pool that runs each task at once in this thread, with copies in and out as between threads. */
export function inlinePool(threads = 2): Pool {
  return {
    threads,
    waiting: 0,
    run: async (name, task) =>
      structuredClone(TASKS[name]!(structuredClone(task) as never)) as never,
    close: () => Promise.resolve(),
  };
}
