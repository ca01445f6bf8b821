import { HalftoneError } from '../../errors.js';
import type { ByteSource } from '../byte-source.js';
import { MAX_RECORD_BYTES, type CsvDialect, type Newline } from './dialect.js';

/** What is odd about a record: bits of `RecordReader.flags`. */
export const ODD = {
  /** A quote inside a field that does not begin with one; it is taken for a character like any other. */
  STRAY_QUOTE: 1,
  /** Text between a closing quote and the next delimiter; it is kept as part of the field. */
  AFTER_QUOTE: 2,
  NUL: 4,
  /** Ends with the file, not with a newline. */
  UNTERMINATED: 8,
} as const;

export const FIELD_QUOTED = 1;
/** The field's bytes are not its value: it holds escapes, or text after its closing quote. */
export const FIELD_ESCAPED = 2;

const LF = 10;
const CR = 13;
const FIRST_WINDOW = 1 << 20;

/**
 * Reads a CSV record by record, quote by quote, without ever guessing: the plain twin of the scan kernel, and
 * the reader of everything the kernel finds odd. Offsets are bytes of the source; lines are physical and 1-based.
 *
 * A quoted field that runs over the end of its line and then comes out odd is most likely a lone quote that
 * swallowed its neighbours: only its first line is given as a record (`broken`), and reading goes on behind it.
 */
export class RecordReader {
  /** The record just read: its bytes without the newline are `[start, end)` of the source. */
  start = 0;
  end = 0;
  /** Where the next record begins. */
  next = 0;
  /** The line the record begins on. */
  line: number;
  /** Physical lines of the record: more than one where quoted fields hold newlines. */
  lines = 0;
  fields = 0;
  flags = 0;
  /** The first line of a quoted field that went wrong further down. */
  broken = false;
  /** The record is a line without a byte in it. */
  blank = false;
  starts = new Float64Array(64);
  ends = new Float64Array(64);
  marks = new Uint8Array(64);

  readonly #source: ByteSource;
  readonly #delimiter: number;
  readonly #quote: number;
  readonly #escape: number;
  readonly #width: number;
  #window = Buffer.alloc(0);
  /** The source's offset of the window's first byte, and how many of its bytes are filled. */
  #base = 0;
  #filled = 0;
  /** Lines from the start of the record to the quote that was open when the bytes ended. */
  #quoteLine = 0;

  /** `width` is the number of fields a record should have; 0 where it is not known yet. */
  constructor(source: ByteSource, dialect: CsvDialect, { offset = 0, line = 1, width = 0 } = {}) {
    this.#source = source;
    this.#delimiter = dialect.delimiter.charCodeAt(0);
    this.#quote = dialect.quote === '' ? -1 : dialect.quote.charCodeAt(0);
    this.#escape = dialect.escape === '' ? this.#quote : dialect.escape.charCodeAt(0);
    this.#width = width;
    this.next = offset;
    this.line = line;
  }

  /** Goes on reading at another place. */
  seek(offset: number, line: number): void {
    this.next = offset;
    this.line = line;
    this.lines = 0;
  }

