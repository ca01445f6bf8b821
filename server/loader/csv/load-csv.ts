import { rm } from 'node:fs/promises';
import { closeSync, fstatSync, openSync } from 'node:fs';
import { join } from 'node:path';
import type { Finding, LoadReport } from '../../../protocol/dataset.js';
import { HalftoneError } from '../../errors.js';
import type { DatasetSource } from '../source.js';
import { isNative, valueRuleFor } from './column-sql.js';
import { encodingName } from './encoding.js';
import { judgeColumns, type Judgement, type RunRows } from './judge-columns.js';
import { MAX_FINDINGS, isClean, isRegular, setAside, type CsvLedger } from './ledger.js';
import { NORMAL_SKIP, normalDialect } from './normalise-csv.js';
import { checkSaidTypes, preparePart, type CsvPart } from './prepare-part.js';
import { RecordReader, bytesOfFile } from './record-reader.js';
import type { ScanTask } from './scan-csv.js';
import { VALUE_RULES, type ValueRule } from './scan-kernel.js';
import { carefulSql, fastSql, type ReadableCsv } from './select-sql.js';
import { startScan, type ScanJob } from './start-scan.js';
import { fallbackEncoding } from './transcode-csv.js';
import { uniteColumns, type UnitedTable } from './unite-columns.js';

/** A query whose result is the dataset, and what must be true of it. */
export interface CsvQuery {
  /** One SELECT, its columns by position. */
  sql: string;
  columns: { name: string; type: string }[];
  /** Rows that the result must have, by our own count of the file's records. */
  expectedRows: () => Promise<number>;
  signal: AbortSignal;
}

export interface LoadCsvOptions<T> {
  /** Runs a statement with a small result on the database that `pull` reads from. */
  rows: RunRows;
  /** Pulls the result into segments. May be called again after it failed, and then begins anew. */
  pull: (query: CsvQuery) => Promise<T>;
  /** A folder for copies that the database may read; this load removes what it puts there. */
  scratch: string;
  signal: AbortSignal;
  onProgress?: (progress: CsvProgress) => void;
}

/** `reading` is the pull with the scan beside it; the other stages come only where a file needs them. */
export interface CsvProgress {
  stage: 'converting' | 'reading' | 'checking';
  bytes: number;
  bytesTotal: number;
}

export interface LoadedCsv<T> {
  result: T;
  report: Omit<LoadReport, 'elapsedMs'>;
}

/**
 * Loads a CSV dataset. A clean file is read by DuckDB with its types while our own scan counts its records beside it;
 * the two must agree. Anything else is read again carefully: odd records are set aside, every field is read as text
 * and held against its column's type, and all that is lost is counted and listed.
 */
export async function loadCsv<T>(
  source: DatasetSource,
  options: LoadCsvOptions<T>,
): Promise<LoadedCsv<T>> {
  const load = new CsvLoad(source, options);
  try {
    return await load.run();
  } catch (error) {
    if (options.signal.aborted && !(error instanceof HalftoneError)) {
      throw new HalftoneError('LOAD_CANCELLED', 'The load was cancelled.', { cause: error });
    }
    throw error;
  } finally {
    await load.removeCopies();
  }
}

class CsvLoad<T> {
  readonly #source: DatasetSource;
  readonly #options: LoadCsvOptions<T>;
  readonly #copies = new Set<string>();
  #parts: CsvPart[] = [];
  #table: UnitedTable = { columns: [], fileColumns: [] };

  constructor(source: DatasetSource, options: LoadCsvOptions<T>) {
    this.#source = source;
    this.#options = options;
  }

  async run(): Promise<LoadedCsv<T>> {
    for (let i = 0; i < this.#source.files.length; i++) this.#parts.push(await this.#prepare(i));
    this.#unite();
    const fast = this.#isNative() ? await this.#loadFast() : undefined;
    if (fast?.loaded) return fast.loaded;
    return this.#loadCarefully(fast?.ledgers ?? []);
  }

  async removeCopies(): Promise<void> {
    for (const copy of this.#copies) await rm(copy, { force: true });
  }

  async #prepare(index: number, encoding?: string): Promise<CsvPart> {
    const { scratch, signal } = this.#options;
    this.#copies.add(join(scratch, `part-${index}.csv`));
    return preparePart(this.#source, index, {
      scratch,
      signal,
      onBytes: (bytes) => this.#tell('converting', bytes),
      ...(encoding === undefined ? {} : { encoding }),
    });
  }

