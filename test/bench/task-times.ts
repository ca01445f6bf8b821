import type { Browser } from 'playwright-core';

/** A task of a page's main thread, by the processor's time and by the clock. */
export interface TaskTime {
  /** Seconds of the machine's steady clock at its begin, as `process.hrtime` has them. */
  at: number;
  /** Milliseconds that the thread ran: others at work on the machine do not add to them. */
  cpuMs: number;
  ms: number;
}

/** Records the tasks of a page's main thread until it is stopped. */
export interface TaskRecorder {
  /** The tasks that took `leastMs` of the clock since the last call; recording goes on. */
  take(leastMs: number): Promise<TaskTime[]>;
}

interface TraceEvent {
  name: string;
  pid: number;
  tid: number;
  ts: number;
  dur?: number;
  tdur?: number;
}

/**
 * Follows the browser's own trace of tasks. Their time of the thread is what they would take at least with the machine to
 * themselves; a long task of `PerformanceObserver` also counts while others have the processor.
 */
export async function recordTasks(browser: Browser): Promise<TaskRecorder> {
  const session = await browser.newBrowserCDPSession();
  let events: TraceEvent[] = [];
  session.on('Tracing.dataCollected', ({ value }) => {
    for (const event of value as unknown as TraceEvent[]) {
      // On Linux the main thread of a process has its number.
      if (event.name === 'RunTask' && event.pid === event.tid) events.push(event);
    }
  });
  const start = () =>
    session.send('Tracing.start', {
      transferMode: 'ReportEvents',
      traceConfig: {
        recordMode: 'recordUntilFull',
        includedCategories: ['disabled-by-default-devtools.timeline'],
        excludedCategories: ['*'],
      },
    });
  await start();
  return {
    async take(leastMs) {
      const complete = new Promise((resolve) => session.once('Tracing.tracingComplete', resolve));
      await session.send('Tracing.end');
      await complete;
      const taken = events;
      events = [];
      await start();
      return taken
        .filter(({ dur = 0 }) => dur >= leastMs * 1000)
        .map(({ ts, dur = 0, tdur = 0 }) => ({ at: ts / 1e6, cpuMs: tdur / 1000, ms: dur / 1000 }));
    },
  };
}