  /** Reads the next record; false at the end of the source. Throws CSV_QUOTE_OPEN for a quote without an end. */
  read(): boolean {
    const { size } = this.#source;
    this.line += this.lines;
    this.start = this.next;
    this.lines = 0;
    if (this.start >= size) return false;
    for (let want = FIRST_WINDOW; ; want = Math.min(want * 4, MAX_RECORD_BYTES)) {
      const from = this.start - this.#base;
      if (from >= 0 && from < this.#filled && this.#parse(from, false)) {
        // A quoted field of several lines in a record of the wrong width: a lone quote, again.
        const wide = this.#width === 0 || this.fields === this.#width;
        if (this.lines > 1 && !wide) this.#parse(from, true);
        return true;
      }
      if (from === 0 && (this.#filled === size - this.start || this.#filled >= MAX_RECORD_BYTES)) {
        throw this.#openQuote();
      }
      this.#fill(want);
    }
  }

  /** The bytes of the source in `[from, to)`, which must lie within the record just read. Valid until the next read. */
  bytes(from: number, to: number): Uint8Array {
    return this.#window.subarray(from - this.#base, to - this.#base);
  }

  /** What the record ends with; `lf` at the end of a file without a last newline. */
  get newline(): Newline {
    if (this.next - this.end === 2) return 'crlf';
    return this.#window[this.end - this.#base] === CR && this.next > this.end ? 'cr' : 'lf';
  }

  /** The value of a field as text, its quotes and escapes resolved. */
  text(field: number): string {
    const marks = this.marks[field]!;
    if ((marks & FIELD_ESCAPED) !== 0) return Buffer.from(this.value(field)).toString('utf8');
    const inset = marks & FIELD_QUOTED;
    const from = this.starts[field]! - this.#base + inset;
    return this.#window.toString('utf8', from, this.ends[field]! - this.#base - inset);
  }

  /** The value of a field in bytes, its quotes and escapes resolved. Valid until the next read. */
  value(field: number): Uint8Array {
    const marks = this.marks[field]!;
    const raw = this.bytes(this.starts[field]!, this.ends[field]!);
    if ((marks & FIELD_QUOTED) === 0) return raw;
    if ((marks & FIELD_ESCAPED) === 0) return raw.subarray(1, raw.length - 1);
    return unescaped(raw, this.#quote, this.#escape);
  }

  isQuoted(field: number): boolean {
    return (this.marks[field]! & FIELD_QUOTED) !== 0;
  }

  #openQuote(): HalftoneError {
    const line = this.line + this.#quoteLine;
    return new HalftoneError(
      'CSV_QUOTE_OPEN',
      `${this.#source.name}: the quote that opens in line ${line} is never closed.`,
      {
        file: this.#source.name,
        line,
        hint: `Close it, or say that quotes mean nothing here with --csv quote=.`,
      },
    );
  }

  #fill(want: number): void {
    if (this.#window.length < want) this.#window = Buffer.allocUnsafe(want);
    this.#base = this.start;
    this.#filled = 0;
    const goal = Math.min(want, this.#source.size - this.#base);
    while (this.#filled < goal) {
      const got = this.#source.read(
        this.#window.subarray(this.#filled, goal),
        this.#base + this.#filled,
      );
      this.#filled += got;
    }
  }

  /**
   * Parses the record at `from` of the window; false where the window ends first. With `firstLineOnly` a
   * newline ends the record even inside quotes.
   */
  #parse(from: number, firstLineOnly: boolean): boolean {
    const bytes = this.#window;
    const filled = this.#filled;
    const atEnd = this.#base + filled >= this.#source.size;
    const delimiter = this.#delimiter;
    const quote = this.#quote;
    const escape = this.#escape;
    let at = from;
    let flags = 0;
    let lines = 1;
    this.fields = 0;
    this.#quoteLine = 0;
    for (;;) {
      const fieldStart = at;
      let marks = 0;
      if (at < filled && bytes[at] === quote) {
        marks = FIELD_QUOTED;
        const openedAt = lines - 1;
        at++;
        for (;;) {
          if (at >= filled) {
            this.#quoteLine = openedAt;
            if (!(atEnd && firstLineOnly)) return false;
            marks |= FIELD_ESCAPED;
            break;
          }
          const byte = bytes[at]!;
          if (byte === escape && escape !== quote) {
            marks |= FIELD_ESCAPED;
            at += 2;
          } else if (byte === quote) {
            if (escape === quote && at + 1 >= filled && !atEnd) return false;
            if (escape === quote && at + 1 < filled && bytes[at + 1] === quote) {
              marks |= FIELD_ESCAPED;
              at += 2;
            } else {
              at++;
              break;
            }
          } else {
            if (byte === LF || byte === CR) {
              if (firstLineOnly) {
                marks |= FIELD_ESCAPED;
                break;
              }
              if (byte === CR && at + 1 >= filled && !atEnd) return false;
              if (byte === LF || bytes[at + 1] !== LF || at + 1 >= filled) lines++;
            } else if (byte === 0) flags |= ODD.NUL;
            at++;
          }
        }
        // At most the end of the field follows; anything else is text behind a closing quote.
        if (at < filled && bytes[at] !== delimiter && bytes[at] !== LF && bytes[at] !== CR) {
          flags |= ODD.AFTER_QUOTE;
          marks |= FIELD_ESCAPED;
          // A lone quote has swallowed lines: what it seems to hold is worth nothing.
          if (lines > 1 && !firstLineOnly) return this.#parse(from, true);
        }
      }
      while (at < filled) {
        const byte = bytes[at]!;
        if (byte === delimiter || byte === LF || byte === CR) break;
        if (byte === quote && marks === 0) flags |= ODD.STRAY_QUOTE;
        else if (byte === 0) flags |= ODD.NUL;
        at++;
      }
      if (at >= filled) {
        if (!atEnd) return false;
        at = filled;
        flags |= ODD.UNTERMINATED;
      }
      this.#push(fieldStart, at, marks);
      if (at < filled && bytes[at] === delimiter) {
        at++;
        continue;
      }
      break;
    }
    let next = at;
    if (at < filled) {
      next = at + 1;
      if (bytes[at] === CR) {
        if (next >= filled && !atEnd) return false;
        if (next < filled && bytes[next] === LF) next++;
      }
    }
    this.end = this.#base + at;
    this.next = this.#base + next;
    this.flags = flags;
    this.lines = lines;
    this.broken = firstLineOnly;
    this.blank = this.end === this.start;
    return true;
  }

  #push(from: number, to: number, marks: number): void {
    if (this.fields === this.starts.length) {
      const twice = this.fields * 2;
      const grow = (old: Float64Array): Float64Array<ArrayBuffer> => {
        const grown = new Float64Array(twice);
        grown.set(old);
        return grown;
      };
      this.starts = grow(this.starts);
      this.ends = grow(this.ends);
      const grownMarks = new Uint8Array(twice);
      grownMarks.set(this.marks);
      this.marks = grownMarks;
    }
    this.starts[this.fields] = this.#base + from;
    this.ends[this.fields] = this.#base + to;
    this.marks[this.fields++] = marks;
  }
}

/** The value of a quoted field: escapes resolved, text behind the closing quote kept as it is. */
function unescaped(raw: Uint8Array, quote: number, escape: number): Uint8Array {
  const out = new Uint8Array(raw.length);
  let length = 0;
  let open = true;
  for (let i = 1; i < raw.length; i++) {
    const byte = raw[i]!;
    if (open && byte === escape && i + 1 < raw.length) {
      const next = raw[i + 1]!;
      if (next === quote || (escape !== quote && next === escape)) {
        out[length++] = next;
        i++;
        continue;
      }
    }
    if (open && byte === quote) {
      open = false;
      continue;
    }
    out[length++] = byte;
  }
  return out.subarray(0, length);
}
