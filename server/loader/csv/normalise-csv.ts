import { closeSync, openSync, writeSync } from 'node:fs';
import type { CsvDialect } from './dialect.js';
import type { CsvLedger } from './ledger.js';
import { ODD, type RecordReader } from './record-reader.js';
import { scanCsv, type ScanTask, type ScanWatch } from './scan-csv.js';
import type { ScanKernel } from './scan-kernel.js';

/** The dialect of a normalised copy: that of the source, with quotes doubled and every row regular. */
export function normalDialect(dialect: CsvDialect): CsvDialect {
  return { ...dialect, escape: dialect.quote };
}

const BUFFER_BYTES = 4 << 20;

/** Lines in front of the first row of a normalised copy: an empty one, by which a reader can tell the newline. */
export const NORMAL_SKIP = 1;

/**
 * Writes the rows of a CSV to `target` so that no reader can misread them: no header, nothing ragged, every odd field
 * quoted anew. What is left out is counted and listed in the ledger.
 */
export function normaliseCsv(
  task: ScanTask,
  kernel: ScanKernel | null,
  target: string,
  onBytes?: ScanWatch['onBytes'],
): CsvLedger {
  const out = new RowWriter(target, task.dialect);
  try {
    out.writeNewline();
    const ledger = scanCsv({ ...task, rules: [] }, kernel, {
      ...(onBytes ? { onBytes } : {}),
      onRows: (bytes) => out.writeBytes(bytes),
      onOddRow: (record) => out.writeRecord(record),
    });
    out.flush();
    return ledger;
  } finally {
    out.close();
  }
}

/** Gathers rows in a buffer; owns the file it writes them to. */
class RowWriter {
  readonly #fd: number;
  readonly #delimiter: number;
  readonly #quote: number;
  readonly #doubled: boolean;
  readonly #newline: Uint8Array;
  #buffer = Buffer.allocUnsafe(BUFFER_BYTES);
  #filled = 0;

  constructor(target: string, { delimiter, quote, escape, newline }: CsvDialect) {
    this.#fd = openSync(target, 'w');
    this.#delimiter = delimiter.charCodeAt(0);
    this.#quote = quote === '' ? -1 : quote.charCodeAt(0);
    this.#doubled = escape === quote;
    this.#newline = Buffer.from({ lf: '\n', crlf: '\r\n', cr: '\r' }[newline]);
  }

  writeBytes(bytes: Uint8Array): void {
    this.#makeRoom(bytes.length);
    this.#buffer.set(bytes, this.#filled);
    this.#filled += bytes.length;
  }

  writeNewline(): void {
    this.writeBytes(this.#newline);
  }

  /** Fields keep their bytes where every reader agrees on them; an empty field that is not quoted stays so: it is null. */
  writeRecord(record: RecordReader): void {
    // A field may double in length, and get quotes around it.
    this.#makeRoom(2 * (record.end - record.start) + 3 * record.fields + 2);
    const stray = (record.flags & (ODD.STRAY_QUOTE | ODD.AFTER_QUOTE)) !== 0;
    const anew = stray || !this.#doubled;
    for (let i = 0; i < record.fields; i++) {
      if (i > 0) this.#buffer[this.#filled++] = this.#delimiter;
      if (anew && this.#quote >= 0) this.#putAnew(record.value(i), record.isQuoted(i));
      else this.#put(record.bytes(record.starts[i]!, record.ends[i]!));
    }
    this.#put(this.#newline);
  }

  flush(): void {
    for (let at = 0; at < this.#filled;) {
      at += writeSync(this.#fd, this.#buffer, at, this.#filled - at);
    }
    this.#filled = 0;
  }

  close(): void {
    closeSync(this.#fd);
  }

  /** Byte by byte: fields are short, and a call of `set` costs more than they do. */
  #put(bytes: Uint8Array): void {
    const buffer = this.#buffer;
    let at = this.#filled;
    for (let i = 0; i < bytes.length; i++) buffer[at++] = bytes[i]!;
    this.#filled = at;
  }

  #putAnew(value: Uint8Array, wasQuoted: boolean): void {
    const quote = this.#quote;
    if (!wasQuoted && !value.includes(quote)) return this.#put(value);
    const buffer = this.#buffer;
    let at = this.#filled;
    buffer[at++] = quote;
    for (let i = 0; i < value.length; i++) {
      if (value[i] === quote) buffer[at++] = quote;
      buffer[at++] = value[i]!;
    }
    buffer[at++] = quote;
    this.#filled = at;
  }

  #makeRoom(bytes: number): void {
    if (this.#filled + bytes <= this.#buffer.length) return;
    this.flush();
    if (bytes > this.#buffer.length) this.#buffer = Buffer.allocUnsafe(bytes);
  }
}
