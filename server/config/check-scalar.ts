import type { ParsedNode } from 'yaml';
import { nearest } from '../nearest.js';
import type { ConfigPath } from './document.js';
import { FORMAT_WORDS, FORMATS } from './formats.js';
import { misfit, nameOf, scalarOf, type NodeCheck } from './misfit.js';
import { hasReference, ReferenceError, resolveReferences } from './references.js';
import type { ConfigSchema } from './schema.js';

/** Holds a node that is to be one value against a schema with a type or a constant, and gives the value. */
export function checkScalar(
  node: ParsedNode | null,
  schema: ConfigSchema,
  path: ConfigPath,
  check: NodeCheck,
): unknown {
  if ('const' in schema) {
    return scalarOf(node) === schema.const ? schema.const : misfit(node, schema, path, check);
  }
  const value = referred(node, schema, check);
  if (value === undefined) return undefined;
  const { type } = schema;
  if (type === 'string') {
    if (typeof value === 'string') return checkText(value, node, schema, path, check);
    const hint =
      value === null || schema.secret === true
        ? undefined
        : `Write it in quotes: "${(node as { source?: string }).source ?? JSON.stringify(value)}".`;
    return misfit(node, schema, path, check, hint);
  }
  if (type === 'null' && value === null) return null;
  if (type === 'boolean' && typeof value === 'boolean') return value;
  if ((type === 'number' || type === 'integer') && typeof value === 'number') {
    const { minimum = -Infinity, maximum = Infinity, exclusiveMinimum = -Infinity } = schema;
    const isWhole = type === 'number' ? Number.isFinite(value) : Number.isSafeInteger(value);
    if (isWhole && value >= minimum && value <= maximum && value > exclusiveMinimum) return value;
  }
  return misfit(node, schema, path, check);
}

/** The value of a scalar, with its references followed where it is no secret; a number behind one counts as a number. */
function referred(node: ParsedNode | null, schema: ConfigSchema, check: NodeCheck): unknown {
  const value = scalarOf(node);
  if (typeof value !== 'string' || schema.literal === true || !hasReference(value)) return value;
  try {
    const text = resolveReferences(value, check.references);
    if (schema.secret === true) return value;
    if (schema.type === 'string') return text;
    if (schema.type === 'boolean') return text === 'true' || (text === 'false' ? false : text);
    return text.trim() === '' || Number.isNaN(Number(text)) ? text : Number(text);
  } catch (error) {
    if (!(error instanceof ReferenceError)) throw error;
    check.document.report(node, error.message, error.hint);
    return undefined;
  }
}

function checkText(
  value: string,
  node: ParsedNode | null,
  schema: ConfigSchema,
  path: ConfigPath,
  check: NodeCheck,
): unknown {
  const { pattern, format, minLength = 0, maxLength = Infinity } = schema;
  if (/\p{Cs}/u.test(value)) {
    check.document.report(node, `"${nameOf(path)}" holds half of a character.`);
    return undefined;
  }
  if (value.length < minLength) {
    check.document.report(node, `"${nameOf(path)}" is empty.`);
    return undefined;
  }
  const fits =
    value.length <= maxLength &&
    (pattern === undefined || new RegExp(pattern, 'u').test(value)) &&
    (format === undefined || FORMATS[format]?.(value) !== false);
  if (fits) return value;
  const near =
    schema.secret === true ? undefined : nearest(value, FORMAT_WORDS[format ?? ''] ?? []);
  return misfit(node, schema, path, check, near && `Did you mean "${near}"?`);
}
