import type { JSX } from 'preact';
import { SlidingLine } from './sliding-line.js';

/** How far a load is, from 0 to 1; a line that slides where that is not known. */
export function ProgressBar({
  name,
  fraction,
}: {
  name: string;
  fraction: number | null;
}): JSX.Element {
  return (
    <div
      class="progress"
      role="progressbar"
      aria-label={`Loading ${name}`}
      aria-valuemin={0}
      aria-valuemax={100}
      aria-valuenow={fraction === null ? undefined : Math.round(fraction * 100)}
    >
      {fraction === null ? <SlidingLine /> : <div style={{ width: `${fraction * 100}%` }} />}
    </div>
  );
}
