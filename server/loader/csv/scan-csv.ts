import { isUtf8 } from 'node:buffer';
import { closeSync, fstatSync, openSync } from 'node:fs';
import { comparePrefix, type Prefix } from '../append/compare-prefix.js';
import { bytesOfFile, type ByteSource } from '../byte-source.js';
import type { CsvDialect } from './dialect.js';
import { STRETCH_BYTES, emptyLedger, enterRecord, type CsvLedger } from './ledger.js';
import { DigestingSource } from './digesting-source.js';
import { RecordReader } from './record-reader.js';
import { SCAN_END, VALUE_RULES, type ScanKernel, type ValueRule } from './scan-kernel.js';

/** What is to be scanned, and where its first record begins. */
export interface ScanTask {
  path: string;
  /** What the file is called in sentences: `path` may be a copy of it. */
  name: string;
  dialect: CsvDialect;
  /** Fields of a record. */
  width: number;
  /** One a column. */
  rules: readonly ValueRule[];
  dataStart: number;
  dataLine: number;
  /** Compute the digest of the file on the way. */
  digest?: boolean;
  /** What is scanned is a copy of what came behind these bytes of a file, which are held against what they were. */
  prefix?: Prefix | undefined;
}

export interface ScanWatch {
  /** Called before every stretch with the bytes done so far; false ends the scan, whose ledger then stops there. */
  onBytes?: (bytes: number, ledger: CsvLedger) => boolean;
  /** Gets whole rows as they stand, in order; the bytes are valid during the call. */
  onRows?: (bytes: Uint8Array) => void;
  /** Gets the rows that could not be taken as they stand, in order with the others. */
  onOddRow?: (record: RecordReader) => void;
}

/**
 * Counts every record of a CSV in UTF-8 and checks its structure from the first byte to the last: the ledger that the
 * load is held against. Clean stretches go through the kernel at memory speed, odd records through the RecordReader.
 */
export function scanCsv(
  task: ScanTask,
  kernel: ScanKernel | null,
  watch: ScanWatch = {},
): CsvLedger {
  const fd = openSync(task.path, 'r');
  try {
    const file = bytesOfFile(fd, fstatSync(fd).size, task.name);
    const digesting = task.digest === true ? new DigestingSource(file) : undefined;
    const source = digesting ?? file;
    // The kernel knows doubled quotes only.
    const simple = task.dialect.escape === task.dialect.quote || task.dialect.quote === '';
    let isWhole = true;
    const watched: ScanWatch = {
      ...watch,
      onBytes: (bytes, ledger) => (isWhole = watch.onBytes?.(bytes, ledger) !== false),
    };
    const ledger =
      kernel !== null && simple
        ? scanByKernel(source, task, kernel, watched)
        : scanPlain(source, task, watched);
    if (!isWhole) return ledger;
    if (task.prefix !== undefined) {
      const goesOn = (): boolean => watch.onBytes?.(file.size, ledger) !== false;
      return { ...ledger, ...comparePrefix(task.prefix, goesOn) };
    }
    return digesting === undefined ? ledger : { ...ledger, digest: digesting.finish() };
  } finally {
    closeSync(fd);
  }
}

/** The plain twin: every record through the RecordReader. It checks no value rules. */
export function scanPlain(source: ByteSource, task: ScanTask, watch: ScanWatch = {}): CsvLedger {
  const { width, dataStart, dataLine } = task;
  const ledger = emptyLedger();
  const reader = new RecordReader(source, task.dialect, {
    offset: dataStart,
    line: dataLine,
    width,
  });
  const newline = newlineByte(task.dialect);
  let told = -STRETCH_BYTES;
  for (;;) {
    if (reader.next - told >= STRETCH_BYTES) {
      told = reader.next;
      ledger.landmarks.push({ row: ledger.rows, line: reader.line + reader.lines, offset: told });
      if (watch.onBytes?.(told, ledger) === false) break;
    }
    if (!reader.read()) break;
    const kept = enterRecord(ledger, reader, task, source.name);
    checkUtf8(ledger, reader.bytes(reader.start, reader.end), reader.line, newline);
    if (kept) watch.onOddRow?.(reader);
  }
  ledger.nextLine = reader.line + reader.lines;
  return ledger;
}

