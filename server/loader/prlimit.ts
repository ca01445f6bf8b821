import { findProgram } from './find-program.js';

/** The program of util-linux that sets a limit and becomes another program; only Linux knows this limit. */
export function findPrlimit(): string | undefined {
  return process.platform === 'linux' ? findProgram('prlimit', process.env['PATH']) : undefined;
}
