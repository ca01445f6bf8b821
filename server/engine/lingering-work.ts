import { HalftoneError } from '../errors.js';

/** Work that is under way, and how many wait for it. */
interface Underway<T> {
  subject: string;
  promise: Promise<T>;
  askers: number;
  controller: AbortController;
  /** Runs while nobody waits. */
  timer?: NodeJS.Timeout;
}

/** Between two keystrokes there is less; who has asked for nothing in so long has moved on. */
const LINGER_MS = 1000;

/**
 * Shares equal work. Whoever asks may leave: the work goes on a while, for the next asker mostly needs it too, until other
 * work on the same subject begins. So of a row of questions that nobody waits for at most the last one is answered.
 */
export class LingeringWork<T> {
  readonly #underway = new Map<string, Underway<T>>();
  readonly #lingerMs: number;

  constructor({ lingerMs = LINGER_MS }: { lingerMs?: number } = {}) {
    this.#lingerMs = lingerMs;
  }

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
    clearTimeout(underway.timer);
    if (signal === undefined) return underway.promise;
    return new Promise((resolve, reject) => {
      const leave = (): void => {
        if (--underway.askers === 0) this.#linger(key, underway);
        reject(withdrawn());
      };
      signal.addEventListener('abort', leave, { once: true });
      const settled = (): void => signal.removeEventListener('abort', leave);
      underway.promise.then(resolve, reject).finally(settled);
    });
  }

  #start(subject: string, key: string, work: (signal: AbortSignal) => Promise<T>): Underway<T> {
    for (const [otherKey, other] of this.#underway) {
      if (other.subject === subject && other.askers === 0) this.#giveUp(otherKey, other);
    }
    const controller = new AbortController();
    const started: Underway<T> = {
      subject,
      controller,
      askers: 0,
      promise: work(controller.signal),
    };
    const end = (): void => {
      clearTimeout(started.timer);
      if (this.#underway.get(key) === started) this.#underway.delete(key);
    };
    started.promise.then(end, end);
    this.#underway.set(key, started);
    return started;
  }

  #linger(key: string, left: Underway<T>): void {
    if (this.#underway.get(key) !== left) return;
    left.timer = setTimeout(() => this.#giveUp(key, left), this.#lingerMs);
  }

  #giveUp(key: string, left: Underway<T>): void {
    clearTimeout(left.timer);
    if (this.#underway.get(key) === left) this.#underway.delete(key);
    left.controller.abort();
  }
}

function withdrawn(): HalftoneError {
  return new HalftoneError('CANCELLED', 'The request was withdrawn.');
}
