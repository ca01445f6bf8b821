import type { ChartState } from '../../chart/types.js';

/**
 * Lets the picture go first. A choice changes the picture and also the table, the lists and the bars beside it; asked
 * all at once they share the line, the server's threads and the page's own, and the picture comes last.
 */
export interface PictureFirst {
  /** Resolves when no picture is on its way, or when one takes long. */
  wait(): Promise<void>;
  /** What the chart says of itself. */
  follow(state: ChartState): void;
  /** There is no chart any more. */
  release(): void;
}

/** Nothing waits longer than this, in milliseconds: a picture of very many rows may. */
const PATIENCE_MS = 400;

/** Runs what it is given when all that is drawn now is on the screen. */
export type AfterPaint = (run: () => void) => void;

const afterTwoFrames: AfterPaint = (run) =>
  void requestAnimationFrame(() => requestAnimationFrame(run));

export function createPictureFirst(afterPaint: AfterPaint = afterTwoFrames): PictureFirst {
  const waiting = new Set<() => void>();
  let isComing = false;
  /** Counts what the chart says, so that an old picture does not speak for the next one. */
  let said = 0;

  function release(): void {
    isComing = false;
    for (const go of waiting) go();
    waiting.clear();
  }

  return {
    wait() {
      if (!isComing) return Promise.resolve();
      return new Promise((resolve) => {
        waiting.add(resolve);
        setTimeout(resolve, PATIENCE_MS);
      });
    },
    follow(state) {
      const mine = ++said;
      if (state === 'loading' || state === 'moving') isComing = true;
      else if (isComing) {
        afterPaint(() => {
          if (mine === said) release();
        });
      }
    },
    release,
  };
}
