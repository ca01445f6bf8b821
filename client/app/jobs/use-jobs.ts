import { useEffect, useRef, useState } from 'preact/hooks';
import type { JobInfo } from '../../../protocol/job.js';
import { api } from '../state/api.js';
import { useStore } from '../store.js';

/** What is known of the jobs, and a way to ask at once. */
export interface JobsAnswer {
  /** Null until the first answer. */
  jobs: readonly JobInfo[] | null;
  error: Error | undefined;
  ask: () => void;
}

/** Datasets tell their progress several times a second: the list is asked for no more often than this. */
const ASK_AT_MOST_EVERY_MS = 1000;
/** Times of next runs move on without an event. */
const ASK_AT_LEAST_EVERY_MS = 10_000;

/** Follows the jobs while the page is open: what happens to a dataset is asked for soon. */
export function useJobs(): JobsAnswer {
  const { datasets } = useStore();
  const list = datasets.list.value;
  const [jobs, setJobs] = useState<readonly JobInfo[] | null>(null);
  const [error, setError] = useState<Error>();
  const isOpen = useRef(true);
  const timer = useRef<ReturnType<typeof setTimeout>>();
  const askedAt = useRef(-Infinity);

  function askIn(ms: number): void {
    clearTimeout(timer.current);
    timer.current = setTimeout(() => {
      askedAt.current = performance.now();
      const answered = document.hidden && jobs !== null ? Promise.resolve(undefined) : api.jobs();
      answered
        .then((next) => {
          if (!isOpen.current || next === undefined) return;
          setJobs(next);
          setError(undefined);
        })
        .catch((failure: Error) => isOpen.current && setError(failure))
        .finally(() => isOpen.current && askIn(ASK_AT_LEAST_EVERY_MS));
    }, ms);
  }

  useEffect(() => {
    isOpen.current = true;
    return () => {
      isOpen.current = false;
      clearTimeout(timer.current);
    };
  }, []);
  useEffect(() => {
    askIn(Math.max(0, askedAt.current + ASK_AT_MOST_EVERY_MS - performance.now()));
  }, [list]);
  return { jobs, error, ask: () => askIn(0) };
}
