import { FixedQueue, queueOptionsSymbol } from 'piscina';

type Task = Parameters<FixedQueue['push']>[0];

/** Marks a task as bulk work: pass it as the task's `queueOptionsSymbol`. */
export const BULK = { isBulk: true } as const;

/** Bulk work that waits gets every so-manieth thread that is free, so that it comes to its end on a busy server too. */
const PROMPT_IN_A_ROW = 8;

/**
 * A queue of two lanes. What somebody waits for at a screen goes first; bulk work, such as the pieces of an export,
 * goes when nothing else waits: a few exports would otherwise hold up every picture for seconds.
 */
export class TaskLanes {
  readonly #prompt = new FixedQueue();
  readonly #bulk = new FixedQueue();
  #inARow = 0;

  get size(): number {
    return this.#prompt.size + this.#bulk.size;
  }

  push(task: Task): void {
    this.#laneOf(task).push(task);
  }

  shift(): Task | null {
    const isBulksTurn = this.#prompt.size === 0 || this.#inARow >= PROMPT_IN_A_ROW;
    const lane = isBulksTurn && this.#bulk.size > 0 ? this.#bulk : this.#prompt;
    this.#inARow = lane === this.#bulk ? 0 : this.#inARow + 1;
    return lane.shift();
  }

  remove(task: Task): void {
    this.#laneOf(task).remove(task);
  }

  #laneOf(task: Task): FixedQueue {
    return task[queueOptionsSymbol] === BULK ? this.#bulk : this.#prompt;
  }
}
