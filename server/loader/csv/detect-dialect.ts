import type { CsvOptions } from '../source.js';
import type { CsvDialect, Newline } from './dialect.js';
import { bytesOfBuffer } from '../byte-source.js';
import { ODD, RecordReader } from './record-reader.js';

/** The dialect of a sample and the records it then falls into. */
export interface FoundDialect {
  dialect: CsvDialect;
  /** Fields of most records. */
  width: number;
  records: SampleRecord[];
}

export interface SampleRecord {
  /** Offset of its first byte, and of the first byte behind its newline. */
  start: number;
  next: number;
  /** 1-based. */
  line: number;
  lines: number;
  odd: boolean;
  fields: string[];
}

const DELIMITERS = [',', ';', '\t', '|'] as const;
/** Enough to tell a dialect; all records of the chosen one are read again for the types. */
const TRIAL_RECORDS = 500;
const TRIAL_BYTES = 64 * 1024;

/**
 * Finds the dialect under which the sample falls into the most regular table: the share of records that have the
 * usual number of fields, less what is odd about quotes, less fields that still hold another candidate's sign.
 * What `options` says is taken as said.
 */
export function detectDialect(
  sample: Uint8Array,
  complete: boolean,
  options: CsvOptions,
): FoundDialect {
  const newline = newlineOf(sample);
  // The header alone may be longer than what is enough to tell a dialect.
  const head = sample.indexOf(10) < TRIAL_BYTES / 2 ? sample.subarray(0, TRIAL_BYTES) : sample;
  const headComplete = complete && head.length === sample.length;
  let best: { dialect: CsvDialect; score: number } | undefined;
  for (const delimiter of options.delimiter === undefined ? DELIMITERS : [options.delimiter]) {
    for (const { quote, escape } of quotings(head, options)) {
      const dialect = { delimiter, quote, escape, newline };
      const score = regularity(recordsOf(head, headComplete, dialect, TRIAL_RECORDS), dialect);
      if (best === undefined || score > best.score + 1e-9) best = { dialect, score };
    }
  }
  const { dialect } = best!;
  const records = recordsOf(sample, complete, dialect, Infinity);
  return { dialect, width: usualWidth(records), records };
}

/** The newline that the first line ends with. */
export function newlineOf(sample: Uint8Array): Newline {
  const lf = sample.indexOf(10);
  const cr = sample.indexOf(13);
  if (cr < 0 || (lf >= 0 && lf < cr)) return 'lf';
  return lf === cr + 1 ? 'crlf' : lf < 0 ? 'cr' : sample[cr + 1] === 10 ? 'crlf' : 'cr';
}

function quotings(head: Uint8Array, options: CsvOptions): { quote: string; escape: string }[] {
  const { quote, escape } = options;
  if (quote !== undefined) return [{ quote, escape: escape ?? quote }];
  if (escape !== undefined) return [{ quote: '"', escape }];
  const text = Buffer.from(head.buffer, head.byteOffset, head.length);
  const found = [{ quote: '"', escape: '"' }];
  if (text.includes('\\"')) found.push({ quote: '"', escape: '\\' });
  if (
    !text.includes('"') &&
    /(?:^|[,;\t|\n])'[^\n]*'(?:[,;\t|\r\n]|$)/.test(text.toString('latin1'))
  ) {
    found.push({ quote: "'", escape: "'" });
  }
  return found;
}

/** The records of a sample; the last one is left out where the sample cuts it off. */
export function recordsOf(
  sample: Uint8Array,
  complete: boolean,
  dialect: CsvDialect,
  most: number,
): SampleRecord[] {
  const reader = new RecordReader(bytesOfBuffer(sample, 'sample'), dialect);
  const records: SampleRecord[] = [];
  try {
    while (records.length < most && reader.read()) {
      // A record that the sample cuts off says something only where there is no other.
      if ((reader.flags & ODD.UNTERMINATED) !== 0 && !complete && records.length > 0) break;
      const fields: string[] = [];
      for (let i = 0; i < reader.fields; i++) fields.push(reader.text(i));
      const { start, next, line, lines, blank, broken } = reader;
      const odd = broken || (reader.flags & (ODD.STRAY_QUOTE | ODD.AFTER_QUOTE)) !== 0;
      if (!blank) records.push({ start, next, line, lines, odd, fields });
    }
  } catch {
    // A quote that is open at the end of the sample: the records before it still tell the dialect.
  }
  return records;
}

/** The number of fields that most records have; of equals the greater. */
export function usualWidth(records: readonly SampleRecord[]): number {
  const counts = new Map<number, number>();
  for (const { fields } of records) counts.set(fields.length, (counts.get(fields.length) ?? 0) + 1);
  let best = 1;
  let most = 0;
  for (const [width, count] of counts) {
    if (count > most || (count === most && width > best)) {
      best = width;
      most = count;
    }
  }
  return best;
}

const NUMBER_WITH_COMMA = /^\s*[+-]?[\d.]*\d,\d+\s*$/;

function regularity(records: readonly SampleRecord[], dialect: CsvDialect): number {
  if (records.length === 0) return -1;
  const width = usualWidth(records);
  // One column is what every file falls into under a sign it does not hold: another must do better than by chance.
  if (width === 1) return 0.6;
  const others = DELIMITERS.filter((each) => each !== dialect.delimiter);
  let regular = 0;
  let odd = 0;
  let cells = 0;
  let mixed = 0;
  for (const record of records) {
    if (record.fields.length === width) regular++;
    if (record.odd) odd++;
    for (const cell of record.fields) {
      cells++;
      if (!others.some((other) => cell.includes(other))) continue;
      if (!NUMBER_WITH_COMMA.test(cell) && !cell.includes(' ')) mixed++;
    }
  }
  const share = regular / records.length;
  return 0.1 + share - (0.5 * odd) / records.length - (0.4 * mixed) / cells;
}
