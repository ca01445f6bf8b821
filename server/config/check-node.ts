import { isMap, isScalar, isSeq, type ParsedNode } from 'yaml';
import { nearest } from '../nearest.js';
import type { ConfigDocument, ConfigPath, Entry } from './document.js';
import { FORMAT_WORDS, FORMATS } from './formats.js';
import {
  hasReference,
  ReferenceError,
  resolveReferences,
  type ReferencePlace,
} from './references.js';
import { recordValues, wanted, type ConfigSchema } from './schema.js';

/** What a check works with. */
export interface NodeCheck {
  document: ConfigDocument;
  references: ReferencePlace;
}

const MAX_SHOWN = 60;

/**
 * Holds a node against a schema and gives its value. What does not fit is noted in the document, each thing once, and
 * left out of the value.
 */
export function checkNode(
  written: ParsedNode | null,
  schema: ConfigSchema,
  path: ConfigPath,
  check: NodeCheck,
): unknown {
  const { document } = check;
  const node = document.follow(written);
  if (node !== null) document.place(path, written ?? node);
  if (schema.anyOf !== undefined) return checkUnion(node, schema, path, check);
  if (schema.type === 'object') return checkObject(node, schema, path, check);
  if (schema.type === 'array') return checkArray(node, schema, path, check);
  return checkScalar(node, schema, path, check);
}

/** The value of a node that no schema says anything about, or undefined where it has no plain one. */
export function plainValue(written: ParsedNode | null, document: ConfigDocument): unknown {
  const node = document.follow(written);
  if (isMap(node)) {
    return Object.fromEntries(
      document.entries(node).map(({ key, value }) => [key, plainValue(value, document)]),
    );
  }
  if (isSeq(node)) return node.items.map((item) => plainValue(item, document));
  return isScalar(node) ? node.value : null;
}

function checkUnion(
  node: ParsedNode | null,
  schema: ConfigSchema,
  path: ConfigPath,
  check: NodeCheck,
): unknown {
  const branches = schema.anyOf!;
  if (branches.every((branch) => 'const' in branch)) {
    const value = scalarOf(node);
    if (branches.some((branch) => branch.const === value)) return value;
    const words = branches.map((branch) => String(branch.const));
    const near = typeof value === 'string' && value.length > 1 ? nearest(value, words) : undefined;
    return misfit(node, schema, path, check, near && `Did you mean "${near}"?`);
  }
  const fitting = branches.filter((branch) => isOfType(node, branch));
  if (fitting.length === 0) return misfit(node, schema, path, check);
  if (fitting.length === 1) return checkNode(node, fitting[0]!, path, check);
  if (!isMap(node)) {
    // The first that takes it, or the first that says why not.
    for (const branch of fitting) {
      const before = check.document.problems.length;
      const value = checkNode(node, branch, path, check);
      if (check.document.problems.length === before) return value;
      if (branch !== fitting.at(-1)) check.document.problems.length = before;
    }
    return undefined;
  }
  const chosen = chooseByKey(node, fitting, path, check);
  return chosen === undefined ? undefined : checkObject(node, chosen, path, check, fitting);
}

/** Of several kinds of mappings the one whose own required key is there. */
function chooseByKey(
  node: ParsedNode,
  branches: readonly ConfigSchema[],
  path: ConfigPath,
  { document }: NodeCheck,
): ConfigSchema | undefined {
  const keys = new Map(document.entries(node).map((entry) => [entry.key, entry]));
  const signs = branches.map((branch) => ownKey(branch, branches));
  const found = branches.filter((_, i) => keys.has(signs[i]!));
  if (found.length === 1) return found[0];
  const name = nameOf(path);
  if (found.length > 1) {
    const [first, second] = signs.filter((sign) => keys.has(sign));
    document.report(
      keys.get(second!)!.keyNode,
      `"${name}" has both "${first}" and "${second}".`,
      'Keep one of them.',
    );
    return undefined;
  }
  const known = new Set(branches.flatMap(({ properties }) => Object.keys(properties ?? {})));
  const odd = [...keys.values()].filter(({ key }) => !known.has(key));
  for (const entry of odd) reportUnknown(entry, branches, branches[0]!, document);
  if (odd.length === 0) {
    document.reportAt(
      path,
      `"${name}" does not say where its rows come from.`,
      `It needs one of ${signs.map((sign) => `"${sign}"`).join(', ')}.`,
    );
  }
  return undefined;
}

/** The required key that a branch has alone. */
function ownKey(branch: ConfigSchema, branches: readonly ConfigSchema[]): string {
  const others = branches.filter((other) => other !== branch);
  return (branch.required ?? []).find((key) =>
    others.every(({ required = [] }) => !required.includes(key)),
  )!;
}

