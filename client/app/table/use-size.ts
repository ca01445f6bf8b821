import { useLayoutEffect, useState } from 'preact/hooks';
import type { RefObject } from 'preact';

/** The size within the borders and scroll bars of an element that stays, in CSS pixels; a guess before it is laid out. */
export function useSize(of: RefObject<HTMLElement>): { width: number; height: number } {
  const [size, setSize] = useState({ width: 800, height: 200 });
  useLayoutEffect(() => {
    const element = of.current;
    if (!element) return undefined;
    const observer = new ResizeObserver(() =>
      setSize({ width: element.clientWidth, height: element.clientHeight }),
    );
    observer.observe(element);
    return () => observer.disconnect();
  }, []);
  return size;
}
