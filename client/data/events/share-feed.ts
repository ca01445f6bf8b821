import type { Heard } from './feed.js';

/** One page that listens. */
export type Listener = (heard: Heard) => void;

/** Hands what one feed hears on to every page that listens. */
export interface SharedFeed {
  hear(heard: Heard): void;
  join(listener: Listener): void;
  leave(listener: Listener): void;
}

/** One who joins while the feed is open is told so: the events themselves it gets from now on. */
export function shareFeed(): SharedFeed {
  const listeners = new Set<Listener>();
  let isOpen = false;
  return {
    hear(heard) {
      if (heard.kind !== 'event') isOpen = heard.kind === 'open';
      for (const listener of listeners) listener(heard);
    },
    join(listener) {
      listeners.add(listener);
      if (isOpen) listener({ kind: 'open' });
    },
    leave: (listener) => void listeners.delete(listener),
  };
}
