import type { Progress } from '../../protocol/dataset.js';
import type { ProgressUpdate } from './context.js';

/** Five a second: smooth for a bar, nothing for the machine. */
const INTERVAL_MS = 200;
/** Before so much of the time has passed, a guess of what is left would only jump about. */
const SETTLED_MS = 500;

/** Returns a function that takes every step of a load and gives a few of them on, with rates. */
export function createProgress(
  emit: (progress: Progress) => void,
  now: () => number = () => performance.now(),
): (update: ProgressUpdate) => void {
  const start = now();
  let last = -Infinity;
  let stage: Progress['stage'] | undefined;
  return (update) => {
    const time = now();
    if (update.stage === stage && time - last < INTERVAL_MS) return;
    last = time;
    stage = update.stage;
    const elapsed = (time - start) / 1000;
    const fraction = fractionOf(update);
    const settled = fraction !== null && fraction > 0 && time - start >= SETTLED_MS;
    emit({
      ...update,
      fraction,
      rowsPerSecond: elapsed > 0 ? Math.round(update.rows / elapsed) : 0,
      ...(settled ? { secondsLeft: (elapsed / fraction) * (1 - fraction) } : {}),
    });
  };
}

function fractionOf({ rows, rowsTotal, bytes, bytesTotal }: ProgressUpdate): number | null {
  if (rowsTotal !== undefined) return rowsTotal === 0 ? 1 : Math.min(1, rows / rowsTotal);
  if (bytesTotal !== undefined) return bytesTotal === 0 ? 1 : Math.min(1, bytes / bytesTotal);
  return null;
}
