import { FixedQueue, queueOptionsSymbol } from 'piscina';

type Task = Parameters<FixedQueue['push']>[0];

/** Marks a task as bulk work: pass it as the task's `queueOptionsSymbol`. */
export const BULK = { lane: 'bulk' } as const;

/** Marks a task as the end of work whose parts are held in memory until then. */
export const FINISH = { lane: 'finish' } as const;

/** Bulk work that waits gets every so-manieth thread that is free, so that it comes to its end on a busy server too. */
const PROMPT_IN_A_ROW = 8;

/**
 * A queue of three lanes. What somebody waits for at a screen goes first; bulk work, such as the pieces of an export,
 * goes when nothing else waits: a few exports would otherwise hold up every picture for seconds. Before both goes what
 * ends work that was begun: behind the scans of everybody else, the partial results of all would be held at once.
 */
export class TaskLanes {
  readonly #finish = new FixedQueue();
  readonly #prompt = new FixedQueue();
  readonly #bulk = new FixedQueue();
  #inARow = 0;

  get size(): number {
    return this.#finish.size + this.#prompt.size + this.#bulk.size;
  }

  push(task: Task): void {
    this.#laneOf(task).push(task);
  }

  shift(): Task | null {
    const first = this.#finish.size > 0 ? this.#finish : this.#prompt;
    const isBulksTurn = first.size === 0 || this.#inARow >= PROMPT_IN_A_ROW;
    const lane = isBulksTurn && this.#bulk.size > 0 ? this.#bulk : first;
    this.#inARow = lane === this.#bulk ? 0 : this.#inARow + 1;
    return lane.shift();
  }

  remove(task: Task): void {
    this.#laneOf(task).remove(task);
  }

  #laneOf(task: Task): FixedQueue {
    const mark: unknown = task[queueOptionsSymbol];
    if (mark === FINISH) return this.#finish;
    return mark === BULK ? this.#bulk : this.#prompt;
  }
}
