import type { Finding } from '../../../protocol/dataset.js';
import { HalftoneError } from '../../errors.js';
import type { LoadContext } from '../context.js';
import { loadCsv, type CsvQuery } from '../csv/load-csv.js';
import { quoteName, type Database } from '../database.js';
import { toRefusal } from '../refusal.js';
import { shapeCsv } from '../shape/shape-csv.js';
import type { DatasetSource } from '../source.js';

/**
 * Makes a CSV dataset a table of the database that SQL is run in, under the dataset's name. It is read as it would be
 * on its own: held against the count of its records, odd lines set aside, values that do not fit null. A view could do
 * none of that, because it reads the file anew, and without the copy that careful reading needs. Gives the warnings.
 */
export async function createCsvTable(
  database: Database,
  input: DatasetSource,
  context: LoadContext,
): Promise<Finding[]> {
  const { tempDir, signal, bytesTotal } = context;
  const { report } = await loadCsv(input, {
    scratch: tempDir,
    signal,
    rows: database.rows,
    onProgress: ({ bytes }) =>
      context.onProgress({ stage: 'checking', rows: 0, bytes, bytesTotal }),
    pull: async (query) => {
      const shaped = await shapeCsv(database, input, query);
      return fillTable(database, input.name, { ...query, ...shaped });
    },
  }).catch((error: unknown) => {
    throw toRefusal(error, 'SOURCE_INVALID', input.files[0]);
  });
  return report.warnings;
}

async function fillTable(database: Database, name: string, query: CsvQuery): Promise<void> {
  const table = quoteName(name);
  const columns = query.columns.map((column) => quoteName(column.name)).join(', ');
  const stop = (): void => database.interrupt();
  query.signal.throwIfAborted();
  query.signal.addEventListener('abort', stop);
  try {
    await database.sql.run(
      `CREATE OR REPLACE TEMP TABLE ${table} AS SELECT * FROM (${query.sql}) AS read(${columns})`,
    );
  } finally {
    query.signal.removeEventListener('abort', stop);
  }
  const [counted] = await database.rows(`SELECT count(*) AS rows FROM ${table}`);
  const [found, expected] = [Number(counted!['rows']), await query.expectedRows()];
  if (found !== expected) {
    throw new HalftoneError(
      'LOAD_INCOMPLETE',
      `"${name}" has ${expected} rows, but ${found} were read.`,
    );
  }
}
