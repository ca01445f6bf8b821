/** Keeps the `limit` first of what it is offered: a heap with the last of them on top. */
export class Best {
  readonly #heap: number[] = [];
  readonly #limit: number;
  readonly #before: (i: number, k: number) => boolean;

  constructor(limit: number, before: (i: number, k: number) => boolean) {
    this.#limit = limit;
    this.#before = before;
  }

  offer(item: number): void {
    const heap = this.#heap;
    if (heap.length < this.#limit) {
      heap.push(item);
      this.#up(heap.length - 1);
    } else if (heap.length > 0 && this.#before(item, heap[0]!)) {
      heap[0] = item;
      this.#down();
    }
  }

  sorted(): number[] {
    return this.#heap.toSorted((i, k) => (this.#before(i, k) ? -1 : 1));
  }

  #up(at: number): void {
    const heap = this.#heap;
    while (at > 0) {
      const parent = (at - 1) >> 1;
      if (!this.#before(heap[parent]!, heap[at]!)) return;
      [heap[parent], heap[at]] = [heap[at]!, heap[parent]!];
      at = parent;
    }
  }

  #down(): void {
    const heap = this.#heap;
    for (let at = 0; ;) {
      let last = at;
      for (const child of [2 * at + 1, 2 * at + 2]) {
        if (child < heap.length && this.#before(heap[last]!, heap[child]!)) last = child;
      }
      if (last === at) return;
      [heap[last], heap[at]] = [heap[at]!, heap[last]!];
      at = last;
    }
  }
}
