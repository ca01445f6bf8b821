import type { Finding } from '../../../protocol/dataset.js';
import { openLoadDatabase, type LoadContext, type LoadOutcome } from '../context.js';
import { pullQuery } from '../pull.js';
import { toRefusal } from '../refusal.js';
import { shapeCsv } from '../shape/shape-csv.js';
import { loadCsv } from './load-csv.js';

/** Loads one CSV file, or several as one table, through DuckDB into segments. */
export async function loadCsvSource(context: LoadContext): Promise<LoadOutcome> {
  const { source, dir, tempDir, signal, bytesTotal } = context;
  const database = await openLoadDatabase(context, source.files);
  let rows = 0;
  let notes: Finding[] = [];
  const { result, report } = await loadCsv(source, {
    scratch: tempDir,
    signal,
    rows: database.rows,
    onProgress: ({ stage, bytes, bytesTotal: total }) =>
      context.onProgress({
        stage: stage === 'checking' ? 'checking' : 'reading',
        rows,
        bytes,
        bytesTotal: Math.max(bytesTotal, total),
      }),
    pull: async ({ expectedRows, signal: stop, ...query }) => {
      const shaped = await shapeCsv(database, source, query);
      notes = shaped.warnings;
      return pullQuery({
        database,
        sql: shaped.sql,
        columns: shaped.columns,
        dir,
        expectedRows,
        signal: stop,
        onRows: (done) => {
          rows = done;
        },
      });
    },
  }).catch((error: unknown) => {
    // What DuckDB still refuses in the careful reading is no fault of a line: memory, disk, or its own.
    throw toRefusal(error, 'SOURCE_INVALID', source.files[0]);
  });
  return {
    rows: result.rows,
    columns: result.columns,
    segments: result.segments,
    report: {
      ...report,
      nulled: report.nulled + result.nulled,
      warnings: [...report.warnings, ...notes, ...result.warnings],
    },
  };
}
