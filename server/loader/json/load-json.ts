import { HalftoneError } from '../../errors.js';
import { openLoadDatabase, type LoadContext, type LoadOutcome } from '../context.js';
import { fileList } from '../database.js';
import { describeQuery } from '../describe.js';
import { pullQuery } from '../pull.js';
import { toRefusal } from '../refusal.js';
import type { DatasetSource } from '../source.js';
import { unitedOptions } from '../united.js';

/** Loads JSON lines (also gzipped), or a JSON array of objects: one object a row, their keys the columns. */
export async function loadJson(context: LoadContext): Promise<LoadOutcome> {
  const { source, signal, bytesTotal } = context;
  const { files } = source;
  const database = await openLoadDatabase(context, files);
  try {
    // Counted by another reader: it finds the objects, and does not look into them.
    const [counted] = await database.rows(
      `SELECT count(*) AS objects FROM read_json_objects(${fileList(files)})`,
    );
    const rowsTotal = Number(counted!['objects']);
    const sql = jsonQuery(source);
    const { rows, columns, segments, nulled, warnings } = await pullQuery({
      database,
      sql,
      columns: await describeQuery(database, sql, source.name),
      dir: context.dir,
      expectedRows: () => Promise.resolve(rowsTotal),
      onRows: (done) =>
        context.onProgress({
          stage: 'reading',
          rows: done,
          rowsTotal,
          bytes: rowsTotal === 0 ? bytesTotal : Math.round((bytesTotal * done) / rowsTotal),
          bytesTotal,
        }),
      signal,
    });
    return {
      rows,
      columns,
      segments,
      report: { lines: rows, rows, setAside: 0, nulled, warnings, findings: [] },
    };
  } catch (error) {
    const message = error instanceof Error ? error.message : '';
    const named = files.find((file) => message.includes(file));
    throw toRefusal(rightLine(error), 'SOURCE_CORRUPT', files.length === 1 ? files[0] : named);
  }
}

/** DuckDB 1.5.5 counts the line of a malformed object one too far (a fault in line 2 is told as line 3). */
function rightLine(error: unknown): unknown {
  if (!(error instanceof Error) || error instanceof HalftoneError) return error;
  const message = error.message.replace(
    /in (line|record\/value) (\d+)/,
    (_, _what, line: string) => `in line ${Number(line) - 1}`,
  );
  return new Error(message, { cause: error });
}

/** The SELECT that gives the rows of the files; columns and types are taken from all rows, or from the first ones. */
export function jsonQuery(
  { files, root, united }: Pick<DatasetSource, 'files' | 'root' | 'united'>,
  from: 'all' | 'sample' = 'all',
): string {
  const size = from === 'all' ? 'sample_size = -1, ' : '';
  const read = (more: string) => `read_json(${fileList(files)}, ${size}records = true${more})`;
  if (!united) return `SELECT * FROM ${read(', hive_partitioning = false')}`;
  const { options, select } = unitedOptions(files, root);
  return `SELECT ${select} FROM ${read(`, ${options}`)}`;
}
