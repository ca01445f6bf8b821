import type { Finding } from '../../../protocol/dataset.js';
import type { AppendBase } from '../append/append-base.js';
import { readResume, resumedEncoding, writeResume } from '../append/resume-file.js';
import { openLoadDatabase, type LoadContext, type LoadOutcome } from '../context.js';
import { pullQuery } from '../pull.js';
import { toRefusal } from '../refusal.js';
import { NotAnAppend } from '../append/not-an-append.js';
import { shapeCsv } from '../shape/shape-csv.js';
import { loadCsv } from './load-csv.js';
import type { CsvResume } from './resume-csv.js';

/** Loads one CSV file, or several as one table, through DuckDB into segments; of an append, what came behind the rows of its base. */
export async function loadCsvSource(context: LoadContext): Promise<LoadOutcome> {
  const { source, dir, tempDir, signal, bytesTotal, base, isResumable = false } = context;
  const before = base === undefined ? undefined : await openBase(base);
  const database = await openLoadDatabase(context, source.files);
  let rows = 0;
  let notes: Finding[] = [];
  const { result, report, resume } = await loadCsv(source, {
    scratch: tempDir,
    signal,
    rows: database.rows,
    base: before && { resume: before.resume, isLastChanged: base!.isLastChanged },
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
        resumed: before && (await resumedEncoding(base!, before)),
        signal: stop,
        onRows: (done) => {
          rows = done;
        },
      });
    },
  }).catch((error: unknown) => {
    if (error instanceof NotAnAppend) throw error;
    // What DuckDB still refuses in the careful reading is no fault of a line: memory, disk, or its own.
    throw toRefusal(error, 'SOURCE_INVALID', source.files[0]);
  });
  const written = result ?? { ...before!.last, rows: 0, columns: [...base!.columns], segments: [] };
  const { encoding, nulled, warnings } = written;
  return {
    rows: (base?.rows ?? 0) + written.rows,
    columns: written.columns,
    segments: written.segments,
    isAppend: base !== undefined,
    resume:
      isResumable && resume !== undefined
        ? await writeResume(dir, {
            encoding,
            source: { csv: resume, nulled, warnings } satisfies CsvSourceResume,
          })
        : undefined,
    report: {
      ...report,
      nulled: report.nulled + nulled,
      warnings: [...report.warnings, ...notes, ...warnings],
    },
  };
}

/** What an append needs to know of the rows before. */
interface CsvSourceResume {
  csv: CsvResume;
  /** Of the values that the encoder could not keep. */
  nulled: number;
  warnings: Finding[];
}

async function openBase(base: AppendBase) {
  const { encoding, source } = await readResume(base);
  const { csv, nulled, warnings } = source as CsvSourceResume;
  return { encoding, resume: csv, last: { encoding, nulled, warnings } };
}
