import type { ChartState } from '../../chart/types.js';

/**
 * Lets the picture go first. A choice changes the picture and also the table, the lists and the bars beside it; asked
 * all at once they share the line, the server's threads and the page's own, and the picture comes last.
 */
export interface PictureFirst {
  /** Resolves when no picture is on its way, or when one takes long. */
  wait(): Promise<void>;
  /** Calls `run` now where no picture is on its way, else with the frame that shows it, or when it takes long. */
  withPicture(run: () => void): void;
  /** What the chart says of itself. */
  follow(state: ChartState): void;
  /** There is no chart any more. */
  release(): void;
}

/** Nothing waits longer than this, in milliseconds: a picture of very many rows may. */
const PATIENCE_MS = 400;

/** Calls `run` when the browser makes its next frame: all that is drawn now is on the screen one frame later. */
export type NextFrame = (run: () => void) => void;

export function createPictureFirst(
  nextFrame: NextFrame = (run) => void requestAnimationFrame(run),
): PictureFirst {
  const untilFrame = new Set<() => void>();
  const untilPainted = new Set<() => void>();
  let isComing = false;
  /** Counts what the chart says, so that an old picture does not speak for the next one. */
  let said = 0;

  function hold(waiting: Set<() => void>, run: () => void): void {
    const once = (): void => {
      if (waiting.delete(once)) run();
    };
    waiting.add(once);
    setTimeout(once, PATIENCE_MS);
  }

  const letGo = (waiting: Set<() => void>): void => waiting.forEach((once) => once());

  function release(): void {
    isComing = false;
    letGo(untilFrame);
    letGo(untilPainted);
  }

  return {
    wait() {
      if (!isComing) return Promise.resolve();
      return new Promise((resolve) => {
        hold(untilPainted, resolve);
      });
    },
    withPicture(run) {
      if (isComing) hold(untilFrame, run);
      else run();
    },
    follow(state) {
      const mine = ++said;
      if (state === 'loading' || state === 'moving') isComing = true;
      else if (isComing) {
        nextFrame(() => {
          if (mine !== said) return;
          letGo(untilFrame);
          nextFrame(() => {
            if (mine === said) release();
          });
        });
      }
    },
    release,
  };
}
