import { statSync } from 'node:fs';
import { join } from 'node:path';
import { problemInWords } from '../../protocol/config/problem.js';
import type { OpenedConfig } from '../config/open-config.js';
import { HalftoneError } from '../errors.js';
import type { ServeFlags } from './serve-options.js';
import type { Terminal } from './terminal.js';

/** The name under which a configuration is found by itself. */
export const CONFIG_FILE = 'halftone.yaml';

/**
 * The configuration that `--config` names, or `halftone.yaml` of the working folder where nothing else is given to serve.
 * Throws CONFIG_INVALID with every problem that it has.
 */
export async function findConfiguration(
  paths: readonly string[],
  { config, sql, samples }: Pick<ServeFlags, 'config' | 'sql' | 'samples'>,
  { cwd, env, err }: Pick<Terminal, 'cwd' | 'env' | 'err'>,
): Promise<OpenedConfig | undefined> {
  const isBare = paths.length === 0 && sql.length === 0 && samples !== true;
  const file = config ?? (isBare && isFile(join(cwd, CONFIG_FILE)) ? CONFIG_FILE : undefined);
  if (file === undefined) return undefined;
  if (config === undefined) err(`${CONFIG_FILE} of this folder is used.\n`);
  // Its reader is loaded only where there is something to read.
  const { openConfig } = await import('../config/open-config.js');
  const opened = openConfig(file, { cwd, env });
  if (opened.problems.length === 0) return opened;
  throw new HalftoneError('CONFIG_INVALID', opened.problems.map(problemInWords).join('\n'));
}

function isFile(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isFile() === true;
}
