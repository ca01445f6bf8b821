import { Type, type Static } from 'typebox';
import { Run } from './run.js';

const orNull = <T extends Parameters<typeof Type.Union>[0][number]>(type: T) =>
  Type.Union([type, Type.Null()]);

/** The schedule of a dataset as people see it. Times are ISO 8601 in UTC. */
export const RefreshInfo = Type.Object({
  /** Milliseconds between two runs; one of this and `cron` is there. */
  everyMs: Type.Optional(Type.Number()),
  cron: Type.Optional(Type.String()),
  /** The zone of the cron line. */
  timeZone: Type.Optional(Type.String()),
  /** False where the configuration has it out of force. */
  enabled: Type.Boolean(),
  /** Null while nothing is planned: paused, out of force, or carried out by another server. */
  nextRun: orNull(Type.String()),
  /** Since when a person has it paused. */
  pausedSince: orNull(Type.String()),
});
export type RefreshInfo = Static<typeof RefreshInfo>;

/** What there is to know of the loads of one dataset. */
export const JobInfo = Type.Object({
  dataset: Type.String(),
  /** Null where people and what it follows alone begin loads. */
  refresh: orNull(RefreshInfo),
  /** Whose changes begin loads: those of its files, of the datasets that it is computed from, or nobody's. */
  follows: orNull(Type.Union([Type.Literal('files'), Type.Literal('datasets')])),
  /** The newest first, at most 30, without their logs. */
  runs: Type.Array(Run),
});
export type JobInfo = Static<typeof JobInfo>;
