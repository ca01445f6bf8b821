import { readFileSync, statSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import type { Config } from '../../protocol/config/config.js';
import type { ConfigProblem } from '../../protocol/config/problem.js';
import { HalftoneError } from '../errors.js';
import type { ConfigDocument } from './document.js';
import { readConfig } from './read-config.js';
import type { ReferencePlace } from './references.js';

/** A configuration is written by hand; what is larger is another file. */
const MAX_BYTES = 4 * 1024 * 1024;

/** A configuration on disk. */
export interface OpenedConfig {
  /** Absolute. */
  path: string;
  references: ReferencePlace;
  /** Present where there is no problem. */
  config?: Config;
  problems: ConfigProblem[];
  /** Where the value at a path is written. */
  placeOf: ConfigDocument['placeOf'];
}

/** Reads a configuration file. Throws CONFIG_INVALID where there is none to read; what it says wrong is among `problems`. */
export function openConfig(
  file: string,
  { cwd, env }: { cwd: string; env: ReferencePlace['env'] },
): OpenedConfig {
  const path = resolve(cwd, file);
  const references = { env, dir: dirname(path) };
  const { config, problems, document } = readConfig(readText(path, file), path, references);
  const { placeOf } = document;
  return { path, references, problems, placeOf, ...(config === undefined ? {} : { config }) };
}

function readText(path: string, file: string): string {
  try {
    const { size } = statSync(path);
    if (size > MAX_BYTES) {
      throw new HalftoneError('CONFIG_INVALID', `${file} is too large for a configuration.`);
    }
    return new TextDecoder('utf-8', { fatal: true }).decode(readFileSync(path));
  } catch (error) {
    if (error instanceof HalftoneError) throw error;
    const { code, message } = error as NodeJS.ErrnoException;
    const why =
      code === 'ENOENT'
        ? 'does not exist'
        : code === 'ERR_ENCODING_INVALID_ENCODED_DATA'
          ? 'is not UTF-8'
          : `cannot be read (${code ?? message})`;
    throw new HalftoneError('CONFIG_INVALID', `The configuration ${file} ${why}.`, {
      hint: code === 'ENOENT' ? `It was looked for as ${path}.` : undefined,
      cause: error,
    });
  }
}
