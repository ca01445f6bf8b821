/** A word of SQL: a quoted name, a plain one, or one other sign. Texts, numbers and comments are left out. */
interface Token {
  text: string;
  isName: boolean;
  isQuoted: boolean;
}

const TOKEN =
  /--[^\n]*|\/\*[\s\S]*?\*\/|'(?:[^']|'')*'|\$(\w*)\$[\s\S]*?\$\1\$|"((?:[^"]|"")*)"|([\p{L}_][\p{L}\p{N}_$]*)|(\d[\w.]*)|(\S)/gu;

/** Behind these stands a table. */
const BEFORE_TABLE = new Set([
  'from',
  'join',
  'table',
  'pivot',
  'unpivot',
  'summarize',
  'describe',
]);
/** These end a list of tables, so that what follows a comma is none. */
const AFTER_TABLES = new Set([
  'where', 'group', 'having', 'order', 'limit', 'offset', 'window', 'qualify', 'union', 'intersect', 'except', 'select', 'on', 'using', 'sample', 'set', 'values',
]); // prettier-ignore

/**
 * The tables that a SELECT reads, as they are written, each once: names behind FROM, JOIN and their like, without functions, schemas and what
 * the statement itself defines by WITH. A reader for people's queries, not for every grammar: what it does not see, the database says when it runs.
 */
export function tableNames(sql: string): string[] {
  const tokens = tokensOf(sql);
  const defined = definedNames(tokens);
  const found = new Map<string, string>();
  // By depth of parentheses: whether a comma is followed by another table.
  const lists: boolean[] = [false];
  let isTable = false;
  for (const [i, { text, isName, isQuoted }] of tokens.entries()) {
    const word = isQuoted ? '' : text.toLowerCase();
    if (text === '(' && !isQuoted) {
      lists.push(isTable);
      continue;
    }
    if (text === ')' && !isQuoted) {
      if (lists.length > 1) lists.pop();
      isTable = false;
      continue;
    }
    if (text === ',' && !isQuoted) {
      isTable = lists.at(-1)!;
      continue;
    }
    if (BEFORE_TABLE.has(word)) {
      // `extract(year FROM t)`, `trim(x FROM y)`: no table stands behind that, but then the name is no dataset's either.
      isTable = true;
      lists[lists.length - 1] = true;
      continue;
    }
    if (AFTER_TABLES.has(word)) lists[lists.length - 1] = false;
    if (isTable && isName && word !== 'lateral' && word !== 'only') {
      const next = tokens[i + 1];
      const isOther = !next?.isQuoted && (next?.text === '(' || next?.text === '.');
      const key = text.toLowerCase();
      if (!isOther && !defined.has(key) && !AFTER_TABLES.has(word)) found.set(key, text);
      isTable = false;
    } else if (word !== 'lateral' && word !== 'only') isTable = false;
  }
  return [...found.values()];
}

/** The names of the parameters that a statement has, as in $region, each once. */
export function parameterNames(sql: string): string[] {
  const tokens = tokensOf(sql);
  const names = tokens.flatMap(({ text, isQuoted }, i) => {
    const next = tokens[i + 1];
    return text === '$' && !isQuoted && next?.isName === true ? [next.text] : [];
  });
  return [...new Set(names)];
}

function tokensOf(sql: string): Token[] {
  const tokens: Token[] = [];
  for (const [, , quoted, name, , sign] of sql.matchAll(TOKEN)) {
    if (quoted !== undefined) {
      tokens.push({ text: quoted.replaceAll('""', '"'), isName: true, isQuoted: true });
    } else if (name !== undefined) tokens.push({ text: name, isName: true, isQuoted: false });
    else if (sign !== undefined) tokens.push({ text: sign, isName: false, isQuoted: false });
  }
  return tokens;
}

/** The names that `WITH name AS (` and `WITH name(a, b) AS (` define, in lower case. */
function definedNames(tokens: readonly Token[]): Set<string> {
  const names = new Set<string>();
  const isWord = (token: Token | undefined, word: string): boolean =>
    token !== undefined && !token.isQuoted && token.text.toLowerCase() === word;
  if (!tokens.some((token) => isWord(token, 'with'))) return names;
  for (const [i, { text, isName }] of tokens.entries()) {
    if (!isName) continue;
    let at = i + 1;
    if (isWord(tokens[at], '(')) {
      while (at < tokens.length && !isWord(tokens[at], ')')) at++;
      at++;
    }
    if (!isWord(tokens[at], 'as')) continue;
    at++;
    if (isWord(tokens[at], 'not')) at++;
    if (isWord(tokens[at], 'materialized')) at++;
    if (isWord(tokens[at], '(')) names.add(text.toLowerCase());
  }
  return names;
}
