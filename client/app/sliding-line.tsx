import { useEffect, useRef } from 'preact/hooks';
import type { JSX } from 'preact';
import { atEach } from './at-each.js';

/** Without a graphics card each step takes a processor 50 ms, as every frame of the page does. */
const STEP_MS = 400;
const STEPS = 5;
/** The percentage of its track that the line has. */
const WIDTH = 30;

/**
 * What moves along a track while nobody knows how long something takes. It goes in steps of a timer: an animation of CSS has the
 * browser make a frame of the page at each refresh of the display, in steps or not. All lines of a page step at the same time, as
 * each frame draws the whole page.
 */
export function SlidingLine(): JSX.Element {
  const line = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (matchMedia('(prefers-reduced-motion: reduce)').matches) return undefined;
    return atEach(STEP_MS, () => {
      const step = Math.floor(Date.now() / STEP_MS) % STEPS;
      // Of its own width: in the last step its end is that of the track.
      const most = 100 * (100 / WIDTH - 1);
      line.current!.style.transform = `translateX(${(most * step) / (STEPS - 1)}%)`;
    });
  }, []);
  return <div ref={line} class="sliding" style={{ width: `${WIDTH}%` }} />;
}