  #unite(): void {
    this.#table = uniteColumns(this.#source, this.#parts);
    checkSaidTypes(
      this.#source,
      this.#table.columns.map(({ name }) => name),
    );
  }

  #isNative(): boolean {
    const typed = this.#table.columns.every(({ fields }) =>
      fields.every((field) => field === undefined || isNative(field.rule)),
    );
    return typed && !this.#parts.some(needsCopy);
  }

  /** The pull and the scan at once; without a result where they do not agree or the scan finds something odd. */
  async #loadFast(): Promise<{ loaded?: LoadedCsv<T>; ledgers: CsvLedger[] }> {
    const { pull, signal } = this.#options;
    const scan = startScan(
      this.#parts.map((part) => ({ task: this.#taskFor(part) })),
      { untilOdd: true, onBytes: (bytes) => this.#tell('reading', bytes) },
    );
    const stop = new AbortController();
    const stopAll = (): void => {
      stop.abort();
      scan.stop();
    };
    signal.addEventListener('abort', stopAll);
    try {
      // The first odd record ends a pull that could not be used.
      const watched = scan.ledgers.then(
        (ledgers) => {
          if (!ledgers.every(isClean)) stop.abort();
          return ledgers;
        },
        (error: unknown) => {
          stop.abort();
          throw error;
        },
      );
      watched.catch(() => undefined);
      const pulled = await pull({
        sql: fastSql(
          this.#table,
          this.#parts.map((part) => readableFile(part)),
        ),
        columns: this.#columns(),
        expectedRows: async () => {
          const ledgers = await watched;
          // A pull that has come to its end all the same must fail too, or its segments would stay.
          if (!ledgers.every(isClean)) throw new Error('The file is not clean.');
          return sum(ledgers, ({ rows }) => rows);
        },
        signal: stop.signal,
      }).then(
        (result) => ({ result }),
        () => undefined,
      );
      signal.throwIfAborted();
      const ledgers = await watched;
      if (pulled === undefined) return { ledgers };
      return { loaded: { result: pulled.result, report: this.#report(ledgers) }, ledgers };
    } finally {
      signal.removeEventListener('abort', stopAll);
      scan.stop();
    }
  }

  /** `seen` are the ledgers of a scan that may have ended at the first odd record. */
  async #loadCarefully(seen: readonly CsvLedger[]): Promise<LoadedCsv<T>> {
    const { pull, rows, signal, scratch } = this.#options;
    const ledgers = await this.#settleEncodings(seen);
    const readable: ReadableCsv[] = [];
    const jobs: ScanJob[] = [];
    for (const [i, part] of this.#parts.entries()) {
      const copyTo = join(scratch, `rows-${i}.csv`);
      const ledger = ledgers[i]!;
      if (isRegular(ledger) && !needsCopy(part)) {
        readable.push({ ...readableFile(part), longest: ledger.longest });
        continue;
      }
      this.#copies.add(copyTo);
      jobs.push({ task: this.#taskFor(part), copyTo, mixed: ledger.mixedNewlines });
      const dialect = normalDialect(part.detection.dialect);
      readable.push({
        ...readableFile(part),
        path: copyTo,
        dialect,
        skip: NORMAL_SKIP,
        longest: ledger.longest,
      });
    }
    if (jobs.length > 0) await this.#scan(jobs);
    if (this.#source.strict) ledgers.forEach(refuseSetAside);

    const files = this.#parts.map(({ file }) => file);
    const lineOf = (part: number, row: number): number =>
      lineOfRow(this.#taskFor(this.#parts[part]!), ledgers[part]!, row);
    const room = MAX_FINDINGS;
    const judgement = await judgeColumns(this.#table, readable, files, rows, lineOf, room);
    if (this.#source.strict && judgement.misfits > 0) refuseMisfits(judgement.findings);
    const result = await pull({
      sql: carefulSql(this.#table, readable),
      columns: this.#columns(),
      expectedRows: async () => sum(ledgers, (ledger) => ledger.rows),
      signal,
    });
    return { result, report: this.#report(ledgers, judgement) };
  }

  /** Complete ledgers of all files; those that turn out not to be UTF-8 are converted and scanned once more. */
  async #settleEncodings(seen: readonly CsvLedger[]): Promise<CsvLedger[]> {
    if (seen.length === this.#parts.length && seen.every(isClean)) return [...seen];
    const early = seen.findIndex(({ notUtf8Line }) => notUtf8Line > 0);
    if (early >= 0) await this.#convert(early);
    let ledgers = await this.#scanAll();
    for (const [i, { notUtf8Line }] of ledgers.entries()) {
      if (notUtf8Line === 0) continue;
      await this.#convert(i);
      ledgers = [];
    }
    if (ledgers.length < this.#parts.length) ledgers = await this.#scanAll();
    return ledgers;
  }

  async #convert(index: number): Promise<void> {
    const encoding = fallbackEncoding(this.#parts[index]!.plainPath);
    this.#parts[index] = await this.#prepare(index, encoding);
    this.#unite();
  }

  #scanAll(): Promise<CsvLedger[]> {
    return this.#scan(this.#parts.map((part) => ({ task: { ...this.#taskFor(part), rules: [] } })));
  }

  async #scan(jobs: readonly ScanJob[]): Promise<CsvLedger[]> {
    const { signal } = this.#options;
    const scan = startScan(jobs, {
      untilOdd: false,
      onBytes: (bytes) => this.#tell('checking', bytes),
    });
    const stop = (): void => scan.stop();
    signal.addEventListener('abort', stop);
    try {
      const ledgers = await scan.ledgers;
      signal.throwIfAborted();
      return ledgers;
    } finally {
      signal.removeEventListener('abort', stop);
    }
  }

  #taskFor({ plainPath, file, detection }: CsvPart): ScanTask {
    const { dialect, columns, dataStart, dataLine } = detection;
    const at = this.#parts.findIndex((part) => part.plainPath === plainPath);
    const rules: ValueRule[] = columns.map(() => VALUE_RULES.none);
    for (const { fields } of this.#table.columns) {
      const field = fields[at];
      if (field && !field.rule.said) rules[field.position] = valueRuleFor(field.rule.type);
    }
    return {
      path: plainPath,
      name: file,
      dialect,
      width: columns.length,
      rules,
      dataStart,
      dataLine,
    };
  }

  #columns(): { name: string; type: string }[] {
    const { columns, fileColumns } = this.#table;
    return [...columns, ...fileColumns].map(({ name, type }) => ({ name, type }));
  }

  #tell(stage: CsvProgress['stage'], bytes: number): void {
    const bytesTotal = this.#parts.reduce((total, part) => total + part.plainBytes, 0);
    this.#options.onProgress?.({ stage, bytes, bytesTotal: Math.max(bytesTotal, bytes) });
  }

  #report(ledgers: readonly CsvLedger[], judgement?: Judgement): LoadedCsv<T>['report'] {
    const findings = [
      ...ledgers.flatMap((ledger) => ledger.findings),
      ...(judgement?.findings ?? []),
    ];
    const { detection } = this.#parts[0]!;
    const { delimiter, quote } = detection.dialect;
    const encodings = new Set(this.#parts.map(({ encoding }) => encodingName(encoding)));
    const nulled = judgement?.nulled ?? 0;
    return {
      lines: sum(ledgers, ({ records }) => records),
      rows: sum(ledgers, ({ rows }) => rows),
      setAside: sum(ledgers, setAside),
      nulled,
      encoding: [...encodings].join(', '),
      dialect: { delimiter, quote, decimal: detection.decimal, header: detection.header },
      warnings: [
        ...this.#parts.flatMap((part) => part.detection.warnings),
        ...ledgers.flatMap((ledger, i) => ledgerWarnings(ledger, this.#parts[i]!.file)),
        ...(judgement?.warnings ?? []),
        ...(nulled > 0 ? [nulledWarning(nulled)] : []),
      ],
      findings: findings.slice(0, MAX_FINDINGS),
    };
  }
}

const sum = (ledgers: readonly CsvLedger[], of: (ledger: CsvLedger) => number): number =>
  ledgers.reduce((total, ledger) => total + of(ledger), 0);

/** The file as it stands, from its first record on. */
function readableFile({ plainPath, detection }: CsvPart): ReadableCsv {
  const { dialect, columns, skip = 0 } = detection;
  return { path: plainPath, dialect, skip, width: columns.length, longest: 0 };
}

/** DuckDB reads other escapes than doubled quotes in its own way, and skips a title with a lone quote and more. */
function needsCopy({ detection: { dialect, skip } }: CsvPart): boolean {
  return (dialect.quote !== '' && dialect.escape !== dialect.quote) || skip === undefined;
}

/** Finds the line of a row again: from the last landmark in front of it on. */
function lineOfRow(task: ScanTask, { landmarks }: CsvLedger, row: number): number {
  const before = landmarks.findLastIndex((landmark) => landmark.row <= row);
  const {
    row: first,
    line,
    offset,
  } = landmarks[before] ?? { row: 0, line: task.dataLine, offset: task.dataStart };
  const fd = openSync(task.path, 'r');
  try {
    const source = bytesOfFile(fd, fstatSync(fd).size, task.name);
    const reader = new RecordReader(source, task.dialect, { offset, line, width: task.width });
    let at = first - 1;
    while (at < row && reader.read()) {
      const isRow =
        reader.fields === task.width && !reader.broken && !(reader.blank && task.width > 1);
      if (isRow) at++;
    }
    return reader.line;
  } finally {
    closeSync(fd);
  }
}

function ledgerWarnings(ledger: CsvLedger, file: string): Finding[] {
  const warnings: Finding[] = [];
  const note = (code: string, count: number, one: string, many: string): void => {
    if (count === 0) return;
    const line = ledger.findings.find((finding) => finding.code === code)?.line;
    const where = line === undefined ? '' : `, the first in line ${line}`;
    const what = `${count.toLocaleString('en')} ${count === 1 ? one : many}`;
    warnings.push({
      code,
      message: `${file}: ${what}${where}.`,
      file,
      ...(line === undefined ? {} : { line }),
    });
  };
  note(
    'CSV_RAGGED',
    ledger.ragged,
    'line with too few or too many fields was set aside',
    'lines with too few or too many fields were set aside',
  );
  note(
    'CSV_QUOTE_BROKEN',
    ledger.broken,
    'line with a broken quote was set aside',
    'lines with a broken quote were set aside',
  );
  note('CSV_LINE_EMPTY', ledger.blank, 'empty line was set aside', 'empty lines were set aside');
  note(
    'CSV_QUOTE_STRAY',
    ledger.strayQuotes,
    'line has a quote inside an unquoted field',
    'lines have a quote inside an unquoted field',
  );
  note(
    'CSV_QUOTE_TEXT',
    ledger.afterQuotes,
    'line has text behind a closing quote',
    'lines have text behind a closing quote',
  );
  note('CSV_NUL', ledger.nuls, 'line holds NUL bytes', 'lines hold NUL bytes');
  if (ledger.unterminated) {
    const message = `${file}: the last line does not end with a newline; if the file was cut off, its last value is not whole.`;
    warnings.push({ code: 'CSV_UNTERMINATED', message, file });
  }
  return warnings;
}

function nulledWarning(nulled: number): Finding {
  const count = `${nulled.toLocaleString('en')} ${nulled === 1 ? 'value that does' : 'values that do'}`;
  return { code: 'CSV_VALUE', message: `${count} not fit their column became null.` };
}

/** Empty lines hold nothing: they are set aside even where everything must be clean. */
function refuseSetAside({ findings }: CsvLedger): void {
  const first = findings.find(({ code }) => code !== 'CSV_LINE_EMPTY');
  if (first) refuse(first);
}

function refuseMisfits(findings: readonly Finding[]): void {
  const first = findings[0];
  if (first) refuse(first);
}

function refuse({ message, file, line, column }: Finding): never {
  throw new HalftoneError('CSV_STRICT', message, {
    file,
    line,
    column,
    hint: 'Mend the file, or load it without --strict: what does not fit is then counted and listed.',
  });
}
