import { Type, type Static } from 'typebox';

/** One thing that is wrong with a configuration, and where. */
export const ConfigProblem = Type.Object({
  /** Base name. */
  file: Type.String(),
  /** Both 1-based. */
  line: Type.Integer(),
  column: Type.Integer(),
  /** One sentence that shows the bad value, secrets excepted. */
  message: Type.String(),
  /** The nearest right one, or what to do. */
  hint: Type.Optional(Type.String()),
});
export type ConfigProblem = Static<typeof ConfigProblem>;

/** A problem in one line, as compilers tell theirs: `halftone.yaml:12:5: …`. */
export function problemInWords({ file, line, column, message, hint }: ConfigProblem): string {
  return `${file}:${line}:${column}: ${message}${hint === undefined ? '' : ` ${hint}`}`;
}
