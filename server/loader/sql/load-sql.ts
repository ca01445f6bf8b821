import duckdb from '@duckdb/node-bindings';
import type { Finding } from '../../../protocol/dataset.js';
import { HalftoneError } from '../../errors.js';
import { openLoadDatabase, type LoadContext, type LoadOutcome } from '../context.js';
import { quoteName, type Database } from '../database.js';
import { describeQuery } from '../describe.js';
import { jsonQuery } from '../json/load-json.js';
import { checkFile, parquetQuery } from '../parquet/load-parquet.js';
import { pullQuery, type PullColumn } from '../pull.js';
import { toRefusal } from '../refusal.js';
import { shapeQuery } from '../shape/shape-query.js';
import type { DatasetSource } from '../source.js';
import { loadedAsText } from '../types.js';
import { createArrowView } from './arrow-view.js';
import { withParameters } from './with-parameters.js';
import { createSnapshotView } from './snapshot-view.js';
import { createCsvTable } from './csv-table.js';

const RESULT = 'halftone_result';

/**
 * Loads the result of the operator's own SELECT over other datasets, each a view or a table under its name. The result is
 * materialised first: that is what its rows are counted by, and its errors come as errors.
 */
export async function loadSql(context: LoadContext): Promise<LoadOutcome> {
  const { query, inputs } = context.source.sql!;
  const database = await openLoadDatabase(
    context,
    inputs.flatMap(({ files }) => files),
  );
  return loadQuery(context, database, query, { open: () => openInputs(database, context) });
}

/**
 * Loads what a SELECT gives in an open database, once `open` has put there what it needs, and has given its warnings. What only
 * names a table is not materialised: it has its rows already.
 */
export async function loadQuery(
  context: LoadContext,
  database: Database,
  written: string,
  { open, isTable = false }: { open: () => Promise<Finding[]>; isTable?: boolean },
): Promise<LoadOutcome> {
  const { source, signal } = context;
  const stop = (): void => database.interrupt();
  signal.addEventListener('abort', stop);
  try {
    const found = await open();
    const query = source.sql === undefined ? written : await withParameters(database, source.sql);
    const described = await describeQuery(database, query, source.name);
    const columns = await materialise(database, query, described, isTable);
    const [counted] = await database.rows(`SELECT count(*) AS rows FROM ${RESULT}`);
    const rowsTotal = Number(counted!['rows']);
    const { bytesTotal } = context;
    const result = `SELECT * FROM ${RESULT}`;
    const shaped = await shapeQuery(database, source, result, columns);
    const { rows, segments, nulled, warnings, ...pulled } = await pullQuery({
      database,
      sql: shaped.sql,
      columns: shaped.columns,
      dir: context.dir,
      expectedRows: () => Promise.resolve(rowsTotal),
      onRows: (rows) =>
        context.onProgress({ stage: 'reading', rows, rowsTotal, bytes: bytesTotal, bytesTotal }),
      signal,
    });
    return {
      rows,
      segments,
      columns: pulled.columns,
      report: {
        lines: rows,
        rows,
        setAside: 0,
        nulled: nulled + shaped.nulled,
        warnings: [...found, ...shaped.warnings, ...warnings],
        findings: [],
      },
    };
  } catch (error) {
    if (signal.aborted) throw new HalftoneError('LOAD_CANCELLED', 'The load was cancelled.');
    if (error instanceof HalftoneError) throw error;
    throw toSqlRefusal(error, source.name);
  } finally {
    signal.removeEventListener('abort', stop);
  }
}

/** Makes every dataset that the query may name a view or a table, and checks the query. Gives the warnings. */
export async function openInputs(database: Database, context: LoadContext): Promise<Finding[]> {
  const { name, sql } = context.source;
  const { query, inputs, bound = [] } = sql!;
  const found: Finding[] = [];
  for (const input of inputs) {
    if (!mayName(query, input.name)) continue;
    if (input.kind === 'csv') found.push(...(await createCsvTable(database, input, context)));
    else if (input.kind === 'arrow')
      found.push(...(await createArrowView(database, input, context)));
    else await createView(database, input);
  }
  for (const input of bound) await createSnapshotView(database, input, context);
  await checkStatement(database, query, name);
  return found;
}

/** False where the query cannot mean the dataset: it need not be read then. */
function mayName(query: string, name: string): boolean {
  return query.replaceAll('""', '"').toLowerCase().includes(name.toLowerCase());
}

async function createView(database: Database, input: DatasetSource): Promise<void> {
  if (input.kind === 'parquet') for (const file of input.files) await checkFile(file);
  const query = inputQuery(input);
  try {
    const described = await describeQuery(database, query, input.name);
    const { sql, columns } = await shapeQuery(database, input, query, described);
    const names = columns.map(({ name }) => quoteName(name)).join(', ');
    const list = sql === query ? '' : ` (${names})`;
    await database.sql.run(`CREATE VIEW ${quoteName(input.name)}${list} AS ${sql}`);
  } catch (error) {
    throw toRefusal(error, 'SOURCE_INVALID', input.files[0]);
  }
}

function inputQuery(input: DatasetSource): string {
  if (input.kind === 'parquet') return parquetQuery(input);
  return jsonQuery(input);
}

/** One statement that gives rows, and no other. */
export async function checkStatement(
  database: Database,
  query: string,
  name: string,
): Promise<void> {
  const { statement_count: count, extracted_statements: extracted } =
    await duckdb.extract_statements(database.raw, query);
  if (count === 0) {
    throw toSqlRefusal(new Error(duckdb.extract_statements_error(extracted)), name);
  }
  const prepared =
    count === 1 ? await duckdb.prepare_extracted_statement(database.raw, extracted, 0) : undefined;
  if (
    prepared === undefined ||
    duckdb.prepared_statement_type(prepared) !== duckdb.StatementType.SELECT
  ) {
    throw new HalftoneError('SQL_INVALID', `The SQL of "${name}" is not one SELECT.`, {
      hint: 'Write --sql "NAME=SELECT … FROM …", without a semicolon.',
    });
  }
}

/** Runs the query into a table. UHUGEINT beyond 2^127 has no signed form; a column with such values becomes text. */
async function materialise(
  { sql, rows }: Database,
  query: string,
  columns: PullColumn[],
  isTable: boolean,
): Promise<PullColumn[]> {
  await sql.run(`CREATE TEMP ${isTable ? 'VIEW' : 'TABLE'} ${RESULT} AS ${query}`);
  const names = (await rows(`DESCRIBE ${RESULT}`)).map(({ column_name: name }) => String(name));
  const checked: PullColumn[] = [];
  for (const [i, column] of columns.entries()) {
    const tooLarge =
      column.type === 'UHUGEINT' &&
      (
        await rows(
          `SELECT coalesce(max(${quoteName(names[i]!)}) >= (2 ** 127)::UHUGEINT, false) AS large FROM ${RESULT}`,
        )
      )[0]!['large'] === true;
    checked.push(tooLarge ? { ...column, load: loadedAsText() } : column);
  }
  return checked;
}

function toSqlRefusal(error: unknown, name: string): HalftoneError {
  const refusal = toRefusal(error, 'SQL_INVALID');
  if (refusal.code !== 'SQL_INVALID') return refusal;
  const message = refusal.message.replace(/^The source cannot be read: /, '');
  return new HalftoneError('SQL_INVALID', `The SQL of "${name}" cannot be run: ${message}`, {
    cause: error,
  });
}
