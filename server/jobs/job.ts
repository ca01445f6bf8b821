import { canonicalJson } from '../../protocol/canonical.js';
import type { Run } from '../../protocol/run.js';
import type { Schedule } from '../../protocol/schedule.js';
import { slotsOf, type Slots } from './slots.js';

/** What is to be begun now. */
export type Due =
  | { trigger: 'start' }
  /** `missed` are the slots before it that were not run. */
  | { trigger: 'schedule'; plannedAt: number; lateMs: number; missed: boolean }
  | { trigger: 'retry'; plannedAt: number; attempt: number };

/** The schedule of one dataset as it runs down. All times are milliseconds since 1970. */
export interface Job {
  readonly schedule: Schedule;
  /** In canonical JSON: one that was edited is another. */
  readonly key: string;
  /** What is due; given once. */
  takeDue(now: number): Due | undefined;
  /** When the next run begins, as far as is known. */
  next(now: number): number | undefined;
  /** Plans a retry where the schedule grants one. */
  ended(run: Run, now: number): void;
  /** Passes over what has come up to now: nothing of it is missed. */
  passOver(now: number): void;
}

export interface JobOptions {
  schedule: Schedule;
  /** Its runs so far, the newest first. */
  history: readonly Run[];
  now: number;
  /** Numbers in [0, 1). */
  random: () => number;
  /** The server has just started: what was missed is made up for. */
  isNew: boolean;
}

/** Who checks in time is no later than this. */
const ON_TIME_MS = 60_000;
/**
 * A clock that is set back by less makes no time of a cron line come twice (as in Vixie's cron); one that is set back
 * further has been wrong before.
 */
const SET_BACK_MS = 3 * 3_600_000;

export function createJob({ schedule, history, now: startedAt, random, isNew }: JobOptions): Job {
  const { when, jitterMs, retry, catchUp, runOnStart } = schedule;
  const slots: Slots | undefined = when === null || !schedule.enabled ? undefined : slotsOf(when);
  const isPace = when !== null && 'everyMs' in when;
  const last = history.find(({ trigger }) => trigger === 'schedule');
  /** The last slot that was run, or passed over. */
  let mark = last === undefined || !isNew ? startedAt : Date.parse(last.plannedAt);
  let delayMs = draw();
  let startDue = isNew && runOnStart;
  let retryDue: { at: number; attempt: number } | undefined;

  // A run that ended with its server was lost: it is made up for, once.
  const newest = history.find(({ trigger }) => trigger === 'schedule' || trigger === 'retry');
  const wasLost = newest?.problem?.code === 'RUN_INTERRUPTED';
  if (isNew && slots !== undefined && wasLost && catchUp === 'last') {
    retryDue = { at: startedAt, attempt: newest.attempt + 1 };
  }

  function draw(): number {
    return Math.floor(random() * jitterMs);
  }

  /** Where the clock was set back, the mark may lie in times to come. */
  function minded(now: number): void {
    if (mark > now && (isPace || mark - now > SET_BACK_MS)) mark = now;
  }

  return {
    schedule,
    key: canonicalJson(schedule),
    takeDue(now) {
      if (startDue) {
        startDue = false;
        retryDue = undefined;
        return { trigger: 'start' };
      }
      minded(now);
      const slot = slots?.lastUpTo(now - delayMs, mark);
      if (slot !== undefined) {
        mark = slot;
        const lateMs = now - slot - delayMs;
        delayMs = draw();
        // The run of now is as good as the retry of one before.
        retryDue = undefined;
        const missed = lateMs > ON_TIME_MS || slot < startedAt;
        return { trigger: 'schedule', plannedAt: slot, lateMs, missed };
      }
      if (retryDue === undefined || now < retryDue.at) return undefined;
      const { at, attempt } = retryDue;
      retryDue = undefined;
      return { trigger: 'retry', plannedAt: at, attempt };
    },
    next(now) {
      minded(now);
      const slot = slots?.after(Math.max(mark, now - delayMs));
      const at = slot === undefined ? undefined : slot + delayMs;
      if (retryDue === undefined) return at;
      return Math.min(retryDue.at, at ?? Infinity);
    },
    ended({ state, attempt, problem }, now) {
      const isOver = state !== 'failed' || problem?.code === 'RUN_INTERRUPTED';
      if (isOver || attempt > retry.attempts) return;
      const { delayMs: first, backoff, maxDelayMs } = retry;
      const delay = Math.min(first * backoff ** (attempt - 1), maxDelayMs);
      retryDue = { at: now + delay, attempt: attempt + 1 };
    },
    passOver(now) {
      mark = Math.max(mark, now);
      startDue = false;
      retryDue = undefined;
    },
  };
}
