import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { LoadReport } from '../../../protocol/dataset.js';
import { HalftoneError } from '../../errors.js';
import { NotAnAppend } from '../append/not-an-append.js';
import { checkHidden, isHidden } from '../shape/hidden.js';
import type { DatasetSource } from '../source.js';
import { isNative, valueRuleFor } from './column-sql.js';
import type { Prefix } from '../append/compare-prefix.js';
import { judgeColumns, type RunRows } from './judge-columns.js';
import { MAX_FINDINGS, isClean, isRegular, sumOf, type CsvLedger } from './ledger.js';
import { lineOfRow } from './line-of-row.js';
import { NORMAL_SKIP, normalDialect } from './normalise-csv.js';
import { checkSaidTypes, preparePart, type CsvPart } from './prepare-part.js';
import { reportCsv } from './report-csv.js';
import {
  checkSameReading,
  ledgerOfBoth,
  notTheSame,
  resumeOf,
  tableBehind,
  takeTail,
  type CsvResume,
} from './resume-csv.js';
import type { ScanTask } from './scan-csv.js';
import { VALUE_RULES, type ValueRule } from './scan-kernel.js';
import { carefulSql, fastSql, type ReadableCsv } from './select-sql.js';
import { startScan, type ScanJob } from './start-scan.js';
import { refuseMisfits, refuseSetAside } from './strict.js';
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
  /** What was read before: only what came behind it is read. */
  base?: CsvBase | undefined;
  onProgress?: (progress: CsvProgress) => void;
}

/** Rows that a load is to go on behind. */
export interface CsvBase {
  resume: CsvResume;
  /** The last of its files looks different now. */
  isLastChanged: boolean;
}

/** `reading` is the pull with the scan beside it; the other stages come only where a file needs them. */
export interface CsvProgress {
  stage: 'converting' | 'reading' | 'checking';
  bytes: number;
  bytesTotal: number;
}

export interface LoadedCsv<T> {
  /** Undefined where nothing came behind the base. */
  result: T | undefined;
  report: Omit<LoadReport, 'elapsedMs'>;
  /** What a later load may go on behind; absent where the files had to be read with care. */
  resume?: CsvResume | undefined;
}

/**
 * Loads a CSV dataset. A clean file is read by DuckDB with its types while our own scan counts its records beside it;
 * the two must agree. Anything else is read again carefully: odd records are set aside, every field is read as text
 * and held against its column's type, and all that is lost is counted and listed.
 *
 * With a base, throws NotAnAppend where a load of everything could give other rows than the base and these.
 */
