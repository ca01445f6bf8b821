import type { Hover } from './types.js';

/** Tells what is under the pointer while no button is down. */
export interface HoverTracker {
  /** Says that nothing is, until the pointer moves again. */
  clear(): void;
  destroy(): void;
}

/** `find` is asked what is at a place, in CSS pixels within `element`. */
export function trackHover(
  element: HTMLElement,
  find: (left: number, top: number) => Hover | undefined,
  onHover: ((hover: Hover | undefined) => void) | undefined,
): HoverTracker {
  let last: Hover | undefined;

  function tell(hover: Hover | undefined): void {
    if (hover === undefined && last === undefined) return;
    last = hover;
    onHover?.(hover);
  }

  const clear = (): void => tell(undefined);
  const look = ({ clientX, clientY }: PointerEvent): void => {
    const bounds = element.getBoundingClientRect();
    tell(find(clientX - bounds.left, clientY - bounds.top));
  };
  const onPointerMove = (event: PointerEvent): void => {
    if (event.buttons !== 0) clear();
    else look(event);
  };
  element.addEventListener('pointermove', onPointerMove);
  // A finger comes without a move.
  element.addEventListener('pointerdown', look);
  element.addEventListener('pointerleave', clear);
  return {
    clear,
    destroy() {
      element.removeEventListener('pointermove', onPointerMove);
      element.removeEventListener('pointerdown', look);
      element.removeEventListener('pointerleave', clear);
    },
  };
}
