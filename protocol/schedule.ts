import { durationMs } from './config/duration.js';
import type { ConfigRefresh } from './config/refresh.js';

/** When a dataset is loaded anew, how, and what of it is taken and kept: `refresh:` with all its defaults. */
export interface Schedule {
  /** When runs are planned; null where only people and changed files begin them. */
  when: { everyMs: number } | { cron: string; timeZone: string } | null;
  enabled: boolean;
  runOnStart: boolean;
  jitterMs: number;
  overlap: 'skip' | 'queue' | 'replace';
  startDeadlineMs: number | null;
  catchUp: 'last' | 'none';
  timeoutMs: number | null;
  retry: { attempts: number; delayMs: number; backoff: number; maxDelayMs: number };
  guards: Guards;
  keep: Keep;
}

/** What a new version has to be before it answers. */
export interface Guards {
  minRows: number;
  /** The share of rows that may go: 0 to 1. */
  maxDrop: number;
  schema: 'accept' | 'additive' | 'same';
}

/** Which snapshots stay. */
export interface Keep {
  snapshots: number;
  ageMs: number | null;
  bytes: number | null;
}

/** Of a dataset without `refresh:`. */
export const DEFAULT_KEEP: Keep = { snapshots: 2, ageMs: null, bytes: null };

/** Fills in what a configuration leaves out; it has been checked. */
export function scheduleOf(refresh: ConfigRefresh): Schedule {
  const { every, cron, timeZone = 'UTC', retry = {}, guards = {}, keep = {} } = refresh;
  return {
    when:
      every !== undefined
        ? { everyMs: milliseconds(every) }
        : cron !== undefined
          ? { cron, timeZone }
          : null,
    enabled: refresh.enabled ?? true,
    runOnStart: refresh.runOnStart ?? false,
    jitterMs: milliseconds(refresh.jitter ?? '0s'),
    overlap: refresh.overlap ?? 'skip',
    startDeadlineMs: maybeMilliseconds(refresh.startDeadline),
    catchUp: refresh.catchUp ?? 'last',
    timeoutMs: maybeMilliseconds(refresh.timeout),
    retry: {
      attempts: retry.attempts ?? 0,
      delayMs: milliseconds(retry.delay ?? '10s'),
      backoff: retry.backoff ?? 2,
      maxDelayMs: milliseconds(retry.maxDelay ?? '10m'),
    },
    guards: {
      minRows: guards.minRows ?? 1,
      maxDrop: Number.parseFloat(guards.maxDrop ?? '80%') / 100,
      schema: guards.schema ?? 'additive',
    },
    keep: {
      snapshots: keep.snapshots ?? DEFAULT_KEEP.snapshots,
      ageMs: maybeMilliseconds(keep.age),
      bytes: keep.bytes === undefined ? null : byteCount(keep.bytes),
    },
  };
}

/** `1.5h` in whole milliseconds. */
export function milliseconds(duration: string): number {
  return Math.round(durationMs(duration));
}

function maybeMilliseconds(duration: string | undefined): number | null {
  return duration === undefined ? null : milliseconds(duration);
}

/** `2GiB` in bytes. */
function byteCount(bytes: string): number {
  const [, count, prefix, binary] = /^([\d.]+)\s*([kKMGT]?)(i?)B$/u.exec(bytes)!;
  const power = ' KMGT'.indexOf((prefix || ' ').toUpperCase());
  return Math.round(Number(count) * (binary === 'i' ? 1024 : 1000) ** power);
}