function checkObject(
  node: ParsedNode | null,
  schema: ConfigSchema,
  path: ConfigPath,
  check: NodeCheck,
  kin: readonly ConfigSchema[] = [schema],
): unknown {
  const { document } = check;
  // A key whose options are all commented out is left empty.
  const isEmpty = node === null || (isScalar(node) && node.value === null);
  if (!isEmpty && !isMap(node)) return misfit(node, schema, path, check);
  const entries = isEmpty ? [] : document.entries(node);
  const { properties = {}, required = [], additionalProperties } = schema;
  const values = recordValues(schema);
  const made: [string, unknown][] = [];
  for (const entry of entries) {
    const { key, keyNode, value } = entry;
    const inner = [...path, key];
    document.place(inner, keyNode);
    const own = Object.hasOwn(properties, key) ? properties[key] : values;
    if (own !== undefined) made.push([key, checkNode(value, own, inner, check)]);
    else if (additionalProperties === false) reportUnknown(entry, kin, schema, document);
    else made.push([key, plainValue(value, document)]);
  }
  for (const key of required) {
    if (entries.some((entry) => entry.key === key)) continue;
    const { title = 'the mapping' } = schema;
    const wants = properties[key]?.const;
    document.reportAt(
      path,
      `${path.length === 0 ? 'The configuration' : `"${nameOf(path)}"`} needs "${key}"${path.length === 0 ? '' : `, as ${title} of its kind`}.`,
      wants === undefined ? undefined : `Write "${key}: ${JSON.stringify(wants)}".`,
    );
  }
  return Object.fromEntries(made.filter(([, value]) => value !== undefined));
}

function reportUnknown(
  { key, keyNode }: Entry,
  kin: readonly ConfigSchema[],
  schema: ConfigSchema,
  document: ConfigDocument,
): void {
  const own = Object.keys(schema.properties ?? {});
  const owner = kin.find(({ properties = {} }) => Object.hasOwn(properties, key));
  const { title = 'this mapping' } = schema;
  if (owner !== undefined) {
    document.report(
      keyNode,
      `"${key}" is no option of ${title} with "${ownKey(schema, kin)}".`,
      `It belongs to one with "${ownKey(owner, kin)}".`,
    );
    return;
  }
  const near = nearest(key, [
    ...own,
    ...kin.flatMap(({ properties = {} }) => Object.keys(properties)),
  ]);
  document.report(
    keyNode,
    `"${shorten(key)}" is no option of ${title}.`,
    near === undefined ? `There are ${own.join(', ')}.` : `Did you mean "${near}"?`,
  );
}

function checkArray(
  node: ParsedNode | null,
  schema: ConfigSchema,
  path: ConfigPath,
  check: NodeCheck,
): unknown {
  if (!isSeq(node)) {
    const hint =
      isScalar(node) && node.value !== null && schema.secret !== true
        ? 'Write it in brackets: [ … ].'
        : undefined;
    return misfit(node, schema, path, check, hint);
  }
  const { items = {}, minItems = 0, maxItems = Infinity } = schema;
  const { length } = node.items;
  if (length < minItems) {
    check.document.report(node, `"${nameOf(path)}" is an empty list.`);
    return undefined;
  }
  if (length > maxItems) {
    check.document.report(
      node,
      `"${nameOf(path)}" has ${length} items; at most ${maxItems} are taken.`,
    );
    return undefined;
  }
  return node.items.map((item, i) => checkNode(item, items, [...path, i], check));
}

function checkScalar(
  node: ParsedNode | null,
  schema: ConfigSchema,
  path: ConfigPath,
  check: NodeCheck,
): unknown {
  if ('const' in schema) {
    return scalarOf(node) === schema.const ? schema.const : misfit(node, schema, path, check);
  }
  if (schema.type === undefined) return plainValue(node, check.document);
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

/** Notes that a value is not what the schema wants. */
function misfit(
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

function isOfType(node: ParsedNode | null, { type, anyOf }: ConfigSchema): boolean {
  if (anyOf !== undefined) return anyOf.some((branch) => isOfType(node, branch));
  if (type === 'object') return isMap(node);
  if (type === 'array') return isSeq(node);
  const value = scalarOf(node);
  if (type === 'string') return typeof value === 'string';
  if (type === 'boolean') return typeof value === 'boolean';
  if (type === 'null') return value === null && !isMap(node) && !isSeq(node);
  return (type === 'number' || type === 'integer') && typeof value === 'number';
}

const scalarOf = (node: ParsedNode | null): unknown => (isScalar(node) ? node.value : null);

/** How the value at a path is called: its key, with the place in a list. */
function nameOf(path: ConfigPath): string {
  const at = path.findLastIndex((step) => typeof step === 'string');
  const indexes = path.slice(at + 1).map((index) => `[${index}]`);
  return `${shorten(String(path[at] ?? ''))}${indexes.join('')}`;
}

const shorten = (text: string): string =>
  text.length <= MAX_SHOWN ? text : `${text.slice(0, MAX_SHOWN - 1)}…`;
