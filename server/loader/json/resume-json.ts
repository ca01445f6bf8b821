import { closeSync, openSync, readSync, statSync } from 'node:fs';
import { basename } from 'node:path';
import type { Finding } from '../../../protocol/dataset.js';
import { comparePrefix } from '../append/compare-prefix.js';
import { copyTail } from '../append/copy-tail.js';
import { NotAnAppend } from '../append/not-an-append.js';
import { quoteName, quoteText, type Database } from '../database.js';
import { describeQuery } from '../describe.js';
import type { PullColumn } from '../pull.js';

/** What is known of JSON that was read: enough to read what comes behind it in the same way. */
export interface JsonResume {
  /** The columns as the reader found them, with what their times look like. */
  found: FoundColumn[];
  /** Those of the table. */
  columns: PullColumn[];
  warnings: Finding[];
  /** Of one file of lines, which may grow; several are appended to by another one. */
  end?: EndOfLines;
}

/** The part of a file that was read. */
export interface EndOfLines {
  bytes: number;
  /** See `BlockDigest`. */
  digest: string;
}

export interface FoundColumn extends PullColumn {
  /** Of a date or a time, one value with a 9 for each digit. */
  shape?: string;
}

const [BRACE, NEWLINE] = [0x7b, 0x0a];

/** The bytes of a file that another line may follow, and their digest; undefined where that is none, or no lines of objects. */
export function endOfLines(path: string): EndOfLines | undefined {
  const bytes = statSync(path).size;
  if (bytes === 0 || byteAt(path, 0) !== BRACE || byteAt(path, bytes - 1) !== NEWLINE)
    return undefined;
  const nothing = { path, name: basename(path), bytes: 0, digest: '', size: bytes };
  const { digest } = comparePrefix(nothing, () => true)!;
  return { bytes, digest };
}

/**
 * Copies the lines behind those that were read before to `copyTo`, and gives what is known of the whole file. Throws NotAnAppend
 * where the bytes before are not those that were read.
 */
export function takeLines(
  before: EndOfLines,
  path: string,
  copyTo: string,
  signal: AbortSignal,
): EndOfLines {
  const name = basename(path);
  const size = statSync(path).size;
  if (size <= before.bytes) throw new NotAnAppend(`${name} has not become longer.`);
  if (byteAt(path, size - 1) !== NEWLINE)
    throw new NotAnAppend(`the last line of ${name} has no newline, and may go on.`);
  const { bytes, digest } = before;
  const compared = comparePrefix({ path, name, bytes, digest, size }, () => true)!;
  if (compared.isOther)
    throw new NotAnAppend(`${name} is not the same as before up to where it ended.`);
  copyTail({ path, name, bytes, size }, copyTo, signal);
  return { bytes: size, digest: compared.digest };
}

/**
 * The columns of `query`, as the reader of `file` finds them, with the shapes of dates and times: undefined where those are written in a way of which one
 * value does not tell all.
 */
export async function foundColumns(
  database: Database,
  query: string,
  file: string,
): Promise<FoundColumn[] | undefined> {
  const found: FoundColumn[] = [];
  for (const column of await describeQuery(database, query, file)) {
    if (!/DATE|TIME/u.test(column.type)) {
      found.push(column);
      continue;
    }
    const shape = await shapeOf(database, column.name, file);
    // Of what begins with a year all values are written alike; day and month may stand either way round.
    if (!/^9{4}-99-99/u.test(shape)) return undefined;
    found.push({ ...column, shape });
  }
  return found;
}

/**
 * The SELECT that gives the rows of `tail` in the columns that were found before. Throws NotAnAppend where the reader would find
 * other columns, or other types, in all rows together.
 */
export async function tailQuery(
  database: Database,
  before: readonly FoundColumn[],
  query: string,
  tail: string,
): Promise<string> {
  const now = await foundColumns(database, query, tail);
  if (now === undefined) throw new NotAnAppend('times are written in another way.');
  const known = new Map(before.map((column) => [column.name, column]));
  for (const { name } of now)
    if (!known.has(name)) throw new NotAnAppend(`the column "${name}" is new.`);
  const selected: string[] = [];
  for (const was of before) {
    const is = now.find(({ name }) => name === was.name);
    const name = quoteName(was.name);
    if (is === undefined || (is.type === 'JSON' && (await isNull(database, query, was.name)))) {
      selected.push(`NULL::${was.type} AS ${name}`);
    } else if (is.type === was.type && is.shape === was.shape) {
      selected.push(name);
    } else if (is.type === 'BIGINT' && was.type === 'DOUBLE') {
      selected.push(`${name}::DOUBLE AS ${name}`);
    } else {
      const how = is.type === was.type ? 'written in another way' : `${is.type} now, and was ${was.type}`; // prettier-ignore
      throw new NotAnAppend(`the column "${was.name}" is ${how}.`);
    }
  }
  return `SELECT ${selected.join(', ')} FROM (${query})`;
}

async function isNull(database: Database, query: string, name: string): Promise<boolean> {
  const [row] = await database.rows(`SELECT count(${quoteName(name)}) AS n FROM (${query})`);
  return Number(row!['n']) === 0;
}

async function shapeOf(database: Database, name: string, file: string): Promise<string> {
  const column = quoteName(name);
  const [row] = await database.rows(
    `SELECT ${column} AS value FROM read_json(${quoteText(file)}, records = true, columns = {${quoteText(name)}: 'VARCHAR'}) WHERE ${column} IS NOT NULL LIMIT 1`,
  );
  return String(row?.['value'] ?? '')
    .replaceAll(/\.\d+/gu, '.9')
    .replaceAll(/\d/gu, '9');
}

function byteAt(path: string, at: number): number | undefined {
  const file = openSync(path, 'r');
  try {
    const byte = new Uint8Array(1);
    return readSync(file, byte, 0, 1, at) === 0 ? undefined : byte[0];
  } finally {
    closeSync(file);
  }
}
