import { Cron } from 'croner';
import type { Schedule } from '../../protocol/schedule.js';

/** The times that a schedule names, in milliseconds since 1970. */
export interface Slots {
  /** The first after `ms`; undefined where none comes any more. */
  after(ms: number): number | undefined;
  /** The last that is not after `ms`, among those after `since`; undefined where there is none. */
  lastUpTo(ms: number, since: number): number | undefined;
}

/**
 * Multiples of `everyMs` since 1970, so that a restart does not shift them; or the times of a cron line in its zone. Where
 * clocks go forward, a time that is left out comes with the first that is there; where they go back, one that is there twice comes once, while lines
 * with steps of minutes go on in both hours.
 */
export function slotsOf(when: NonNullable<Schedule['when']>): Slots {
  return 'everyMs' in when ? slotsOfPace(when.everyMs) : slotsOfCron(when.cron, when.timeZone);
}

function slotsOfPace(everyMs: number): Slots {
  const upTo = (ms: number): number => Math.floor(ms / everyMs) * everyMs;
  return {
    after: (ms) => upTo(ms) + everyMs,
    lastUpTo(ms, since) {
      const last = upTo(ms);
      return last > since ? last : undefined;
    },
  };
}

function slotsOfCron(line: string, timeZone: string): Slots {
  const cron = new Cron(line, { timezone: timeZone, paused: true });
  const after = (ms: number): number | undefined => cron.nextRun(new Date(ms))?.getTime();
  return {
    after,
    lastUpTo(ms, since) {
      // It looks for times before its reference, in steps of a second.
      const last = cron
        .previousRuns(1, new Date(Math.floor(ms / 1000) * 1000 + 1000))[0]
        ?.getTime();
      return last !== undefined && last <= ms && last > since ? last : undefined;
    },
  };
}

/** Why a schedule cannot be, in a sentence; undefined where it can. */
export function faultOfWhen(when: NonNullable<Schedule['when']>, now: number): string | undefined {
  if ('everyMs' in when) {
    if (when.everyMs >= MIN_PACE_MS) return undefined;
    return 'A dataset is loaded at most once a second.';
  }
  try {
    if (slotsOfCron(when.cron, when.timeZone).after(now) !== undefined) return undefined;
    return `The cron line "${when.cron}" never comes: there is no such day.`;
  } catch (error) {
    const reason = (error as Error).message.replace(/^CronPattern: /u, '').replace(/\.$/u, '');
    return `"${when.cron}" is no cron line: ${reason}.`;
  }
}

const MIN_PACE_MS = 1000;
