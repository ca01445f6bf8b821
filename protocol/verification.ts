import { Type, type Static } from 'typebox';
import { MARKS } from './query.js';
import type { Mark } from './query.js';

const Fingerprint = Type.Object({
  kind: Type.String(),
  files: Type.Array(
    Type.Object({
      path: Type.String(),
      size: Type.Number(),
      mtimeNs: Type.String(),
      ino: Type.String(),
    }),
  ),
  options: Type.String(),
});

const Told = Type.Union([Type.Number(), Type.String(), Type.Boolean(), Type.Null()]);

/** A number of the frame that SQL does not give. */
export const Difference = Type.Object({
  /** Where: a cell, a bin, a key, a row, a count of the metadata. */
  where: Type.String(),
  ours: Told,
  sql: Told,
});

/** A frame held against plain SQL over the source. */
export const Verification = Type.Object({
  dataset: Type.String(),
  snapshot: Type.String(),
  key: Type.String(),
  mark: Type.Unsafe<Mark>(Type.Union(MARKS.map((mark) => Type.Literal(mark)))),
  method: Type.String(),
  /** `equal`, `differs`, or `not compared` where the source is no longer what the snapshot was made from. */
  verdict: Type.Unsafe<'equal' | 'differs' | 'not compared'>(
    Type.Union([Type.Literal('equal'), Type.Literal('differs'), Type.Literal('not compared')]),
  ),
  /** The verdict in words: "600,000 cells, 0 differ". */
  sentence: Type.String(),
  source: Type.Unsafe<'unchanged' | 'changed'>(
    Type.Union([Type.Literal('unchanged'), Type.Literal('changed')]),
  ),
  /** Where the source has changed: what the snapshot was made from, and what is there now. */
  fingerprints: Type.Optional(
    Type.Object({ snapshot: Fingerprint, now: Type.Union([Fingerprint, Type.Null()]) }),
  ),
  /** Whether the frame says that it is exact, and its bound where it does not. */
  exact: Type.Boolean(),
  bound: Type.Optional(Type.Union([Type.Number(), Type.String()])),
  /** Numbers that were compared, and those that differ. */
  compared: Type.Number(),
  differ: Type.Number(),
  /** The first of them. */
  differences: Type.Array(Difference),
  /** How far numbers may be apart; what is not named must be equal. */
  tolerance: Type.Array(Type.String()),
  /** What SQL and the frame have from one hand: what the comparison does not prove. */
  shared: Type.Array(Type.String()),
  sql: Type.Array(Type.String()),
  /** Rows that SQL has read from the source. */
  rows: Type.Number(),
  ms: Type.Number(),
});

export type Difference = Static<typeof Difference>;
export type Verification = Static<typeof Verification>;
