import { useEffect } from 'preact/hooks';
import type { RefObject } from 'preact';

/**
 * Lets the wheel move a table by its own pixels, where its track is shorter than its rows and the browser's move
 * would jump over many of them. `move` gets pixels, downward positive.
 */
export function useRowWheel(
  of: RefObject<HTMLElement>,
  {
    shortened,
    rowHeight,
    viewHeight,
  }: { shortened: boolean; rowHeight: number; viewHeight: number },
  move: (pixels: number) => void,
): void {
  // Passive listeners could not stop the browser's own move.
  useEffect(() => {
    const element = of.current;
    if (!element || !shortened) return undefined;
    const onWheel = (event: WheelEvent): void => {
      if (event.ctrlKey || event.shiftKey || Math.abs(event.deltaX) > Math.abs(event.deltaY))
        return;
      event.preventDefault();
      const unit = event.deltaMode === 1 ? 3 * rowHeight : event.deltaMode === 2 ? viewHeight : 1;
      move(event.deltaY * unit);
    };
    element.addEventListener('wheel', onWheel, { passive: false });
    return () => element.removeEventListener('wheel', onWheel);
  });
}
