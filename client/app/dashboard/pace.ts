/** Steps that are asked for more often than they can be answered. */
export interface Pace {
  /** Takes a step: at once, or as soon as there is time for one more. Calls until then are one. */
  go(): void;
  /** Tells of a question that a step has brought. Returns what tells of its answer. */
  ask(): () => void;
  /** Takes no more steps; what was asked until now is not waited for. */
  stop(): void;
}

/**
 * Calls `step` every `leastMs` at most, and not before all is answered that the last step has asked, which is waited for up to
 * `mostMs`: a question that the next one takes the place of is work for nothing.
 */
export function createPace(
  step: () => void,
  { leastMs, mostMs }: { leastMs: number; mostMs: number },
): Pace {
  const waiting = new Set<object>();
  let timer: ReturnType<typeof setTimeout> | undefined;
  let isWanted = false;
  /** The least time is over, and answers are waited for. */
  let isOverdue = false;

  function take(): void {
    isWanted = false;
    timer = setTimeout(() => {
      isOverdue = true;
      timer = setTimeout(release, mostMs - leastMs);
      if (waiting.size === 0) release();
    }, leastMs);
    step();
  }

  function release(): void {
    rest();
    if (isWanted) take();
  }

  function rest(): void {
    clearTimeout(timer);
    timer = undefined;
    isOverdue = false;
  }

  return {
    go() {
      if (timer === undefined) take();
      else isWanted = true;
    },
    ask() {
      const question = {};
      waiting.add(question);
      return () => {
        waiting.delete(question);
        if (isOverdue && waiting.size === 0) release();
      };
    },
    stop() {
      rest();
      isWanted = false;
      waiting.clear();
    },
  };
}
