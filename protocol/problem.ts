import { Type, type Static } from 'typebox';
import { Progress } from './progress.js';

/** The body of every error (RFC 9457): a stable code, a sentence that shows the bad value, and a hint. */
export const Problem = Type.Object({
  type: Type.String(),
  title: Type.String(),
  status: Type.Number(),
  /** One sentence for people: what was wrong, with the value. */
  detail: Type.String(),
  /** Stable, for programs: see docs/reference/errors.md. */
  code: Type.String(),
  /** What to do about it. */
  hint: Type.Optional(Type.String()),
  /** The field of the query, as a path: `filters[2].values`. */
  field: Type.Optional(Type.String()),
  /** Where in which source the fault lies. */
  file: Type.Optional(Type.String()),
  line: Type.Optional(Type.Number()),
  column: Type.Optional(Type.String()),
  /** How far the load has come that the request has to wait for. */
  progress: Type.Optional(Progress),
});
export type Problem = Static<typeof Problem>;
