import { isAlias, isMap, isScalar, isSeq, LineCounter, parseDocument, type ParsedNode } from 'yaml';
import type { ConfigProblem } from '../../protocol/config/problem.js';

/** Keys and indexes from the root to a value. */
export type ConfigPath = readonly (string | number)[];

/** One entry of a mapping. */
export interface Entry {
  key: string;
  keyNode: ParsedNode;
  value: ParsedNode | null;
}

/** A YAML text as nodes that know their places, and what is wrong with it. */
export interface ConfigDocument {
  /** Null for a file without a value. */
  root: ParsedNode | null;
  problems: ConfigProblem[];
  /** Notes a problem at a node; at the beginning of the file without one. */
  report(node: ParsedNode | null, message: string, hint?: string): void;
  /** Remembers where a key or a value is written, the first that is told, for problems that show later. */
  place(path: ConfigPath, node: ParsedNode): void;
  /** Where the value at a path is written, or what it would stand in; both 1-based. */
  placeOf: (path: ConfigPath) => { line: number; column: number };
  /** Notes a problem with the value at a path, or where it would be. */
  reportAt(path: ConfigPath, message: string, hint?: string): void;
  /** The node that is meant: what an alias points to, else itself. */
  follow(node: ParsedNode | null): ParsedNode | null;
  /** The entries of a mapping, those merged in by `<<` first. */
  entries(node: ParsedNode): Entry[];
}

/** Aliases of aliases can make a small file enormous. */
const MAX_NODES = 100_000;

/** Reads a YAML (or JSON) text. `file` is the name that problems carry. */
export function parseConfigDocument(text: string, file: string): ConfigDocument {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false });
  const places = new Map<string, number>();
  const problems: ConfigProblem[] = [];
  let visited = 0;

  function reportOffset(offset: number, message: string, hint: string | undefined): void {
    const { line, col } = lines.linePos(offset);
    problems.push({
      file,
      line: Math.max(1, line),
      column: Math.max(1, col),
      message,
      ...(hint === undefined ? {} : { hint }),
    });
  }
  function offsetOf(path: ConfigPath): number {
    let offset: number | undefined;
    for (let end = path.length; offset === undefined && end >= 0; end--) {
      offset = places.get(JSON.stringify(path.slice(0, end)));
    }
    return offset ?? 0;
  }
  for (const { pos, message } of [...document.errors, ...document.warnings]) {
    // What follows a colon quotes the file, which may hold secrets.
    const [what] = message.split(/: ["'{[]/u);
    reportOffset(pos[0], `This is no YAML: ${what!.replace(/\.?$/u, '.')}`, undefined);
  }

  const found: ConfigDocument = {
    root: document.contents,
    problems,
    report: (node, message, hint) => reportOffset(node?.range[0] ?? 0, message, hint),
    place(path, node) {
      const key = JSON.stringify(path);
      if (!places.has(key)) places.set(key, node.range[0]);
    },
    placeOf(path) {
      const { line, col } = lines.linePos(offsetOf(path));
      return { line: Math.max(1, line), column: Math.max(1, col) };
    },
    reportAt: (path, message, hint) => reportOffset(offsetOf(path), message, hint),
    follow(node) {
      if (++visited === MAX_NODES) {
        found.report(null, 'The configuration has too many values, each alias counted in full.');
      }
      if (visited >= MAX_NODES) return null;
      if (!isAlias(node)) return node;
      return (node.resolve(document) as ParsedNode | undefined) ?? null;
    },
    entries: (node) => entriesOf(node, found),
  };
  return found;
}

function entriesOf(node: ParsedNode, document: ConfigDocument): Entry[] {
  if (!isMap(node)) return [];
  const entries = new Map<string, Entry>();
  const own: Entry[] = [];
  for (const { key: keyNode, value } of node.items) {
    if (!isScalar(keyNode)) {
      document.report(keyNode, 'A key has to be a text.');
      continue;
    }
    const key = keyOf(keyNode);
    const entry = { key, keyNode: keyNode as ParsedNode, value: value };
    if (key === '<<') {
      for (const merged of mergedEntries(entry, document)) entries.set(merged.key, merged);
    } else own.push(entry);
  }
  for (const entry of own) entries.set(entry.key, entry);
  return [...entries.values()];
}

/** `<<: *base`, or a list of such: earlier ones go before later ones. */
function mergedEntries({ value, keyNode }: Entry, document: ConfigDocument): Entry[] {
  const from = document.follow(value);
  if (isMap(from)) return document.entries(from);
  if (isSeq(from)) {
    return from.items.toReversed().flatMap((item) => {
      const each = document.follow(item);
      return each === null ? [] : document.entries(each);
    });
  }
  document.report(keyNode, '"<<" takes in a mapping, as in "<<: *base".');
  return [];
}

/** A key as it is written, quotes apart: 2024 and true are names like any other. */
function keyOf({ source, value }: { source?: string; value: unknown }): string {
  return source ?? String(value);
}
