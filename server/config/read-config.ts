import { basename } from 'node:path';
import { Config } from '../../protocol/config/config.js';
import type { ConfigProblem } from '../../protocol/config/problem.js';
import { checkMeaning } from './check-meaning.js';
import { checkNode } from './check-node.js';
import { parseConfigDocument, type ConfigDocument } from './document.js';
import type { ReferencePlace } from './references.js';
import type { ConfigSchema } from './schema.js';

/** A configuration that was read: what it says, or what is wrong with it. */
export interface ReadConfig {
  /** Present where there is no problem. Secrets are as they are written. */
  config?: Config;
  problems: ConfigProblem[];
  document: ConfigDocument;
}

/** Reads the text of a configuration. All problems are found at once, in the order of their places. */
export function readConfig(text: string, path: string, references: ReferencePlace): ReadConfig {
  const document = parseConfigDocument(text, basename(path));
  const { problems } = document;
  if (problems.length > 0) return { problems, document };
  const schema = Config as unknown as ConfigSchema;
  const value = checkNode(document.root, schema, [], { document, references });
  if (problems.length === 0) checkMeaning(value as Config, document);
  problems.sort((a, b) => a.line - b.line || a.column - b.column);
  return problems.length === 0
    ? { config: value as Config, problems, document }
    : { problems, document };
}
