import type { Finding } from '../../../protocol/dataset.js';
import { HalftoneError } from '../../errors.js';
import { openLoadDatabase, type LoadContext, type LoadOutcome } from '../context.js';
import type { AppendBase } from '../append/append-base.js';
import { checkColumns } from '../append/check-columns.js';
import { NotAnAppend } from '../append/not-an-append.js';
import { readResume, resumedEncoding, writeResume } from '../append/resume-file.js';
import { fileList, quoteText, type Database } from '../database.js';
import { describeQuery } from '../describe.js';
import { pullQuery, type PullColumn } from '../pull.js';
import { isInternal, toRefusal } from '../refusal.js';
import { shapeQuery } from '../shape/shape-query.js';
import type { DatasetSource } from '../source.js';
import { unitedOptions } from '../united.js';
import { checkEnvelope } from './check-envelope.js';
import { checkPages, type CheckedPages } from './check-pages.js';

/** Loads one Parquet file, or several as one table; of an append, the files that came behind those of its base. */
export async function loadParquet(context: LoadContext): Promise<LoadOutcome> {
  const { source, signal, base, isResumable = false, dir, bytesTotal } = context;
  const before = base === undefined ? undefined : await openBase(base);
  const files = source.files.slice(base?.files ?? 0);
  // The rows are counted by our own reader of footers: it shares nothing with what is to be checked.
  let rowsTotal = 0;
  const noted: Finding[] = [];
  for (const file of files) {
    const { rows, warnings } = await checkFile(file);
    rowsTotal += rows;
    noted.push(...warnings);
  }
  const database = await openLoadDatabase(context, source.files);
  try {
    const described = await describeQuery(database, parquetQuery(source), source.name);
    const query = parquetQuery(source, base === undefined ? undefined : files);
    const { sql, columns, ...shaped } = await shapeQuery(database, source, query, described);
    if (before !== undefined) checkColumns(before.resume.columns, columns);
    const onRows = (rows: number): void =>
      context.onProgress({
        stage: 'reading',
        rows,
        rowsTotal,
        bytes: rowsTotal === 0 ? bytesTotal : Math.round((bytesTotal * rows) / rowsTotal),
        bytesTotal,
      });
    onRows(0);
    const pulled = await pullQuery({
      database,
      sql,
      columns,
      dir,
      expectedRows: () => Promise.resolve(rowsTotal),
      resumed: before?.encoding,
      onRows,
      signal,
    });
    const rows = (base?.rows ?? 0) + pulled.rows;
    const warnings = [...(before?.resume.warnings ?? []), ...noted, ...shaped.warnings];
    // What was lost in a cast is counted over all rows, and told in one sentence.
    const resume =
      isResumable && shaped.nulled === 0
        ? await writeResume(dir, {
            encoding: pulled.encoding,
            source: { columns, warnings } satisfies ParquetResume,
          })
        : undefined;
    return {
      rows,
      columns: pulled.columns,
      segments: pulled.segments,
      resume,
      isAppend: base !== undefined,
      report: {
        lines: rows,
        rows,
        setAside: 0,
        nulled: pulled.nulled + shaped.nulled,
        warnings: [...warnings, ...pulled.warnings],
        findings: [],
      },
    };
  } catch (error) {
    if (error instanceof NotAnAppend) throw error;
    if (error instanceof HalftoneError && error.code !== 'LOAD_INCOMPLETE') throw error;
    throw toRefusal(error, 'SOURCE_CORRUPT', await findCulprit(database, files, error));
  }
}

/** What an append needs to know of the files before. */
interface ParquetResume {
  columns: PullColumn[];
  warnings: Finding[];
}

async function openBase(base: AppendBase) {
  if (base.isLastChanged)
    throw new NotAnAppend('a Parquet file that has changed may be another one all over.');
  const kept = await readResume(base);
  return { resume: kept.source as ParquetResume, encoding: await resumedEncoding(base, kept) };
}

/** Refuses what is no whole Parquet file before DuckDB sees it. */
export async function checkFile(path: string): Promise<CheckedPages> {
  await checkEnvelope(path);
  return checkPages(path);
}

/**
 * The SELECT that gives the rows of the files in their order, with the columns that a united dataset adds. With `only` it reads no others than these, in
 * the columns and types of all.
 */
export function parquetQuery(
  { files, root, united }: Pick<DatasetSource, 'files' | 'root' | 'united'>,
  only?: readonly string[],
): string {
  if (!united) return `SELECT * FROM read_parquet(${fileList(files)}, hive_partitioning = false)`;
  const { options, select, where } = unitedOptions(files, root, only);
  return `SELECT ${select} FROM read_parquet(${fileList(files)}, ${options})${where}`;
}

/** The file at fault: the one that DuckDB names, or the first that cannot be read on its own. */
async function findCulprit(
  database: Database,
  files: readonly string[],
  error: unknown,
): Promise<string | undefined> {
  if (files.length === 1) return files[0];
  const message = error instanceof Error ? error.message : '';
  const named = files.find((file) => message.includes(file));
  if (named !== undefined || isInternal(error)) return named;
  for (const file of files) {
    const every = `SELECT bit_xor(hash(COLUMNS(*))) FROM read_parquet(${quoteText(file)})`;
    const failed = await database.sql.run(every).then(
      () => false,
      () => true,
    );
    if (failed) return file;
  }
  return undefined;
}
