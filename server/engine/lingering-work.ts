import { HalftoneError } from '../errors.js';

/** Work that is under way, and how many wait for it. */
interface Underway<T> {
  subject: string;
  promise: Promise<T>;
  askers: number;
  controller: AbortController;
}

/**
 * Shares equal work. Whoever asks may leave: the work goes on, for the next asker mostly needs it too, until other
 * work on the same subject begins. So of a row of questions that nobody waits for only the last one is answered.
 */
export class LingeringWork<T> {
  readonly #underway = new Map<string, Underway<T>>();

  /**
   * Runs `work` on a subject, or joins the run of the same key. Rejects with CANCELLED as soon as `signal` fires; the
   * work's own signal fires where it is given up.
   */
  run(
    { subject, key }: { subject: string; key: string },
    work: (signal: AbortSignal) => Promise<T>,
    signal?: AbortSignal,
  ): Promise<T> {
    if (signal?.aborted === true) return Promise.reject(withdrawn());
    const underway = this.#underway.get(key) ?? this.#start(subject, key, work);
    underway.askers++;
    if (signal === undefined) return underway.promise;
    return new Promise((resolve, reject) => {
      const leave = (): void => {
        underway.askers--;
        reject(withdrawn());
      };
      signal.addEventListener('abort', leave, { once: true });
      const settled = (): void => signal.removeEventListener('abort', leave);
      underway.promise.then(resolve, reject).finally(settled);
    });
  }

  #start(subject: string, key: string, work: (signal: AbortSignal) => Promise<T>): Underway<T> {
    for (const [otherKey, other] of this.#underway) {
      if (other.subject !== subject || other.askers > 0) continue;
      this.#underway.delete(otherKey);
      other.controller.abort();
    }
    const controller = new AbortController();
    const started = { subject, controller, askers: 0, promise: work(controller.signal) };
    const end = (): void => {
      if (this.#underway.get(key) === started) this.#underway.delete(key);
    };
    started.promise.then(end, end);
    this.#underway.set(key, started);
    return started;
  }
}

function withdrawn(): HalftoneError {
  return new HalftoneError('CANCELLED', 'The request was withdrawn.');
}
