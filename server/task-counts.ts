/** How many tasks there are of each kind; those that have ended since the server was started. */
export interface TaskCounts {
  running: number;
  waiting: number;
  done: number;
  /** Given up because nobody waits for their answer any more. */
  withdrawn: number;
  failed: number;
}

/** Counts tasks as they end. */
export class TaskCounter {
  #underway = 0;
  readonly #ended = { done: 0, withdrawn: 0, failed: 0 };

  /** Passes a task's answer on, and takes note of its end. */
  after<T>(answer: Promise<T>): Promise<T> {
    this.#underway++;
    answer.then(
      (result) => this.#end(isWithdrawn(result) ? 'withdrawn' : 'done'),
      (error: unknown) => this.#end(isAbort(error) ? 'withdrawn' : 'failed'),
    );
    return answer;
  }

  /** The counts, of which so many wait for a thread. */
  counts(waiting: number): TaskCounts {
    return { ...this.#ended, running: Math.max(0, this.#underway - waiting), waiting };
  }

  #end(how: 'done' | 'withdrawn' | 'failed'): void {
    this.#underway--;
    this.#ended[how]++;
  }
}

function isWithdrawn(result: unknown): boolean {
  return (Object(result) as { withdrawn?: unknown }).withdrawn === true;
}

function isAbort(error: unknown): boolean {
  return error instanceof Error && error.name === 'AbortError';
}
