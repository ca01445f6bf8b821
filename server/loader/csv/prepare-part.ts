import { statSync } from 'node:fs';
import { basename, join } from 'node:path';
import { HalftoneError } from '../../errors.js';
import { nearest } from '../../nearest.js';
import { fileLabel, partitionsOf, type Partition } from '../sources/file-columns.js';
import type { CsvOptions, DatasetSource } from '../source.js';
import { detectCsv, type CsvDetection } from './detect-csv.js';
import { encodingName } from './encoding.js';
import { transcodeCsv } from './transcode-csv.js';

/** One file of a dataset, and where its bytes lie as plain UTF-8: in the file itself, or in a copy. */
export interface CsvPart {
  path: string;
  /** Base name, for sentences. */
  file: string;
  /** What it is called in the column `filename`. */
  label: string;
  partitions: Partition[];
  plainPath: string;
  plainBytes: number;
  /** As found, or as it was said. */
  encoding: string;
  detection: CsvDetection;
}

export interface PrepareOptions {
  /** Where copies go: `part-0.csv`, `part-1.csv` … */
  scratch: string;
  signal: AbortSignal;
  onBytes?: (bytes: number) => void;
  /** An encoding that the scan has found out; else it is said or detected. */
  encoding?: string;
}

/** Finds out how a file is to be read, and unpacks or converts it first where DuckDB could not read it as it is. */
export async function preparePart(
  source: DatasetSource,
  index: number,
  { scratch, signal, onBytes, encoding }: PrepareOptions,
): Promise<CsvPart> {
  const path = source.files[index]!;
  const part = {
    path,
    file: basename(path),
    label: fileLabel(source, path),
    partitions: source.united ? partitionsOf(source, path) : [],
  };
  const first = detectCsv(path, optionsFor(source, encoding));
  if (!first.gzip && first.encoding === 'utf-8') {
    const plainBytes = statSync(path).size;
    return { ...part, plainPath: path, plainBytes, encoding: 'utf-8', detection: first };
  }
  const plainPath = join(scratch, `part-${index}.csv`);
  const from = encoding ?? first.encoding;
  await transcodeCsv(path, plainPath, { gzip: first.gzip, encoding: from, signal, onBytes });
  // The whole text is there now: the types are guessed from all over it.
  const found = detectCsv(plainPath, { ...optionsFor(source), encoding: 'utf-8' });
  const name = from === 'utf-8-damaged' ? 'UTF-8' : encodingName(from);
  const message =
    from === 'utf-8-damaged'
      ? 'bytes that are not UTF-8 became "\uFFFD".'
      : `read as ${name} and converted to UTF-8.`;
  const noted =
    from === 'utf-8'
      ? []
      : [{ code: 'CSV_ENCODING', message: `${part.file}: ${message}`, file: part.file }];
  const renamed = found.warnings.map((warning) => ({
    ...warning,
    file: part.file,
    message: warning.message.replace(found.file, part.file),
  }));
  return {
    ...part,
    plainPath,
    plainBytes: statSync(plainPath).size,
    encoding: from === 'utf-8-damaged' ? 'utf-8' : from,
    detection: { ...found, file: part.file, warnings: [...noted, ...renamed] },
  };
}

/** Said types belong to the dataset: a file of several need not have all of its columns. */
function optionsFor({ csv, united }: DatasetSource, encoding?: string): CsvOptions {
  const { types, ...rest } = csv;
  const label = encoding === 'utf-8-damaged' ? 'utf-8' : encoding;
  return {
    ...rest,
    ...(types === undefined || united ? {} : { types }),
    ...(label === undefined ? {} : { encoding: label }),
  };
}

/** Refuses types that were said for columns that no file has. */
export function checkSaidTypes(source: DatasetSource, names: readonly string[]): void {
  for (const name of Object.keys(source.csv.types ?? {})) {
    if (names.includes(name)) continue;
    const near = nearest(name, names);
    const hint = near === undefined ? undefined : `Did you mean "${near}"?`;
    throw new HalftoneError(
      'SOURCE_INVALID',
      `"${source.name}" has no column "${name}" to give a type.`,
      { column: name, hint },
    );
  }
}
