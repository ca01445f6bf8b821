import { join } from 'node:path';
import { HalftoneError } from '../../errors.js';
import { openLoadDatabase, type LoadContext } from '../context.js';
import { createArrowTable } from '../arrow/arrow-table.js';
import { loadCsv, type CsvQuery } from '../csv/load-csv.js';
import type { Database } from '../database.js';
import { jsonQuery } from '../json/load-json.js';
import { mendJsonLines } from '../json/mend-json.js';
import { checkFile, parquetQuery } from '../parquet/load-parquet.js';
import { toRefusal } from '../refusal.js';
import { describeQuery } from '../describe.js';
import { shapeCsv } from '../shape/shape-csv.js';
import { shapeQuery } from '../shape/shape-query.js';
import { withParameters } from '../sql/with-parameters.js';
import { openInputs } from '../sql/load-sql.js';
import { loadedType } from '../types.js';
import { sqlColumns, type ClaimedColumn, type SqlColumn } from './sql-column.js';

/** The rows of the source as a table of SQL, and what was asked of it. */
export interface ProofTable {
  /** Rows that were read. */
  rows: number;
  columns: ReadonlyMap<string, SqlColumn>;
  /** Runs a SELECT; gives its columns. */
  ask(sql: string): Promise<unknown[][]>;
  database: Database;
  /** Every statement so far, in order. */
  statements: string[];
}

/** What the table and the snapshot have from one hand, by the kind of source. */
const SHARED = {
  arrow: 'how the values of the Arrow file are read, and its types',
  csv: 'how the CSV is read: its dialect, its types, and which lines are set aside',
  json: 'how the JSON is read, and which lines are set aside',
  sql: "the dataset's own SQL, run anew: rows that it leaves in no order may come in another one",
} as const;

/** Reads the columns that a query needs from the source, in the order of its rows. Nothing of the cache is looked at. */
export async function createProofTable(
  context: LoadContext,
  claimed: readonly ClaimedColumn[],
  needed: ReadonlySet<string>,
  share: (words: string) => void,
): Promise<ProofTable> {
  const { source, signal } = context;
  const { kind, files, sql: computed } = source;
  const database = await openLoadDatabase(
    context,
    computed === undefined ? files : computed.inputs.flatMap((input) => input.files),
  );
  signal.addEventListener('abort', () => database.interrupt());
  const all = sqlColumns(claimed);
  const columns = new Map(all.filter(({ name }) => needed.has(name)).map((one) => [one.name, one]));
  const statements: string[] = [];
  if (kind in SHARED) share(SHARED[kind as keyof typeof SHARED]);
  const run = async (statement: string): Promise<void> => {
    signal.throwIfAborted();
    statements.push(statement);
    await database.sql.run(statement);
  };
  const fill = (query: string): Promise<void> => run(tableSql(query, all, columns));
  const fillShaped = async (query: string): Promise<void> => {
    const described = await describeQuery(database, query, source.name);
    await fill((await shapeQuery(database, source, query, described)).sql);
  };

  switch (kind) {
    case 'parquet':
      for (const file of files) await checkFile(file);
      await fillShaped(parquetQuery(source));
      break;
    case 'json':
      await fillFromJson(context, fillShaped);
      break;
    case 'sql':
      await openInputs(database, context);
      await fillShaped(await withParameters(database, computed!));
      break;
    case 'arrow':
      await createArrowTable(database, 'arrow_rows', source, signal);
      await fill('SELECT * FROM arrow_rows');
      break;
    case 'csv':
      await loadCsv(source, {
        rows: database.rows,
        scratch: context.tempDir,
        signal,
        pull: async (read) => {
          const { sql } = await shapeCsv(database, source, read);
          return fillFromCsv({ ...read, sql }, database, fill, statements);
        },
      });
      break;
    default:
      throw new HalftoneError(
        'VERIFY_UNSUPPORTED',
        `"${source.name}" is of the kind ${kind}, which SQL cannot read here.`,
      );
  }
  const ask = async (sql: string): Promise<unknown[][]> => {
    signal.throwIfAborted();
    statements.push(sql);
    return (await database.sql.runAndReadAll(sql)).getColumnsJS();
  };
  const [counted] = await database.rows('SELECT count(*) AS rows FROM t');
  return { rows: Number(counted!['rows']), columns, ask, database, statements };
}

/** A table `t` of the columns that are needed, and the number of each row. */
function tableSql(
  query: string,
  all: readonly SqlColumn[],
  needed: ReadonlyMap<string, SqlColumn>,
): string {
  const names = all.map((_, i) => `c${i}`);
  const selected = all.flatMap((column, i) =>
    needed.has(column.name) ? [`${stagedSql(column, names[i]!)} AS ${column.id}`] : [],
  );
  const list = ['row_number() OVER () - 1 AS row', ...selected].join(', ');
  // The line break ends a comment at the end of the query.
  return `CREATE OR REPLACE TEMP TABLE t AS SELECT ${list} FROM (${query}\n) AS source(${names.join(', ')})`;
}

/** A column as the snapshot has it. */
function stagedSql({ logical, type }: SqlColumn, name: string): string {
  switch (logical.kind) {
    case 'text':
      return `${name}::VARCHAR`;
    case 'float':
      return `${name}::DOUBLE`;
    case 'time':
      return `CASE WHEN isfinite(${name}) THEN ${name} END`;
    default: {
      const { cast } = loadedType(type);
      return cast === undefined ? name : `${name}::${cast}`;
    }
  }
}

/** A JSON lines file may hold lines that are no objects: those are set aside, as they were when it was loaded. */
async function fillFromJson(
  { source, tempDir, signal }: LoadContext,
  fill: (query: string) => Promise<void>,
): Promise<void> {
  const { files, united, strict } = source;
  try {
    await fill(jsonQuery(source));
  } catch (error) {
    if (united || strict || signal.aborted) throw error;
    const copy = join(tempDir, 'objects.jsonl');
    const mended = await mendJsonLines(files[0]!, copy, signal);
    if (mended === undefined || mended.setAside === 0) throw error;
    await fill(jsonQuery({ files: [copy], united: false }));
  }
}

/** Fails where the rows are not as many as the file has records: the file is then read again with more care. */
async function fillFromCsv(
  { sql, expectedRows, signal }: CsvQuery,
  database: Database,
  fill: (query: string) => Promise<void>,
  statements: string[],
): Promise<void> {
  const stop = (): void => database.interrupt();
  signal.throwIfAborted();
  signal.addEventListener('abort', stop);
  // What was tried before is no part of the proof.
  statements.length = 0;
  try {
    await fill(sql);
  } finally {
    signal.removeEventListener('abort', stop);
  }
  const [counted] = await database.rows('SELECT count(*) AS rows FROM t');
  const [found, expected] = [Number(counted!['rows']), await expectedRows()];
  if (found === expected) return;
  throw toRefusal(new Error(`${found} of ${expected} records were read`), 'LOAD_INCOMPLETE');
}
