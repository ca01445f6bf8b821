import { signal, type ReadonlySignal } from '@preact/signals';
import type { Query } from '../../../protocol/query.js';
import type { Ask } from '../../data/ask.js';
import type { DecodedFrame } from '../../data/frame.js';

/** A question of the picture, with its answer once that is there. */
export interface Asked {
  query: Query;
  frame: DecodedFrame | undefined;
}

/** Questions that are asked within so long of the first are of one picture, in milliseconds. */
const TOGETHER_MS = 20;

/** Remembers what the picture on the screen was asked with: questions that left together. */
export function recordAsked(
  ask: Ask,
  now: () => number,
): { ask: Ask; asked: ReadonlySignal<readonly Asked[]> } {
  const asked = signal<readonly Asked[]>([]);
  let since = Number.NEGATIVE_INFINITY;
  return {
    asked,
    async ask(query, options) {
      const mine: Asked = { query, frame: undefined };
      const isFirst = now() - since >= TOGETHER_MS;
      if (isFirst) since = now();
      asked.value = isFirst ? [mine] : [...asked.peek(), mine];
      const frame = await ask(query, options);
      asked.value = asked.peek().map((each) => (each === mine ? { query, frame } : each));
      return frame;
    },
  };
}
