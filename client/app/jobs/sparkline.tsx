import type { JSX } from 'preact';
import type { Run } from '../../../protocol/run.js';
import { formatDuration } from '../format.js';
import { secondsOf } from './job-order.js';

const BAR = 5;
const GAP = 2;
const HEIGHT = 26;
const SHOWN = 20;

/** How long the last runs took, one bar each, the newest at the right; those that failed in red. */
export function Sparkline({ runs }: { runs: readonly Run[] }): JSX.Element | null {
  const timed = runs
    .flatMap((run) => {
      const seconds = secondsOf(run);
      return seconds === undefined ? [] : [{ id: run.id, state: run.state, seconds }];
    })
    .slice(0, SHOWN)
    .reverse();
  if (timed.length < 2) return null;
  const longest = Math.max(...timed.map(({ seconds }) => seconds), 0.001);
  const width = SHOWN * (BAR + GAP) - GAP;
  const newest = timed.at(-1)!;
  return (
    <svg
      class="sparkline"
      width={width}
      height={HEIGHT}
      viewBox={`0 0 ${width} ${HEIGHT}`}
      role="img"
      aria-label={`The last ${timed.length} runs took up to ${formatDuration(longest)}, the newest ${formatDuration(newest.seconds)}`}
    >
      {timed.map(({ id, state, seconds }, i) => {
        const height = Math.max(2, (seconds / longest) * HEIGHT);
        return (
          <rect
            key={id}
            class={state === 'done' ? '' : 'bad'}
            x={width - (timed.length - i) * (BAR + GAP) + GAP}
            y={HEIGHT - height}
            width={BAR}
            height={height}
            rx={1}
          >
            <title>{`${formatDuration(seconds)}, ${state}`}</title>
          </rect>
        );
      })}
    </svg>
  );
}
