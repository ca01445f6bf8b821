import { join } from 'node:path';
import { canonicalJson } from '../../../protocol/canonical.js';
import { HalftoneError } from '../../errors.js';
import type { AppendBase } from '../append/append-base.js';
import { checkColumns } from '../append/check-columns.js';
import { NotAnAppend } from '../append/not-an-append.js';
import { readResume, resumedEncoding, writeResume } from '../append/resume-file.js';
import { openLoadDatabase, type LoadContext, type LoadOutcome } from '../context.js';
import { fileList, type Database } from '../database.js';
import { describeQuery } from '../describe.js';
import type { ResumedEncoding } from '../encode/messages.js';
import { pullQuery } from '../pull.js';
import { isInternal, toRefusal } from '../refusal.js';
import { shapeQuery, type ShapedQuery } from '../shape/shape-query.js';
import type { DatasetSource } from '../source.js';
import { unitedOptions } from '../united.js';
import { mendJsonLines } from './mend-json.js';
import {
  endOfLines,
  foundColumns,
  tailQuery,
  takeLines,
  type EndOfLines,
  type JsonResume,
} from './resume-json.js';

/**
 * Loads JSON lines (also gzipped), or a JSON array of objects: one object a row, their keys the columns. Lines that are no
 * objects are set aside, counted and listed, in a file that is loaded alone and not strictly.
 */
export async function loadJson(context: LoadContext): Promise<LoadOutcome> {
  const { source, signal, tempDir, base } = context;
  if (base !== undefined) return loadTail(context, base);
  const { files, united, strict } = source;
  const database = await openLoadDatabase(context, files);
  try {
    const pulled = await pullJson(context, database, source);
    return {
      ...pulled,
      report: { ...pulled.report, lines: pulled.rows, setAside: 0, findings: [] },
    };
  } catch (error) {
    const refusal = refusalOf(error, files);
    if (refusal.code !== 'SOURCE_CORRUPT' || united || strict || isInternal(error)) throw refusal;
    const copy = join(tempDir, 'objects.jsonl');
    const mended = await mendJsonLines(files[0]!, copy, signal).catch(() => undefined);
    signal.throwIfAborted();
    if (mended === undefined || mended.setAside === 0) throw refusal;
    const { lines, setAside, findings, warnings } = mended;
    const once = { ...context, isResumable: false };
    const pulled = await pullJson(once, database, { files: [copy], united: false }).catch(() => {
      throw refusal;
    });
    if (pulled.rows !== mended.rows) throw refusal;
    const noted = [...warnings, ...pulled.report.warnings];
    return { ...pulled, report: { ...pulled.report, lines, setAside, findings, warnings: noted } };
  }
}

/** Loads what came behind the base: the lines behind those of its file, or the files behind its files. */
async function loadTail(context: LoadContext, base: AppendBase): Promise<LoadOutcome> {
  const { files } = context.source;
  const kept = await readResume(base);
  const before = kept.source as JsonResume;
  const { read, whole } =
    before.end === undefined
      ? { read: newFiles(context.source, base), whole: before }
      : newLines(context, { ...before, end: before.end });
  const encoding = await resumedEncoding(base, kept);
  const database = await openLoadDatabase(context, files);
  const { report, ...pulled } = await pullJson(context, database, read, whole, encoding).catch(
    (error: unknown) => {
      if (error instanceof NotAnAppend) throw error;
      // What DuckDB says names the copy. A load of everything finds the line, and names the file.
      throw new NotAnAppend('what came cannot be read as lines of objects.');
    },
  );
  const rows = base.rows + pulled.rows;
  return {
    ...pulled,
    rows,
    isAppend: true,
    report: { ...report, rows, lines: rows, setAside: 0, findings: [] },
  };
}

interface Tail {
  read: Pick<DatasetSource, 'files' | 'root' | 'united'>;
  /** What is known of everything, with the tail. */
  whole: JsonResume;
}

function newLines(
  { source: { files }, tempDir, signal }: LoadContext,
  before: JsonResume & { end: EndOfLines },
): Tail {
  const tail = join(tempDir, 'tail.jsonl');
  const end = takeLines(before.end, files[0]!, tail, signal);
  return { read: { files: [tail], united: false }, whole: { ...before, end } };
}

function newFiles({ files, root }: DatasetSource, base: AppendBase): Tail['read'] {
  if (base.isLastChanged)
    throw new NotAnAppend('a file that has changed may be another one all over.');
  const read = files.slice(base.files);
  // What folders say is a column only where all of them say it.
  if (canonicalJson(unitedOptions(files, root)) !== canonicalJson(unitedOptions(read, root)))
    throw new NotAnAppend('the folders of the new files say something else than those before.');
  return { files: read, united: true, ...(root !== undefined && { root }) };
}

async function pullJson(
  context: LoadContext,
  database: Database,
  read: Pick<DatasetSource, 'files' | 'root' | 'united'>,
  behind?: JsonResume,
  resumed?: ResumedEncoding,
) {
  const { source, dir, signal, bytesTotal, isResumable = false } = context;
  // Counted by another reader: it finds the objects, and does not look into them.
  const [counted] = await database.rows(
    `SELECT count(*) AS objects FROM read_json_objects(${fileList(read.files)})`,
  );
  const rowsTotal = Number(counted!['objects']);
  const found = jsonQuery(read);
  const query =
    behind === undefined ? found : await tailQuery(database, behind.found, found, read.files[0]!);
  const described = await describeQuery(database, query, source.name);
  const shaped = await shapeQuery(database, source, query, described);
  if (behind !== undefined) {
    checkColumns(behind.columns, shaped.columns);
    if (shaped.nulled > 0)
      throw new NotAnAppend('values that do not fit are counted over all rows.');
  }
  const { rows, columns, segments, nulled, warnings, encoding } = await pullQuery({
    database,
    sql: shaped.sql,
    columns: shaped.columns,
    dir,
    expectedRows: () => Promise.resolve(rowsTotal),
    resumed,
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
  const resume =
    isResumable && shaped.nulled === 0
      ? (behind ?? (await resumeOf(database, found, source, shaped)))
      : undefined;
  return {
    rows,
    columns,
    segments,
    resume: resume && (await writeResume(dir, { encoding, source: resume })),
    report: {
      rows,
      nulled: nulled + shaped.nulled,
      warnings: [...(behind?.warnings ?? shaped.warnings), ...warnings],
    },
  };
}

/** What the next load goes on from, where one more file, or line behind these, can be told from other ones. */
async function resumeOf(
  database: Database,
  query: string,
  { files, united }: DatasetSource,
  { columns, warnings }: Pick<ShapedQuery, 'columns' | 'warnings'>,
): Promise<JsonResume | undefined> {
  const [file] = files as [string];
  const end = united ? undefined : endOfLines(file);
  if (!united && end === undefined) return undefined;
  const found = await foundColumns(database, query, file);
  return found && { found, columns, warnings, ...(end && { end }) };
}

function refusalOf(error: unknown, files: readonly string[]): HalftoneError {
  const message = error instanceof Error ? error.message : '';
  const named = files.find((file) => message.includes(file));
  return toRefusal(rightLine(error), 'SOURCE_CORRUPT', files.length === 1 ? files[0] : named);
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
