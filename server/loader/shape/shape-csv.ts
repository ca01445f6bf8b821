import type { CsvQuery } from '../csv/load-csv.js';
import type { Database } from '../database.js';
import type { DatasetSource } from '../source.js';
import { shapeQuery, type ShapedQuery } from './shape-query.js';

/** As `shapeQuery`, of a query that the reader of CSV made: it has given the said types and left out what is hidden. */
export function shapeCsv(
  database: Pick<Database, 'rows'>,
  { name, timeZone, strict }: DatasetSource,
  { sql, columns }: Pick<CsvQuery, 'sql' | 'columns'>,
): Promise<ShapedQuery> {
  return shapeQuery(
    database,
    { name, strict, ...(timeZone === undefined ? {} : { timeZone }) },
    sql,
    columns,
  );
}
