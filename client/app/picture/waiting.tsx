import { useEffect, useState } from 'preact/hooks';
import type { JSX } from 'preact';
import type { ChartState } from '../../chart/types.js';
import { SlidingLine } from '../sliding-line.js';

/** Nothing is said about waiting before this. */
const PATIENCE_MS = 250;

/** A thin moving line after a while: the old picture stays and says nothing wrong. */
export function Waiting({ state }: { state: ChartState | undefined }): JSX.Element | null {
  const [late, setLate] = useState(false);
  const waiting = state === undefined || state === 'loading' || state === 'moving';
  useEffect(() => {
    if (!waiting) return setLate(false);
    const timer = setTimeout(() => setLate(true), PATIENCE_MS);
    return () => clearTimeout(timer);
  }, [waiting]);
  return late ? (
    <div class="picture-wait" role="progressbar" aria-label="Drawing">
      <SlidingLine />
    </div>
  ) : null;
}
