/** One word of shared memory: anything but 0 asks the task to stop. */
export interface CancelWord {
  words: Int32Array;
  index: number;
}

/** Thrown inside a task whose request was withdrawn; it never leaves the worker as an error. */
export class Withdrawn extends Error {
  constructor() {
    super('The request was withdrawn.');
    this.name = 'Withdrawn';
  }
}

/** Throws `Withdrawn` where the word is set. */
export function checkCancel(cancel: CancelWord | undefined): void {
  if (cancel !== undefined && Atomics.load(cancel.words, cancel.index) !== 0) throw new Withdrawn();
}

/** Rows that a loop of little work goes through between two looks at the cancel word: a millisecond or so. */
export const ROWS_A_LOOK = 2 ** 16;

/** Runs a task's work; `withdrawn` where its cancel word was set meanwhile. */
export function unlessWithdrawn<T>(work: () => T): T | { withdrawn: true } {
  try {
    return work();
  } catch (error) {
    if (error instanceof Withdrawn) return { withdrawn: true };
    throw error;
  }
}