export function scanByKernel(
  source: ByteSource,
  task: ScanTask,
  kernel: ScanKernel,
  watch: ScanWatch = {},
): CsvLedger {
  const { dialect, width, rules, dataStart, dataLine } = task;
  const ledger = emptyLedger();
  const reader = new RecordReader(source, dialect, { width });
  const { input } = kernel;
  const newline = newlineByte(dialect);
  kernel.setRules(rules);
  let checked = rules.some((rule) => rule !== VALUE_RULES.none);
  let line = dataLine;
  /** Of the source: where the input begins, and where the record begins that comes next. */
  let base = dataStart;
  let filled = 0;
  let at = dataStart;
  /** The kernel has just ended a record with a CR: an LF behind it is part of the newline. */
  let returned = false;
  while (at < source.size) {
    ledger.landmarks.push({ row: ledger.rows, line, offset: at });
    if (watch.onBytes?.(at, ledger) === false) break;
    input.copyWithin(0, at - base, filled);
    filled -= at - base;
    base = at;
    // One byte is left for a newline at the end of a file that has none.
    while (filled < input.length - 1 && base + filled < source.size) {
      filled += source.read(input.subarray(filled, input.length - 1), base + filled);
    }
    let end = filled;
    if (base + filled >= source.size && !isNewline(input[filled - 1])) {
      input[end++] = newline;
    }
    // Odd records are taken out one by one; then the kernel goes on with the same bytes.
    while (at < base + filled) {
      if (returned && input[at - base] === LF) {
        ledger.mixedNewlines = true;
        returned = false;
        at++;
        continue;
      }
      const ended = kernel.scan(at - base, end, dialect, width, checked);
      const next = Math.min(base + kernel.consumed, source.size);
      ledger.records += kernel.records;
      ledger.rows += kernel.records;
      const cut = next === source.size && end > filled && kernel.records > 0;
      if (cut) ledger.unterminated = true;
      const returns = dialect.newline === 'crlf' ? kernel.records - (cut ? 1 : 0) : 0;
      if (kernel.returns !== returns) ledger.mixedNewlines = true;
      checkUtf8(ledger, input.subarray(at - base, next - base), line, newline);
      if (next > at) watch.onRows?.(input.subarray(at - base, kernel.consumed));
      line += kernel.lines;
      returned = newline === CR && next > at;
      at = next;
      if (at >= base + filled) break;
      if (returned && input[at - base] === LF) continue;
      // The bytes end within a record: read on, unless it fills the input alone, or the file ends in an open quote.
      if (ended === SCAN_END.done && at > base && base + filled < source.size) break;
      if (ended === SCAN_END.value) {
        // One is enough: every value will be tried again, one by one.
        ledger.misfit = { line, column: kernel.column };
        checked = false;
        continue;
      }
      reader.seek(at, line);
      reader.read();
      returned = false;
      const kept = enterRecord(ledger, reader, task, source.name);
      checkUtf8(ledger, reader.bytes(reader.start, reader.end), line, newline);
      if (kept) watch.onOddRow?.(reader);
      line += reader.lines;
      at = reader.next;
    }
    if (at > base + filled) {
      base = at;
      filled = 0;
    }
  }
  ledger.nextLine = line;
  return ledger;
}

const LF = 10;
const CR = 13;
const newlineByte = ({ newline }: CsvDialect): number => (newline === 'cr' ? CR : LF);
const isNewline = (byte: number | undefined): boolean => byte === LF || byte === CR;

/** Notes the line of the first bytes that are not UTF-8. `line` is that of the first byte. */
function checkUtf8(ledger: CsvLedger, bytes: Uint8Array, line: number, newline: number): void {
  if (ledger.notUtf8Line !== 0 || isUtf8(bytes)) return;
  let from = 0;
  for (let at = line; from < bytes.length; at++) {
    const end = bytes.indexOf(newline, from);
    const to = end < 0 ? bytes.length : end + 1;
    if (!isUtf8(bytes.subarray(from, to))) {
      ledger.notUtf8Line = at;
      return;
    }
    from = to;
  }
}
