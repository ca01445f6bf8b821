import { signal, type ReadonlySignal } from '@preact/signals';
import type { Query } from '../../../protocol/query.js';
import type { Ask } from '../../data/ask.js';
import type { DecodedFrame } from '../../data/frame.js';

/** A question of the picture, with its answer once that is there. */
export interface Asked {
  query: Query;
  frame: DecodedFrame | undefined;
}

/** Remembers what the picture on the screen was asked with last. */
export function recordAsked(ask: Ask): { ask: Ask; asked: ReadonlySignal<Asked | undefined> } {
  const asked = signal<Asked | undefined>(undefined);
  return {
    asked,
    async ask(query, options) {
      const mine: Asked = { query, frame: undefined };
      asked.value = mine;
      const frame = await ask(query, options);
      if (asked.peek() === mine) asked.value = { query, frame };
      return frame;
    },
  };
}
