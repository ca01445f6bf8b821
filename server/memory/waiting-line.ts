interface Waiting<T> {
  attempt: () => T | undefined;
  settle: (got: T | undefined) => void;
}

export interface WaitOptions {
  /** The longest wait; absent where it ends by itself. */
  ms?: number;
  signal: AbortSignal | undefined;
  /** Goes before all others: of one who holds what they wait for, and who would wait for them else. */
  isFirst?: boolean;
}

/**
 * Those who wait for something that others give back. They get it in the order they came, so that one who needs much
 * is not passed for ever by those who need little.
 */
export class WaitingLine {
  readonly #line: Waiting<unknown>[] = [];

  get isEmpty(): boolean {
    return this.#line.length === 0;
  }

  /**
   * Waits in line until `attempt`, which is tried whenever something was given back, gives a value; undefined where
   * time is up or the signal fires before.
   */
  wait<T>(
    attempt: () => T | undefined,
    { ms, signal, isFirst = false }: WaitOptions,
  ): Promise<T | undefined> {
    return new Promise((resolve) => {
      const waiting: Waiting<T> = {
        attempt,
        settle: (got) => {
          clearTimeout(timer);
          signal?.removeEventListener('abort', leave);
          resolve(got);
        },
      };
      const leave = (): void => {
        this.#line.splice(this.#line.indexOf(waiting as Waiting<unknown>), 1);
        waiting.settle(undefined);
        // Whoever stood behind may need less.
        this.advance();
      };
      const timer = ms === undefined ? undefined : setTimeout(leave, ms);
      signal?.addEventListener('abort', leave);
      if (isFirst) this.#line.unshift(waiting as Waiting<unknown>);
      else this.#line.push(waiting as Waiting<unknown>);
    });
  }

  /** Called when something was given back. */
  advance(): void {
    for (let [first] = this.#line; first !== undefined; [first] = this.#line) {
      const got = first.attempt();
      if (got === undefined) return;
      this.#line.shift();
      first.settle(got);
    }
  }
}
