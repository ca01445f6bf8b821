import type { DataType, Field } from 'apache-arrow';
import type { Finding } from '../../../protocol/dataset.js';
import { HalftoneError } from '../../errors.js';
import { NotAnAppend } from '../append/not-an-append.js';
import { MAX_COLUMNS } from '../limits.js';
import { uniqueNames } from '../names.js';
import { toRefusal } from '../refusal.js';
import { checkHidden, isHidden } from '../shape/hidden.js';
import type { DatasetSource } from '../source.js';
import { NotDays, refusing } from './arrow-fault.js';
import { openArrow, type ArrowFile } from './arrow-file.js';
import { columnOf, type ArrowColumn } from './column-type.js';
import { uniteArrow, type UnitedArrowColumn } from './unite-arrow.js';

/** The files of a source and what they are together. */
export interface OpenTables {
  files: readonly ArrowFile[];
  columns: readonly UnitedArrowColumn[];
  warnings: Finding[];
  rowsTotal: number;
}

/**
 * Opens the files of a source for `read`, and closes them. It is called once more where days turn out to be times: that is known
 * only when the values are read.
 */
export async function withArrowTables<T>(
  source: DatasetSource,
  read: (tables: OpenTables) => Promise<T>,
): Promise<T> {
  refuseSaid(source);
  const files: ArrowFile[] = [];
  try {
    for (const path of source.files) files.push(openArrow(path));
    const rowsTotal = files.reduce((sum, { rows }) => sum + rows, 0);
    const attempt = (asTimes: ReadonlySet<string>): Promise<T> => {
      const described = files.map((file) => columnsOf(file, asTimes));
      const all = uniteArrow(source, described);
      checkHidden(
        source,
        all.map(({ name }) => name),
      );
      const columns = all.filter(({ name }) => !isHidden(source, name));
      refuseWide(columns.length, source.name);
      return read({ files, columns, warnings: warningsOf(files, described), rowsTotal });
    };
    return await attempt(new Set()).catch((error: unknown) => {
      if (!(error instanceof NotDays)) throw error;
      return attempt(new Set(files.flatMap(({ schema }) => schema.fields.map(({ name }) => name))));
    });
  } catch (error) {
    if (error instanceof NotAnAppend) throw error;
    throw toRefusal(
      error,
      'SOURCE_CORRUPT',
      source.files.length === 1 ? source.files[0] : undefined,
    );
  } finally {
    for (const file of files) file.close();
  }
}

/** The names of an Arrow file's columns, without a look at its batches' values. */
export function arrowColumnNames(path: string): string[] {
  const file = openArrow(path);
  file.close();
  return uniqueNames(file.schema.fields.map(({ name }) => name));
}

/** What becomes of the columns of a file. */
function columnsOf(
  { name: file, schema }: ArrowFile,
  asTimes: ReadonlySet<string>,
): (ArrowColumn & { arrow: DataType })[] {
  refuseWide(schema.fields.length, file);
  const names = uniqueNames(schema.fields.map(({ name }) => name));
  return schema.fields.map((field: Field, i) => {
    const column = refusing(file, `column "${names[i]}"`, () =>
      columnOf(field, asTimes.has(field.name)),
    );
    return { ...column, name: names[i]!, arrow: field.type as DataType };
  });
}

/** An Arrow file says its types itself, and its zones. */
function refuseSaid({ name, types, timeZone }: DatasetSource): void {
  if (types === undefined && timeZone === undefined) return;
  const what = types === undefined ? 'a time zone' : 'types';
  throw new HalftoneError(
    'SOURCE_INVALID',
    `"${name}" is given ${what}, but Arrow files have their own.`,
    { hint: 'Leave it out, or write the file as Parquet.' },
  );
}

function refuseWide(columns: number, name: string): void {
  if (columns <= MAX_COLUMNS) return;
  throw new HalftoneError(
    'SOURCE_TOO_WIDE',
    `${name} has ${columns} columns; at most ${MAX_COLUMNS} can be loaded.`,
    { hint: 'Write a file of those that you need.' },
  );
}

function warningsOf(
  files: readonly ArrowFile[],
  described: readonly (readonly ArrowColumn[])[],
): Finding[] {
  const names = { s: 'seconds', ms: 'milliseconds', us: 'microseconds', ns: 'nanoseconds' };
  return files.flatMap(({ name: file, warnings }, i) => [
    ...warnings,
    ...described[i]!.flatMap(({ name: column, durationUnit }) => {
      if (durationUnit === undefined) return [];
      const unit = names[durationUnit];
      const message = `${file}: the durations of column "${column}" are numbers of ${unit} here.`;
      return [{ code: 'ARROW_DURATION', message, file, column }];
    }),
  ]);
}
