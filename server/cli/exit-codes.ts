import { HalftoneError } from '../errors.js';

/** What the command line tells its caller by its exit code. */
export const EXIT = {
  ok: 0,
  /** Something failed that is neither the caller's nor the data's fault. */
  failure: 1,
  /** A wrong option, argument or configuration. */
  usage: 2,
  /** The data were refused. */
  refused: 3,
} as const;

/** The exit code that fits an error. */
export function exitCodeOf(error: unknown): number {
  if (!(error instanceof HalftoneError)) return EXIT.failure;
  if (error.code === 'CONFIG_INVALID') return EXIT.usage;
  // Both are of status 409, and neither says anything about the data.
  if (error.code === 'CACHE_LOCKED' || error.code === 'LOAD_CANCELLED') return EXIT.failure;
  return error.status === 422 || error.status === 409 ? EXIT.refused : EXIT.failure;
}

/** An error as a person reads it: the sentence, where, and what to do. */
export function describeError(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  if (!(error instanceof HalftoneError)) return error.stack ?? error.message;
  const { hint } = error.details;
  return hint === undefined ? error.message : `${error.message}\n  ${hint}`;
}

/** A wrong option or argument. */
export function usageError(message: string, hint?: string): HalftoneError {
  return new HalftoneError('CONFIG_INVALID', message, { hint });
}
