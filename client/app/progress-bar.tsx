import type { JSX } from 'preact';

/** How far a load is, from 0 to 1; one that moves to and fro where that is not known. */
export function ProgressBar({
  name,
  fraction,
}: {
  name: string;
  fraction: number | null;
}): JSX.Element {
  return (
    <div
      class={`progress${fraction === null ? ' unknown' : ''}`}
      role="progressbar"
      aria-label={`Loading ${name}`}
      aria-valuemin={0}
      aria-valuemax={100}
      aria-valuenow={fraction === null ? undefined : Math.round(fraction * 100)}
    >
      <div style={fraction === null ? {} : { width: `${fraction * 100}%` }} />
    </div>
  );
}
