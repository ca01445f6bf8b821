import type { Finding } from '../../../protocol/dataset.js';
import { HalftoneError } from '../../errors.js';
import { openLoadDatabase, type LoadContext, type LoadOutcome } from '../context.js';
import { fileList, quoteText, type Database } from '../database.js';
import { describeQuery } from '../describe.js';
import { pullQuery } from '../pull.js';
import { isInternal, toRefusal } from '../refusal.js';
import { shapeQuery } from '../shape/shape-query.js';
import type { DatasetSource } from '../source.js';
import { unitedOptions } from '../united.js';
import { checkEnvelope } from './check-envelope.js';
import { checkPages, type CheckedPages } from './check-pages.js';

/** Loads one Parquet file, or several as one table. */
export async function loadParquet(context: LoadContext): Promise<LoadOutcome> {
  const { source, signal } = context;
  const { files } = source;
  // The rows are counted by our own reader of footers: it shares nothing with what is to be checked.
  let rowsTotal = 0;
  const noted: Finding[] = [];
  for (const file of files) {
    const { rows, warnings } = await checkFile(file);
    rowsTotal += rows;
    noted.push(...warnings);
  }
  const database = await openLoadDatabase(context, files);
  try {
    const { bytesTotal } = context;
    const query = parquetQuery(source);
    const described = await describeQuery(database, query, source.name);
    const { sql, columns, ...shaped } = await shapeQuery(database, source, query, described);
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
      dir: context.dir,
      expectedRows: () => Promise.resolve(rowsTotal),
      onRows,
      signal,
    });
    return {
      rows: pulled.rows,
      columns: pulled.columns,
      segments: pulled.segments,
      report: {
        lines: pulled.rows,
        rows: pulled.rows,
        setAside: 0,
        nulled: pulled.nulled + shaped.nulled,
        warnings: [...noted, ...shaped.warnings, ...pulled.warnings],
        findings: [],
      },
    };
  } catch (error) {
    if (error instanceof HalftoneError && error.code !== 'LOAD_INCOMPLETE') throw error;
    throw toRefusal(error, 'SOURCE_CORRUPT', await findCulprit(database, files, error));
  }
}

/** Refuses what is no whole Parquet file before DuckDB sees it. */
export async function checkFile(path: string): Promise<CheckedPages> {
  await checkEnvelope(path);
  return checkPages(path);
}

/** The SELECT that gives the rows of the files in their order, with the columns that a united dataset adds. */
export function parquetQuery({
  files,
  root,
  united,
}: Pick<DatasetSource, 'files' | 'root' | 'united'>): string {
  if (!united) return `SELECT * FROM read_parquet(${fileList(files)}, hive_partitioning = false)`;
  const { options, select } = unitedOptions(files, root);
  return `SELECT ${select} FROM read_parquet(${fileList(files)}, ${options})`;
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