export async function loadCsv<T>(
  source: DatasetSource,
  options: LoadCsvOptions<T>,
): Promise<LoadedCsv<T>> {
  const load = new CsvLoad(source, options);
  try {
    return await (options.base === undefined ? load.run() : load.append(options.base));
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
    this.#source = withSaidTypes(source);
    this.#options = options;
  }

  async run(): Promise<LoadedCsv<T>> {
    for (let i = 0; i < this.#source.files.length; i++) this.#parts.push(await this.#prepare(i));
    this.#unite();
    const fast = this.#isNative() ? await this.#loadFast() : undefined;
    if (fast?.result === undefined) return this.#loadCarefully(fast?.ledgers ?? []);
    const { result, ledgers } = fast;
    const resume = resumeOf(this.#parts, ledgers, this.#table);
    return { result, report: reportCsv(this.#parts, ledgers), resume };
  }

  /** The fast way or none: what has to be read with care may change how the rows before are read. */
  async append({ resume, isLastChanged }: CsvBase): Promise<LoadedCsv<T>> {
    const { signal, scratch } = this.#options;
    const { files } = this.#source;
    const from = resume.parts.length - (isLastChanged ? 1 : 0);
    // Files that are what they were are read as they were: nothing has to be found out again.
    const parts = resume.parts.slice(0, from);
    for (let i = from; i < files.length; i++) parts.push(await this.#prepare(i));
    this.#parts = parts;
    this.#unite();
    const table = this.#table;
    checkSameReading(resume, table, parts);
    if (!this.#isNative()) throw new NotAnAppend('its values have to be read with care.');
    const [last] = isLastChanged ? resume.parts.slice(-1) : [];
    const ledger = resume.ledgers.at(-1)!;
    const copy = join(scratch, 'tail.csv');
    this.#copies.add(copy);
    const tail = last && takeTail({ part: last, ledger }, parts[from]!, copy, signal);
    const isWithout = last !== undefined && tail === undefined;
    this.#parts = [...(tail === undefined ? [] : [tail.part]), ...parts.slice(resume.parts.length)];
    this.#table = tableBehind(table, from + (isWithout ? 1 : 0));
    const read = this.#parts.length === 0 ? undefined : await this.#loadFast(tail?.prefix);
    if (read?.ledgers[0]?.isOther === true) throw notTheSame(last!.file);
    if (read !== undefined && read.result === undefined)
      throw new NotAnAppend('what came has to be read with care.');
    const found = [...(read?.ledgers ?? [])];
    const ledgers = [...resume.ledgers];
    if (tail !== undefined && found[0]!.isOther !== false) throw notTheSame(tail.part.file);
    if (tail !== undefined) ledgers[ledgers.length - 1] = ledgerOfBoth(ledger, found.shift()!);
    ledgers.push(...found);
    return {
      result: read?.result,
      report: reportCsv(parts, ledgers),
      resume: resumeOf(parts, ledgers, table),
    };
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
    const source = this.#source;
    const { columns, fileColumns } = uniteColumns(source, this.#parts);
    const names = columns.map(({ name }) => name);
    checkSaidTypes(source, names);
    checkHidden(source, [...names, ...fileColumns.map(({ name }) => name)]);
    const isShown = ({ name }: { name: string }): boolean => !isHidden(source, name);
    this.#table = { columns: columns.filter(isShown), fileColumns: fileColumns.filter(isShown) };
    if (this.#columns().length > 0) return;
    throw new HalftoneError('SOURCE_INVALID', `"${source.name}" hides all of its columns.`);
  }

  #isNative(): boolean {
    const typed = this.#table.columns.every(({ fields }) =>
      fields.every((field) => field === undefined || isNative(field.rule)),
    );
    return typed && !this.#parts.some(needsCopy);
  }

  /** The pull and the scan at once; without a result where they do not agree or the scan finds something odd. */
  async #loadFast(prefix?: Prefix): Promise<{ result?: T; ledgers: CsvLedger[] }> {
    const { pull, signal } = this.#options;
    const scan = startScan(
      this.#parts.map((part, i) => ({
        // Only the last file may have grown when the source is looked at again.
        task: {
          ...this.#taskFor(part),
          digest: i === this.#parts.length - 1 && part.plainPath === part.path,
          // The first part is then what came behind it.
          prefix: i === 0 ? prefix : undefined,
        },
      })),
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
          return sumOf(ledgers, ({ rows }) => rows);
        },
        signal: stop.signal,
      }).then(
        (result) => ({ result }),
        () => undefined,
      );
      signal.throwIfAborted();
      const ledgers = await watched;
      return { ...pulled, ledgers };
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
      expectedRows: async () => sumOf(ledgers, (ledger) => ledger.rows),
      signal,
    });
    return { result, report: reportCsv(this.#parts, ledgers, judgement) };
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
}

/** The types of the dataset are those of its CSV. */
function withSaidTypes({ types, ...source }: DatasetSource): DatasetSource {
  return types === undefined
    ? source
    : { ...source, csv: { ...source.csv, types: { ...types, ...source.csv.types } } };
}

/** The file as it stands, from its first record on. */
function readableFile({ plainPath, detection }: CsvPart): ReadableCsv {
  const { dialect, columns, skip = 0 } = detection;
  return { path: plainPath, dialect, skip, width: columns.length, longest: 0 };
}

/** DuckDB reads other escapes than doubled quotes in its own way, and skips a title with a lone quote and more. */
function needsCopy({ detection: { dialect, skip } }: CsvPart): boolean {
  return (dialect.quote !== '' && dialect.escape !== dialect.quote) || skip === undefined;
}
