import { Worker } from 'node:worker_threads';

/** Threads of one kind that work for one task at a time. One that has done its work stays for the next: its code is compiled by then. */
export class KeptThread {
  readonly #file: URL;
  #waiting: Worker | undefined;

  constructor(file: URL) {
    this.#file = file;
  }

  /** The thread that waits, or a new one. It belongs to the caller. */
  take(): Worker {
    const thread = this.#waiting ?? new Worker(this.#file);
    this.#waiting = undefined;
    for (const event of EVENTS) thread.removeAllListeners(event);
    thread.ref();
    return thread;
  }

  /** Takes back a thread that has come to the end of its task. */
  leave(thread: Worker): void {
    for (const event of EVENTS) thread.removeAllListeners(event);
    if (this.#waiting !== undefined) {
      void thread.terminate();
      return;
    }
    this.#waiting = thread;
    // It is no reason for the process to go on, and none to end it.
    thread.unref();
    const forget = (): void => void (this.#waiting = undefined);
    thread.once('error', forget).once('exit', forget);
  }
}

/** What callers listen to; Node listens to more. */
const EVENTS = ['message', 'error', 'exit'] as const;
