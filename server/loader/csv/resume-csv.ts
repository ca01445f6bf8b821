import { canonicalJson } from '../../../protocol/canonical.js';
import { comparePrefix, type Prefix } from '../append/compare-prefix.js';
import { copyTail } from '../append/copy-tail.js';
import { NotAnAppend } from '../append/not-an-append.js';
import { MAX_FINDINGS, type CsvLedger } from './ledger.js';
import { NORMAL_SKIP } from './normalise-csv.js';
import type { CsvPart } from './prepare-part.js';
import type { UnitedTable } from './unite-columns.js';

/** What is known of CSV files that were read the fast way, by file: enough to read what comes behind them in the same way. */
export interface CsvResume {
  parts: CsvPart[];
  /** That of the last file has its digest. */
  ledgers: CsvLedger[];
  table: UnitedTable;
}

/** Keeps what the next load asks for; the landmarks are for those who look for a line. */
export function resumeOf(
  parts: readonly CsvPart[],
  ledgers: readonly CsvLedger[],
  table: UnitedTable,
): CsvResume | undefined {
  if (ledgers.at(-1)?.digest === undefined) return undefined;
  return { parts: [...parts], ledgers: ledgers.map((one) => ({ ...one, landmarks: [] })), table };
}

/** What came behind the bytes of a file that were read before. */
export interface Tail {
  /** The new bytes in a copy, below an empty line. */
  part: CsvPart;
  /** Those that were read before: to be held against what they were while the new ones are read. */
  prefix: Prefix;
}

/**
 * Copies what is behind the bytes of a file that were read before to `copyTo`; undefined where that is nothing, and the file what it was. `now` is the
 * file as it would be read today. Throws NotAnAppend where it cannot be the same file.
 */
export function takeTail(
  { part: before, ledger }: { part: CsvPart; ledger: CsvLedger },
  now: CsvPart,
  copyTo: string,
  signal: AbortSignal,
): Tail | undefined {
  const { file, plainBytes } = before;
  if (before.plainPath !== before.path || now.plainPath !== now.path)
    throw new NotAnAppend(`${file} is not plain UTF-8.`);
  if (now.plainBytes < plainBytes) throw new NotAnAppend(`${file} has become shorter.`);
  if (ledger.unterminated && now.plainBytes > plainBytes)
    throw new NotAnAppend(`the last line of ${file} had no newline, and may have gone on.`);
  const prefix: Prefix = {
    path: now.path,
    name: file,
    bytes: plainBytes,
    digest: ledger.digest!,
    size: now.plainBytes,
  };
  if (now.plainBytes === plainBytes) {
    const compared = comparePrefix(prefix, () => !signal.aborted);
    signal.throwIfAborted();
    if (compared?.isOther !== false) throw notTheSame(file);
    return undefined;
  }
  const newline = NEWLINES[now.detection.dialect.newline];
  copyTail(prefix, copyTo, signal, newline);
  const part: CsvPart = {
    ...now,
    plainPath: copyTo,
    plainBytes: newline.length + now.plainBytes - plainBytes,
    detection: {
      ...now.detection,
      dataStart: newline.length,
      dataLine: ledger.nextLine,
      skip: NORMAL_SKIP,
    },
  };
  return { part, prefix };
}

/** Bytes that were read before have changed. */
export function notTheSame(file: string): NotAnAppend {
  return new NotAnAppend(`${file} is not the same as before up to where it ended.`);
}

const NEWLINES = { lf: '\n', crlf: '\r\n', cr: '\r' } as const;

/** Refuses columns, types or ways to write them that are not those by which the rows before were read. */
export function checkSameReading(
  before: CsvResume,
  table: UnitedTable,
  parts: readonly CsvPart[],
): void {
  const known = before.parts.length;
  for (const [i, { detection }] of before.parts.entries()) {
    const now = parts[i]!.detection;
    if (readingOf(detection) !== readingOf(now))
      throw new NotAnAppend(`${now.file} would be read in another way today.`);
  }
  const was = [...before.table.columns, ...before.table.fileColumns];
  const is = [...table.columns, ...table.fileColumns];
  for (const [i, column] of is.entries()) {
    const { name, type } = column;
    const old = was[i];
    if (old?.name !== name) throw new NotAnAppend(`the column "${name}" is new.`);
    if (old.type !== type)
      throw new NotAnAppend(`the column "${name}" is ${type} now, and was ${old.type}.`);
    if (ruleOf(old, known) !== ruleOf(column, known))
      throw new NotAnAppend(`the column "${name}" would be read in another way today.`);
  }
  if (is.length < was.length)
    throw new NotAnAppend(`the column "${was[is.length]!.name}" is gone.`);
}

type Column = UnitedTable['columns'][number] | UnitedTable['fileColumns'][number];

/** How the first files are read; how long their longest value is decides nothing. */
function ruleOf(column: Column, files: number): string {
  if ('values' in column) return canonicalJson(column.values.slice(0, files));
  const rules = column.fields.slice(0, files).map((field) => {
    if (field === undefined) return null;
    const { longest: _, ...rule } = field.rule;
    return { position: field.position, rule };
  });
  return canonicalJson({ said: column.said, rules });
}

function readingOf({
  dialect,
  decimal,
  header,
  dataStart,
  dataLine,
  skip,
  gzip,
  encoding,
}: CsvPart['detection']): string {
  return canonicalJson({ dialect, decimal, header, dataStart, dataLine, skip, gzip, encoding });
}

/** The table of the files from `from` on. */
export function tableBehind({ columns, fileColumns }: UnitedTable, from: number): UnitedTable {
  return {
    columns: columns.map((column) => ({ ...column, fields: column.fields.slice(from) })),
    fileColumns: fileColumns.map((column) => ({ ...column, values: column.values.slice(from) })),
  };
}

/** The ledger of a file of which two parts were scanned one after the other; the second has the digest of both. */
export function ledgerOfBoth(first: CsvLedger, second: CsvLedger): CsvLedger {
  const sum = (of: (ledger: CsvLedger) => number): number => of(first) + of(second);
  return {
    ...second,
    records: sum(({ records }) => records),
    rows: sum(({ rows }) => rows),
    blank: sum(({ blank }) => blank),
    findings: [...first.findings, ...second.findings].slice(0, MAX_FINDINGS),
    longest: Math.max(first.longest, second.longest),
    landmarks: [],
  };
}
