import { useEffect, useRef, useState } from 'preact/hooks';
import { isAbort } from './state/http.js';

/** The state of a question: the last answer stays while the next one is under way. */
export interface Answer<T> {
  value: T | undefined;
  error: Error | undefined;
  pending: boolean;
}

/**
 * Asks again whenever `key` changes, after `delayMs`, and withdraws the question before: the newest wins.
 * A key of null asks nothing.
 */
export function useAnswer<T>(
  key: string | null,
  ask: (signal: AbortSignal) => Promise<T>,
  delayMs = 0,
): Answer<T> {
  const [answer, setAnswer] = useState<Answer<T>>({
    value: undefined,
    error: undefined,
    pending: key !== null,
  });
  const latest = useRef(ask);
  latest.current = ask;
  useEffect(() => {
    if (key === null) return undefined;
    const controller = new AbortController();
    const { signal } = controller;
    const run = async (): Promise<void> => {
      setAnswer((last) => ({ ...last, pending: true }));
      try {
        const value = await latest.current(signal);
        if (!signal.aborted) setAnswer({ value, error: undefined, pending: false });
      } catch (error) {
        if (signal.aborted || isAbort(error)) return;
        setAnswer((last) => ({ ...last, error: error as Error, pending: false }));
      }
    };
    const timer = setTimeout(() => void run(), delayMs);
    return () => {
      clearTimeout(timer);
      controller.abort();
    };
  }, [key, delayMs]);
  return answer;
}
