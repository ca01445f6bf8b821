import { WaitingLine } from './waiting-line.js';

/**
 * What one alone may do at a time, in the order of asking. Who waits holds nothing, and may wait as long as those before
 * it take.
 */
export class Turn {
  readonly #line = new WaitingLine();
  #isTaken = false;

  /** Resolves when it is one's turn, with what ends it; rejects with the reason of a signal that fires before. */
  async take(signal?: AbortSignal): Promise<() => void> {
    signal?.throwIfAborted();
    const attempt = (): true | undefined => {
      if (this.#isTaken) return undefined;
      return (this.#isTaken = true);
    };
    const got = attempt() ?? (await this.#line.wait(attempt, { signal }));
    if (got === undefined) throw signal!.reason as Error;
    if (signal?.aborted === true) {
      this.#end();
      throw signal.reason as Error;
    }
    return () => this.#end();
  }

  #end(): void {
    this.#isTaken = false;
    this.#line.advance();
  }
}
