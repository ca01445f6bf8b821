/** How the bytes of a CSV, already in UTF-8, fall into records and fields. */
export interface CsvDialect {
  /** One ASCII character. */
  delimiter: string;
  /** One ASCII character, or empty where nothing is quoted. */
  quote: string;
  /** What stands before a quote inside a quoted field: the quote itself, or a backslash. */
  escape: string;
  newline: Newline;
}

/** What ends most lines. Readers take all three for the end of a line, wherever no quote is open. */
export type Newline = 'lf' | 'crlf' | 'cr';

/** A record longer than this, in bytes, is taken for a quote that is never closed. */
export const MAX_RECORD_BYTES = 512 * 1024 * 1024;
