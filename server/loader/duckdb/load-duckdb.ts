import { basename } from 'node:path';
import { HalftoneError } from '../../errors.js';
import { DATABASE_SHARE, type LoadContext, type LoadOutcome } from '../context.js';
import { openDatabase, quoteName } from '../database.js';
import { checkStatement, loadQuery } from '../sql/load-sql.js';

/** Loads a table of a DuckDB file, or what a query to it gives. The file is attached to be read, and nothing else is open. */
export async function loadDuckdb(context: LoadContext): Promise<LoadOutcome> {
  const { source, memoryBytes, threads, tempDir } = context;
  const [file] = source.files as [string];
  const { table, query } = source.duckdb!;
  const database = await openDatabase({
    memoryBytes: memoryBytes * DATABASE_SHARE,
    threads,
    tempDir,
    files: [file],
    attached: file,
  }).catch((error: unknown) => {
    throw notAttached(error, file);
  });
  if (table !== undefined) {
    const rows = `SELECT * FROM ${tableName(table)}`;
    return loadQuery(context, database, rows, { open: () => Promise.resolve([]), isTable: true });
  }
  return loadQuery(context, database, query!, {
    async open() {
      await checkStatement(database, query!, source.name);
      return [];
    },
  });
}

/** `schema.table`, or a name that is quoted already. */
function tableName(table: string): string {
  if (table.includes('"')) return table;
  return table.split('.').map(quoteName).join('.');
}

function notAttached(error: unknown, path: string): HalftoneError {
  const file = basename(path);
  const message = error instanceof Error ? error.message : String(error);
  if (/lock/iu.test(message)) {
    return new HalftoneError(
      'SOURCE_UNREADABLE',
      `${file} is open for writing in another program.`,
      {
        file,
        hint: 'DuckDB lets nobody read beside a writer. Close it there, or write to a copy and rename that.',
        cause: error,
      },
    );
  }
  if (/not a valid DuckDB database/iu.test(message)) {
    return new HalftoneError('SOURCE_CORRUPT', `${file} is no DuckDB database, or damaged.`, {
      file,
      cause: error,
    });
  }
  const [first = ''] = message.split('\n');
  return new HalftoneError(
    'SOURCE_UNREADABLE',
    `${file} cannot be attached: ${first.replaceAll(path, file)}`,
    {
      file,
      cause: error,
    },
  );
}
