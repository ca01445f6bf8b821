import { formatEvent } from './format-event.js';
import type { ServerEvent } from './server-event.js';

/** An event as the stream has it. */
export interface SentEvent {
  id: string;
  /** As the stream has it: written once, and the same memory for every reader, so that a thousand cost no more than one. */
  bytes: Buffer;
}

export interface EventHub {
  publish(event: ServerEvent): void;
  /** What came after the event `lastId`; undefined where that is no longer known. */
  since(lastId: string): SentEvent[] | undefined;
  /** The id of the newest event. */
  readonly lastId: string;
  /** Calls `listener` for every event until the function that is returned is called. */
  subscribe(listener: (event: Readonly<ServerEvent & SentEvent>) => void): () => void;
  /** The same for a reader beyond this process. */
  subscribeReader(listener: (event: SentEvent) => void): () => void;
  /** How many readers there are. */
  readonly readers: number;
}

/**
 * Hands events on to whoever listens and remembers the last `history` of them for those who come back. Ids begin
 * with `epoch`, which differs from process to process, so that an id of an earlier process is never misread: who has
 * one is told the present state, in which the sequence of each snapshot tells what is new.
 */
export function createEventHub({
  epoch,
  history = 512,
}: {
  epoch: string;
  history?: number;
}): EventHub {
  const listeners = new Set<(event: ServerEvent & SentEvent) => void>();
  const kept: SentEvent[] = [];
  let count = 0;
  let readers = 0;
  const subscribe = (listener: (event: ServerEvent & SentEvent) => void): (() => boolean) => {
    listeners.add(listener);
    return () => listeners.delete(listener);
  };
  return {
    publish(event) {
      const id = `${epoch}-${++count}`;
      const sent = { id, bytes: formatEvent(id, event) };
      kept.push(sent);
      if (kept.length > history) kept.shift();
      // One for all: a record each was most of what an event to a thousand readers took.
      const told = { ...event, ...sent };
      for (const listener of listeners) listener(told);
    },
    since(lastId) {
      if (lastId === `${epoch}-0` && count === kept.length) return [...kept];
      const index = kept.findIndex(({ id }) => id === lastId);
      return index === -1 ? undefined : kept.slice(index + 1);
    },
    get lastId() {
      return `${epoch}-${count}`;
    },
    subscribe,
    subscribeReader(listener) {
      const unsubscribe = subscribe(listener);
      readers++;
      return () => {
        if (unsubscribe()) readers--;
      };
    },
    get readers() {
      return readers;
    },
  };
}
