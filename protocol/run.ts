import { Type, type Static } from 'typebox';
import { Problem } from './problem.js';

/** Why a dataset was loaded. */
export const RUN_TRIGGERS = ['start', 'change', 'schedule', 'manual', 'retry', 'config'] as const;
export type RunTrigger = (typeof RUN_TRIGGERS)[number];

/** How far a run is. The first two are open; the others are final. */
export const RUN_STATES = [
  'planned',
  'running',
  'done',
  'failed',
  'cancelled',
  'skipped',
  'refused',
] as const;
export type RunState = (typeof RUN_STATES)[number];

/** A column whose declared type is another one now. */
const Retyped = Type.Object({ column: Type.String(), from: Type.String(), to: Type.String() });

/** What a snapshot holds that the one before it does not, and the other way round. */
export const Changes = Type.Object({
  rowsBefore: Type.Number(),
  rowsAfter: Type.Number(),
  /** Rows that came and went; absent where nobody knows: rows have no names. */
  rowsAdded: Type.Optional(Type.Number()),
  rowsRemoved: Type.Optional(Type.Number()),
  columnsAdded: Type.Array(Type.String()),
  columnsRemoved: Type.Array(Type.String()),
  columnsRetyped: Type.Array(Retyped),
  /** Columns of text with more different values than before. */
  categories: Type.Array(
    Type.Object({ column: Type.String(), before: Type.Number(), after: Type.Number() }),
  ),
});
export type Changes = Static<typeof Changes>;

const orNull = <T extends Parameters<typeof Type.Union>[0][number]>(type: T) =>
  Type.Union([type, Type.Null()]);

/** One load of a dataset, from its plan to its end. Times are ISO 8601 in UTC. */
export const Run = Type.Object({
  /** A ULID: ids sort by the time that the run was planned at. */
  id: Type.String(),
  dataset: Type.String(),
  trigger: Type.Unsafe<RunTrigger>(Type.Union(RUN_TRIGGERS.map((one) => Type.Literal(one)))),
  state: Type.Unsafe<RunState>(Type.Union(RUN_STATES.map((one) => Type.Literal(one)))),
  /** When it was to begin: of a schedule, the time that the schedule names. */
  plannedAt: Type.String(),
  startedAt: orNull(Type.String()),
  endedAt: orNull(Type.String()),
  /** 1, and one more with every retry. */
  attempt: Type.Number(),
  /** Of the snapshot that it made, or found to be current still. */
  rows: orNull(Type.Number()),
  bytes: orNull(Type.Number()),
  snapshot: orNull(Type.String()),
  changes: Type.Optional(Changes),
  /** Why it failed, was refused, cancelled or skipped. */
  problem: Type.Optional(Problem),
  /** The last lines that the source's command wrote beside its rows, and notes of our own. */
  log: Type.Optional(Type.Array(Type.String())),
  /** Of skipped runs in a row: how many, told as one. */
  times: Type.Optional(Type.Number()),
});
export type Run = Static<typeof Run>;

/** True of a run that has not ended. */
export function isOpen({ state }: Pick<Run, 'state'>): boolean {
  return state === 'planned' || state === 'running';
}
