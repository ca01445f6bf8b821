import type { CancelWord } from '../../workers/scan/cancel.js';

/** More requests than this are never computed at once. */
const WORDS = 8192;

/** Hands out the words by which running tasks are asked to stop. One shared array, because shared memory is not given back. */
export class CancelWords {
  readonly #words = new Int32Array(new SharedArrayBuffer(WORDS * 4));
  readonly #free = Array.from({ length: WORDS }, (_, i) => WORDS - 1 - i);

  /** A word that is 0; undefined where all are in use. */
  take(): CancelWord | undefined {
    const index = this.#free.pop();
    if (index === undefined) return undefined;
    Atomics.store(this.#words, index, 0);
    return { words: this.#words, index };
  }

  /** Asks the tasks that hold the word to stop. */
  set({ index }: CancelWord): void {
    Atomics.store(this.#words, index, 1);
  }

  /** Takes a word back once no task holds it. */
  release({ index }: CancelWord): void {
    this.#free.push(index);
  }
}
