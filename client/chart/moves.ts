import type { Asking } from './asking.js';

/** After a person stops moving for so long, the exact picture is asked for; while moving, that often at most. */
export const SETTLE_MS = 80;
const WHILE_MOVING_MS = 250;
/** What a move has asked is withdrawn by no later step of it before this: that would be work for nothing. */
const MOST_MOVING_MS = 1000;

/** The moves of the axes by a person, and when they ask. */
export interface Moves {
  /** How many steps there were. A question follows each time. */
  count(): number;
  /** True from the first step of a move until it is let go. */
  isHeld(): boolean;
  step(): void;
  /** Asks for the view of a move that goes on, once the view that was asked for before is answered. */
  ask(): void;
  /** A question has left for the view as it is. */
  asked(): void;
  /** Asks at once for where a move has ended; false where there was none. */
  letGo(): boolean;
}

/** `now` is a clock in milliseconds. */
export function createMoves(
  asking: () => Pick<Asking, 'schedule' | 'isWaiting'>,
  now: () => number = () => performance.now(),
): Moves {
  let count = 0;
  let isHeld = false;
  /** When the view first was another than the one that was asked for. */
  let since: number | undefined;
  return {
    count: () => count,
    isHeld: () => isHeld,
    step() {
      count++;
      since ??= now();
      isHeld = true;
    },
    ask() {
      if (since === undefined) return;
      const from = since;
      const leftMs = (paceMs: number): number => Math.max(0, from + paceMs - now());
      asking().schedule(
        asking().isWaiting()
          ? leftMs(MOST_MOVING_MS)
          : Math.min(SETTLE_MS, leftMs(WHILE_MOVING_MS)),
      );
    },
    asked() {
      since = undefined;
    },
    letGo() {
      if (!isHeld) return false;
      isHeld = false;
      asking().schedule(0);
      return true;
    },
  };
}
