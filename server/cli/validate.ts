import { basename } from 'node:path';
import { problemInWords } from '../../protocol/config/problem.js';
import { applyConfig } from '../config/apply.js';
import { openConfig } from '../config/open-config.js';
import { EXIT } from './exit-codes.js';
import { CONFIG_FILE } from './find-configuration.js';
import type { Terminal } from './terminal.js';

export interface ValidateFlags {
  json?: boolean;
}

/**
 * `halftone validate [FILE]`: tells all that is wrong with a configuration, and which datasets have no rows to be had now. Gives
 * the exit code: 2 where it is not valid, 3 where only files are missing.
 */
export function validate(
  file: string = CONFIG_FILE,
  { json = false }: ValidateFlags,
  { out, err, cwd, env }: Pick<Terminal, 'out' | 'err' | 'cwd' | 'env'>,
): number {
  const { path, config, problems, references } = openConfig(file, { cwd, env });
  const datasets = config === undefined ? [] : applyConfig(config, references);
  const missing = datasets.filter(({ error }) => error !== undefined);
  if (json) {
    const refused = missing.map(({ name, error }) => ({ name, message: error!.message }));
    out(`${JSON.stringify({ file: path, valid: problems.length === 0, problems, refused })}\n`);
  } else {
    for (const problem of problems) err(`${problemInWords(problem)}\n`);
    for (const { name, error } of missing) err(`${name}: ${error!.message}\n`);
    if (config !== undefined) {
      const what = datasets.length === 1 ? '1 dataset' : `${datasets.length} datasets`;
      out(`${basename(path)} is valid: ${what}.\n`);
    }
  }
  if (problems.length > 0) return EXIT.usage;
  return missing.length > 0 ? EXIT.refused : EXIT.ok;
}
