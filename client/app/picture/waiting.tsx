import { useEffect, useRef, useState } from 'preact/hooks';
import type { JSX } from 'preact';
import type { ChartState } from '../../chart/types.js';
import { atEach } from '../at-each.js';

/** Nothing is said about waiting before this. */
const PATIENCE_MS = 250;
/** Without a graphics card each step takes a processor 50 ms, as every frame of the page does. */
const STEP_MS = 400;
const STEPS = 5;
/** The share of the whole that the line has, as in its style. */
const WIDTH = 0.3;

/** A thin moving line after a while: the old picture stays and says nothing wrong. */
export function Waiting({ state }: { state: ChartState | undefined }): JSX.Element | null {
  const [late, setLate] = useState(false);
  const waiting = state === undefined || state === 'loading' || state === 'moving';
  useEffect(() => {
    if (!waiting) return setLate(false);
    const timer = setTimeout(() => setLate(true), PATIENCE_MS);
    return () => clearTimeout(timer);
  }, [waiting]);
  return late ? <SlidingLine /> : null;
}

/**
 * Slides in steps of a timer: an animation of CSS has the browser make a frame of the page at each refresh of the display, in steps
 * or not. The lines of all charts step at the same time, as each frame draws the whole page.
 */
function SlidingLine(): JSX.Element {
  const line = useRef<HTMLSpanElement>(null);
  useEffect(() => {
    if (matchMedia('(prefers-reduced-motion: reduce)').matches) return undefined;
    return atEach(STEP_MS, () => {
      const step = Math.floor(Date.now() / STEP_MS) % STEPS;
      line.current!.style.transform = `translateX(${(step * 100 * (1 / WIDTH - 1)) / (STEPS - 1)}%)`;
    });
  }, []);
  return (
    <div class="picture-wait" role="progressbar" aria-label="Drawing">
      <span ref={line} />
    </div>
  );
}
