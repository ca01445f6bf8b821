import { Type, type Static } from 'typebox';

/** How far a load has come. `fraction` is null where the total is unknown. */
export const Progress = Type.Object({
  stage: Type.Union([
    Type.Literal('waiting'),
    Type.Literal('reading'),
    Type.Literal('checking'),
    Type.Literal('publishing'),
  ]),
  fraction: Type.Union([Type.Number(), Type.Null()]),
  rows: Type.Number(),
  rowsTotal: Type.Optional(Type.Number()),
  bytes: Type.Number(),
  bytesTotal: Type.Optional(Type.Number()),
  rowsPerSecond: Type.Number(),
  /** Estimated, in seconds; absent while there is nothing to estimate from. */
  secondsLeft: Type.Optional(Type.Number()),
});
export type Progress = Static<typeof Progress>;
