import { isMap, isScalar, isSeq, type ParsedNode } from 'yaml';
import { nearest } from '../nearest.js';
import { checkScalar } from './check-scalar.js';
import type { ConfigDocument, ConfigPath, Entry } from './document.js';
import { misfit, nameOf, scalarOf, shorten, type NodeCheck } from './misfit.js';
import { recordValues, type ConfigSchema } from './schema.js';

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
  if (schema.type === undefined && !('const' in schema)) return plainValue(node, document);
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
