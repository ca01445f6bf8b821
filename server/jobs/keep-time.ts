import type { Jobs } from './jobs.js';

/** Has schedules carried out until the given function is called. */
export function keepTime(jobs: Pick<Jobs, 'tick'>, report: (error: unknown) => void): () => void {
  let timer: NodeJS.Timeout;
  const tick = (): void => {
    let waitMs = 1000;
    try {
      waitMs = jobs.tick();
    } catch (error) {
      // One schedule that goes wrong must not stop the clock of all.
      report(error);
    }
    timer = setTimeout(tick, waitMs);
  };
  timer = setTimeout(tick, 0);
  return () => clearTimeout(timer);
}
