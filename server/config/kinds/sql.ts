import { readingOf } from '../reading.js';
import type { MakeSource } from './kind.js';

/** A SELECT over the files of other datasets. */
export const sqlSource: MakeSource<'sql'> = (dataset, { name, others }) => ({
  name,
  kind: 'sql',
  files: [],
  united: false,
  csv: {},
  strict: false,
  sql: { query: dataset.sql, inputs: others().filter((other) => mayName(dataset.sql, other.name)) },
  ...readingOf(dataset),
});

/** False where the query cannot mean the dataset. */
function mayName(query: string, name: string): boolean {
  return query.replaceAll('""', '"').toLowerCase().includes(name.toLowerCase());
}
