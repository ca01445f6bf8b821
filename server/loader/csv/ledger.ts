import type { Finding } from '../../../protocol/dataset.js';
import type { CsvDialect } from './dialect.js';
import { ODD, type RecordReader } from './record-reader.js';

/** No more findings are listed; all are counted. */
export const MAX_FINDINGS = 1000;

/** Of empty lines fewer are listed: they must not hide what is worse. */
const MAX_EMPTY = 100;

/** A stretch that stays in the second-level cache while it is read, scanned and checked for UTF-8. */
export const STRETCH_BYTES = 512 * 1024;

/**
 * What became of every record of a file, counted by ourselves: whatever reads the file must agree with it.
 * `records = rows + blank + ragged + broken`, and what is not a row is set aside.
 */
export interface CsvLedger {
  /** Records behind header and preamble. */
  records: number;
  /** Records with as many fields as there are columns. */
  rows: number;
  /** Empty lines of a table of several columns. */
  blank: number;
  /** Records with too few or too many fields. */
  ragged: number;
  /** First lines of quoted fields that went wrong further down. */
  broken: number;
  /** Rows with quotes in unquoted fields, with text behind a closing quote, with NUL bytes. */
  strayQuotes: number;
  afterQuotes: number;
  nuls: number;
  /** The last record ends with the file, not with a newline. */
  unterminated: boolean;
  /** And it is no row: the file is probably cut off. */
  cut: boolean;
  /** Lines end in different ways, which DuckDB refuses. */
  mixedNewlines: boolean;
  /** The line of the first bytes that are not UTF-8; 0 for none. */
  notUtf8Line: number;
  /** The first value that DuckDB would have read as another one. */
  misfit?: { line: number; column: number };
  findings: Finding[];
  /** The line that a record behind the last would begin in. */
  nextLine: number;
  /** That of the whole file, by blocks, where it was asked for. */
  digest?: string;
  /** The bytes in front of what was scanned are not those that were read before. */
  isOther?: boolean;
  /** Bytes of the longest record, where one is longer than a stretch of the scan; else 0. */
  longest: number;
  /** Where to find a row again: about every half megabyte, how many rows stand before it, its line and its byte. */
  landmarks: Landmark[];
}

export interface Landmark {
  row: number;
  line: number;
  offset: number;
}

/** One number of all files together. */
export function sumOf(ledgers: readonly CsvLedger[], of: (ledger: CsvLedger) => number): number {
  return ledgers.reduce((total, ledger) => total + of(ledger), 0);
}

/** Records that are not rows. */
export function setAside({ records, rows }: CsvLedger): number {
  return records - rows;
}

export function emptyLedger(): CsvLedger {
  return {
    records: 0,
    rows: 0,
    blank: 0,
    ragged: 0,
    broken: 0,
    strayQuotes: 0,
    afterQuotes: 0,
    nuls: 0,
    unterminated: false,
    cut: false,
    mixedNewlines: false,
    notUtf8Line: 0,
    findings: [],
    nextLine: 0,
    longest: 0,
    landmarks: [],
  };
}

/** True where DuckDB may read the file as it stands, column by column as text, and must then find exactly `rows` rows. */
export function isRegular(ledger: CsvLedger): boolean {
  return (
    ledger.ragged + ledger.broken + ledger.strayQuotes + ledger.afterQuotes + ledger.nuls === 0 &&
    !ledger.mixedNewlines &&
    ledger.notUtf8Line === 0
  );
}

/** True where it may read the file with the types that were guessed, too. */
export function isClean(ledger: CsvLedger): boolean {
  return isRegular(ledger) && ledger.misfit === undefined && ledger.isOther !== true;
}

/** Enters the record just read; true where it is a row. */
export function enterRecord(
  ledger: CsvLedger,
  record: RecordReader,
  { width, dialect: { newline } }: { width: number; dialect: CsvDialect },
  file: string,
): boolean {
  ledger.records++;
  const { line, flags } = record;
  const length = record.next - record.start;
  if (length > STRETCH_BYTES && length > ledger.longest) ledger.longest = length;
  const note = (code: string, message: string): void => {
    if (ledger.findings.length < MAX_FINDINGS) {
      ledger.findings.push({ code, message: `${file}, line ${line}: ${message}`, file, line });
    }
  };
  if ((flags & ODD.UNTERMINATED) !== 0) {
    ledger.unterminated = true;
    ledger.cut = record.broken || record.fields !== width;
  } else if (record.newline !== newline) ledger.mixedNewlines = true;
  if (record.blank && width > 1) {
    ledger.blank++;
    if (ledger.blank <= MAX_EMPTY) note('CSV_LINE_EMPTY', 'set aside: the line is empty.');
    return false;
  }
  if (record.broken) {
    ledger.broken++;
    note(
      'CSV_QUOTE_BROKEN',
      'set aside: a quote opens here and is not closed where its field ends.',
    );
    return false;
  }
  if (record.fields !== width) {
    ledger.ragged++;
    const fields = `${record.fields} ${record.fields === 1 ? 'field' : 'fields'}`;
    note('CSV_RAGGED', `set aside: ${fields} where there should be ${width}.`);
    return false;
  }
  ledger.rows++;
  if ((flags & ODD.STRAY_QUOTE) !== 0) {
    ledger.strayQuotes++;
    note('CSV_QUOTE_STRAY', 'a quote inside an unquoted field is taken for a character.');
  }
  if ((flags & ODD.AFTER_QUOTE) !== 0) {
    ledger.afterQuotes++;
    note('CSV_QUOTE_TEXT', 'text behind a closing quote is kept as part of the field.');
  }
  if ((flags & ODD.NUL) !== 0) {
    ledger.nuls++;
    note('CSV_NUL', 'the line holds NUL bytes.');
  }
  return true;
}
