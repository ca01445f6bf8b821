import { closeSync, openSync, writeSync } from 'node:fs';
import type { CsvDialect } from './dialect.js';
import type { CsvLedger } from './ledger.js';
import type { RecordReader } from './record-reader.js';
import { scanCsv, type ScanTask, type ScanWatch } from './scan-csv.js';
import type { ScanKernel } from './scan-kernel.js';

/** The dialect of a normalised copy: that of the source, with quotes doubled and every row regular. */
export function normalDialect(dialect: CsvDialect): CsvDialect {
  return { ...dialect, escape: dialect.quote };
}

const BUFFER_BYTES = 4 << 20;

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
  const fd = openSync(target, 'w');
  const buffer = Buffer.allocUnsafe(BUFFER_BYTES);
  let filled = 0;
  const flush = (): void => {
    for (let at = 0; at < filled;) at += writeSync(fd, buffer, at, filled - at);
    filled = 0;
  };
  const put = (bytes: Uint8Array): void => {
    for (let from = 0; from < bytes.length;) {
      const part = bytes.subarray(from, from + BUFFER_BYTES - filled);
      buffer.set(part, filled);
      filled += part.length;
      from += part.length;
      if (filled === BUFFER_BYTES) flush();
    }
  };
  const newline = Buffer.from({ lf: '\n', crlf: '\r\n', cr: '\r' }[task.dialect.newline]);
  try {
    const ledger = scanCsv({ ...task, rules: [] }, kernel, {
      ...(onBytes ? { onBytes } : {}),
      onRows: put,
      onOddRow(record) {
        putRecord(record, task.dialect, put);
        put(newline);
      },
    });
    flush();
    return ledger;
  } finally {
    closeSync(fd);
  }
}

function putRecord(
  record: RecordReader,
  { delimiter, quote }: CsvDialect,
  put: (bytes: Uint8Array) => void,
): void {
  const sign = Buffer.from(delimiter);
  for (let i = 0; i < record.fields; i++) {
    if (i > 0) put(sign);
    const value = record.value(i);
    // An empty field that was not quoted is null and stays so.
    if (value.length === 0 && !record.isQuoted(i)) continue;
    put(quote === '' ? value : quotedField(value, quote.charCodeAt(0)));
  }
}

function quotedField(value: Uint8Array, quote: number): Uint8Array {
  const out = new Uint8Array(2 + value.length * 2);
  let length = 0;
  out[length++] = quote;
  for (const byte of value) {
    if (byte === quote) out[length++] = quote;
    out[length++] = byte;
  }
  out[length++] = quote;
  return out.subarray(0, length);
}
