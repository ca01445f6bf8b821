import { isMap, isScalar, isSeq, type ParsedNode } from 'yaml';
import type { ConfigDocument, ConfigPath } from './document.js';
import type { ReferencePlace } from './references.js';
import { wanted, type ConfigSchema } from './schema.js';

/** What a check works with. */
export interface NodeCheck {
  document: ConfigDocument;
  references: ReferencePlace;
}

const MAX_SHOWN = 60;

/** Notes that a value is not what the schema wants. */
export function misfit(
  node: ParsedNode | null,
  schema: ConfigSchema,
  path: ConfigPath,
  { document }: NodeCheck,
  hint?: string,
): undefined {
  const got = schema.secret === true ? 'something else' : shown(node);
  const name = path.length === 0 ? 'The configuration' : `"${nameOf(path)}"`;
  const message = `${name} has to be ${wanted(schema)}, but is ${got}.`;
  if (node === null) document.reportAt(path, message, hint);
  else document.report(node, message, hint);
  return undefined;
}

function shown(node: ParsedNode | null): string {
  if (isMap(node)) return 'a mapping';
  if (isSeq(node)) return 'a list';
  const value = scalarOf(node);
  if (value === null) return 'empty';
  return typeof value === 'string' ? JSON.stringify(shorten(value)) : JSON.stringify(value);
}

/** The value of a scalar as YAML reads it, or null. */
export const scalarOf = (node: ParsedNode | null): unknown => (isScalar(node) ? node.value : null);

/** How the value at a path is called: its key, with the place in a list. */
export function nameOf(path: ConfigPath): string {
  const at = path.findLastIndex((step) => typeof step === 'string');
  const indexes = path.slice(at + 1).map((index) => `[${index}]`);
  return `${shorten(String(path[at] ?? ''))}${indexes.join('')}`;
}

/** Long text without its end, for a message. */
export const shorten = (text: string): string =>
  text.length <= MAX_SHOWN ? text : `${text.slice(0, MAX_SHOWN - 1)}…`;
