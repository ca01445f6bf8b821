import { resolve } from 'node:path';
import { HalftoneError } from '../../errors.js';
import { readingOf } from '../reading.js';
import type { MakeSource } from './kind.js';

/** A table of a DuckDB file, or what a query to it gives. */
export const duckdbSource: MakeSource<'duckdb'> = (dataset, { name, references: { dir } }) => {
  const { duckdb: file, query, table } = dataset;
  if ((query === undefined) === (table === undefined)) {
    throw new HalftoneError(
      'SOURCE_INVALID',
      `"${name}" needs either a query or a table of its DuckDB file.`,
      { hint: 'Write query: "SELECT …" or table: NAME.' },
    );
  }
  return {
    name,
    kind: 'duckdb',
    files: [resolve(dir, file)],
    united: false,
    csv: {},
    strict: false,
    duckdb: query === undefined ? { table: table! } : { query },
    ...readingOf(dataset),
  };
};
