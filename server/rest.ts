/** So long nothing is done before there is a rest: between two frames of a person who pans there is less. */
const QUIET_MS = 2000;

/** Watches work, and tells when there has been none for a while. */
export interface Rest {
  /** Passes work on, and takes note of its end. */
  after<T>(work: Promise<T>): Promise<T>;
  stop(): void;
}

/** Calls `onQuiet` once after each spell of work. */
export function createRest(onQuiet: () => void, quietMs = QUIET_MS): Rest {
  let underway = 0;
  let timer: NodeJS.Timeout | undefined;
  const settle = (): void => {
    if (--underway > 0) return;
    timer = setTimeout(onQuiet, quietMs).unref();
  };
  return {
    after(work) {
      underway++;
      clearTimeout(timer);
      work.then(settle, settle);
      return work;
    },
    stop: () => {
      underway = Infinity;
      clearTimeout(timer);
    },
  };
}
