import { Worker } from 'node:worker_threads';

let waiting: Worker | undefined;

/** A thread that has encoded a table, or a new one. It belongs to the caller. */
export function takeThread(): Worker {
  const thread = waiting ?? new Worker(new URL('./thread.js', import.meta.url));
  waiting = undefined;
  thread.ref();
  return thread;
}

/** Has a thread that has done its work wait for the next table: its code is compiled by then. */
export function leaveThread(thread: Worker): void {
  for (const event of ['message', 'error', 'exit']) thread.removeAllListeners(event);
  if (waiting !== undefined) return void thread.terminate();
  waiting = thread;
  // It is no reason for the process to go on, and none to end it.
  thread.unref();
  thread.once('error', () => (waiting = undefined));
}
